from typing import Literal

ReservationInChannelType0 = Literal[
    "APP", "COUNTER", "DELIVERY", "DRIVE_THRU", "KIOSK", "UNKNOWN", "WEB"
]

RESERVATION_IN_CHANNEL_TYPE_0_VALUES: set[ReservationInChannelType0] = {
    "APP",
    "COUNTER",
    "DELIVERY",
    "DRIVE_THRU",
    "KIOSK",
    "UNKNOWN",
    "WEB",
}


def check_reservation_in_channel_type_0(value: str) -> ReservationInChannelType0:
    if value in RESERVATION_IN_CHANNEL_TYPE_0_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {RESERVATION_IN_CHANNEL_TYPE_0_VALUES!r}"
    )
