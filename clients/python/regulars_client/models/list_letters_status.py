from typing import Literal

ListLettersStatus = Literal["all", "discarded", "open", "redriven"]

LIST_LETTERS_STATUS_VALUES: set[ListLettersStatus] = {
    "all",
    "discarded",
    "open",
    "redriven",
}


def check_list_letters_status(value: str) -> ListLettersStatus:
    if value in LIST_LETTERS_STATUS_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {LIST_LETTERS_STATUS_VALUES!r}"
    )
