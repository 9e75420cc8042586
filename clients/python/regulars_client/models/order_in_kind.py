from typing import Literal

OrderInKind = Literal["ADJUSTED", "CANCELLED", "PLACED", "REFUNDED"]

ORDER_IN_KIND_VALUES: set[OrderInKind] = {
    "ADJUSTED",
    "CANCELLED",
    "PLACED",
    "REFUNDED",
}


def check_order_in_kind(value: str) -> OrderInKind:
    if value in ORDER_IN_KIND_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {ORDER_IN_KIND_VALUES!r}"
    )
