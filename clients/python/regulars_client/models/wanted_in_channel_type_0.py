from typing import Literal

WantedInChannelType0 = Literal[
    "APP", "COUNTER", "DELIVERY", "DRIVE_THRU", "KIOSK", "UNKNOWN", "WEB"
]

WANTED_IN_CHANNEL_TYPE_0_VALUES: set[WantedInChannelType0] = {
    "APP",
    "COUNTER",
    "DELIVERY",
    "DRIVE_THRU",
    "KIOSK",
    "UNKNOWN",
    "WEB",
}


def check_wanted_in_channel_type_0(value: str) -> WantedInChannelType0:
    if value in WANTED_IN_CHANNEL_TYPE_0_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {WANTED_IN_CHANNEL_TYPE_0_VALUES!r}"
    )
