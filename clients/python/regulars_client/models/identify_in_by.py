from typing import Literal

IdentifyInBy = Literal["card", "code", "email", "member_id", "phone"]

IDENTIFY_IN_BY_VALUES: set[IdentifyInBy] = {
    "card",
    "code",
    "email",
    "member_id",
    "phone",
}


def check_identify_in_by(value: str) -> IdentifyInBy:
    if value in IDENTIFY_IN_BY_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {IDENTIFY_IN_BY_VALUES!r}"
    )
