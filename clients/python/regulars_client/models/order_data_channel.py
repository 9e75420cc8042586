from typing import Literal

OrderDataChannel = Literal[
    "APP", "COUNTER", "DELIVERY", "DRIVE_THRU", "KIOSK", "UNKNOWN", "WEB"
]

ORDER_DATA_CHANNEL_VALUES: set[OrderDataChannel] = {
    "APP",
    "COUNTER",
    "DELIVERY",
    "DRIVE_THRU",
    "KIOSK",
    "UNKNOWN",
    "WEB",
}


def check_order_data_channel(value: str) -> OrderDataChannel:
    if value in ORDER_DATA_CHANNEL_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {ORDER_DATA_CHANNEL_VALUES!r}"
    )
