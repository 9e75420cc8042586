from typing import Literal

TillWantedInChannelType0 = Literal[
    "APP", "COUNTER", "DELIVERY", "DRIVE_THRU", "KIOSK", "UNKNOWN", "WEB"
]

TILL_WANTED_IN_CHANNEL_TYPE_0_VALUES: set[TillWantedInChannelType0] = {
    "APP",
    "COUNTER",
    "DELIVERY",
    "DRIVE_THRU",
    "KIOSK",
    "UNKNOWN",
    "WEB",
}


def check_till_wanted_in_channel_type_0(value: str) -> TillWantedInChannelType0:
    if value in TILL_WANTED_IN_CHANNEL_TYPE_0_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {TILL_WANTED_IN_CHANNEL_TYPE_0_VALUES!r}"
    )
