from typing import Literal

CodePoolOutKind = Literal["generated", "uploaded"]

CODE_POOL_OUT_KIND_VALUES: set[CodePoolOutKind] = {
    "generated",
    "uploaded",
}


def check_code_pool_out_kind(value: str) -> CodePoolOutKind:
    if value in CODE_POOL_OUT_KIND_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {CODE_POOL_OUT_KIND_VALUES!r}"
    )
