from typing import Literal

LineInKind = Literal["DELIVERY", "FEE", "GIFT_CARD", "ITEM", "TIP"]

LINE_IN_KIND_VALUES: set[LineInKind] = {
    "DELIVERY",
    "FEE",
    "GIFT_CARD",
    "ITEM",
    "TIP",
}


def check_line_in_kind(value: str) -> LineInKind:
    if value in LINE_IN_KIND_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {LINE_IN_KIND_VALUES!r}"
    )
