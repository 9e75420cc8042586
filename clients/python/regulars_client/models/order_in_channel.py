from typing import Literal

OrderInChannel = Literal[
    "APP", "COUNTER", "DELIVERY", "DRIVE_THRU", "KIOSK", "UNKNOWN", "WEB"
]

ORDER_IN_CHANNEL_VALUES: set[OrderInChannel] = {
    "APP",
    "COUNTER",
    "DELIVERY",
    "DRIVE_THRU",
    "KIOSK",
    "UNKNOWN",
    "WEB",
}


def check_order_in_channel(value: str) -> OrderInChannel:
    if value in ORDER_IN_CHANNEL_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {ORDER_IN_CHANNEL_VALUES!r}"
    )
