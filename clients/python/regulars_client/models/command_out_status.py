from typing import Literal

CommandOutStatus = Literal["done", "pending", "refused"]

COMMAND_OUT_STATUS_VALUES: set[CommandOutStatus] = {
    "done",
    "pending",
    "refused",
}


def check_command_out_status(value: str) -> CommandOutStatus:
    if value in COMMAND_OUT_STATUS_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {COMMAND_OUT_STATUS_VALUES!r}"
    )
