from typing import Literal

MarkInState = Literal["dismissed", "read"]

MARK_IN_STATE_VALUES: set[MarkInState] = {
    "dismissed",
    "read",
}


def check_mark_in_state(value: str) -> MarkInState:
    if value in MARK_IN_STATE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {MARK_IN_STATE_VALUES!r}"
    )
