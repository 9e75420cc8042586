from typing import Literal

CodePoolOutRedeemBy = Literal["anyone", "holder"]

CODE_POOL_OUT_REDEEM_BY_VALUES: set[CodePoolOutRedeemBy] = {
    "anyone",
    "holder",
}


def check_code_pool_out_redeem_by(value: str) -> CodePoolOutRedeemBy:
    if value in CODE_POOL_OUT_REDEEM_BY_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {CODE_POOL_OUT_REDEEM_BY_VALUES!r}"
    )
