"""What we answer about pools of codes."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from loyalty.code_pools import CodePool


class CodePoolOut(BaseModel):
    """A pool in force; `uploaded` counts its list, 0 where codes are generated."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "pool_id": "spring",
                    "codes": 1000,
                    "kind": "uploaded",
                    "redeem_by": "holder",
                    "uploaded": 400,
                }
            ]
        }
    )

    pool_id: str
    codes: int
    kind: Literal["generated", "uploaded"]
    redeem_by: Literal["holder", "anyone"]
    uploaded: int


class CodesOut(BaseModel):
    """A part of a pool's codes by number; null is one that is not uploaded yet."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"first": 0, "codes": ["7QK2-MX0B-4ZRD-9T1C"], "next": None}]
        }
    )

    first: int
    codes: list[str | None]
    next: int | None


def pool_out(pool: CodePool, uploaded: int) -> CodePoolOut:
    """A pool as the API shows it."""
    return CodePoolOut.model_validate({**pool._asdict(), "uploaded": uploaded})
