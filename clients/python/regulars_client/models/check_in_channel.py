from typing import Literal

CheckInChannel = Literal[
    "APP", "COUNTER", "DELIVERY", "DRIVE_THRU", "KIOSK", "UNKNOWN", "WEB"
]

CHECK_IN_CHANNEL_VALUES: set[CheckInChannel] = {
    "APP",
    "COUNTER",
    "DELIVERY",
    "DRIVE_THRU",
    "KIOSK",
    "UNKNOWN",
    "WEB",
}


def check_check_in_channel(value: str) -> CheckInChannel:
    if value in CHECK_IN_CHANNEL_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {CHECK_IN_CHANNEL_VALUES!r}"
    )
