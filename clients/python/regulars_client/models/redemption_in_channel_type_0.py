from typing import Literal

RedemptionInChannelType0 = Literal[
    "APP", "COUNTER", "DELIVERY", "DRIVE_THRU", "KIOSK", "UNKNOWN", "WEB"
]

REDEMPTION_IN_CHANNEL_TYPE_0_VALUES: set[RedemptionInChannelType0] = {
    "APP",
    "COUNTER",
    "DELIVERY",
    "DRIVE_THRU",
    "KIOSK",
    "UNKNOWN",
    "WEB",
}


def check_redemption_in_channel_type_0(value: str) -> RedemptionInChannelType0:
    if value in REDEMPTION_IN_CHANNEL_TYPE_0_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {REDEMPTION_IN_CHANNEL_TYPE_0_VALUES!r}"
    )
