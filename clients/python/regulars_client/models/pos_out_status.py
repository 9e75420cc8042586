from typing import Literal

PosOutStatus = Literal["accepted", "rejected", "unknown"]

POS_OUT_STATUS_VALUES: set[PosOutStatus] = {
    "accepted",
    "rejected",
    "unknown",
}


def check_pos_out_status(value: str) -> PosOutStatus:
    if value in POS_OUT_STATUS_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {POS_OUT_STATUS_VALUES!r}"
    )
