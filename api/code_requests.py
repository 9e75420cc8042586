"""What we take about codes of offers: lists, a code that is entered or used."""

from typing import Annotated, Any, Final

from pydantic import Field

from loyalty.limits import CODES_MAX
from schemas.event_bodies import Strict
from schemas.json_values import Id
from stores.code_lists_contract import CODES_AT_ONCE_MAX

CODE_LENGTH_MAX: Final = 64
# ASCII, with more than spaces and dashes.
CODE_PATTERN: Final = r"^[ -~]*[!-,.-~][ -~]*$"
UPLOAD: Final[dict[str, Any]] = {"first": 0, "codes": ["AB-1201", "AB-1202"]}
ENTER: Final[dict[str, Any]] = {"code": "SUMMER10"}
REDEEM: Final[dict[str, Any]] = {
    "code": "7QK2-MX0B-4ZRD-9T1C",
    "member_id": "household-900",
    "store_id": "soho",
}
Code = Annotated[
    str,
    Field(
        min_length=1,
        max_length=CODE_LENGTH_MAX,
        pattern=CODE_PATTERN,
        description="ASCII; spaces, dashes and capitals make no difference.",
    ),
]


class CodesIn(Strict):
    """A part of a pool's list: its codes have the numbers from `first` on."""

    model_config = Strict.shown(UPLOAD)

    first: Annotated[int, Field(strict=True, ge=0, le=CODES_MAX - 1)] = 0
    codes: Annotated[list[Code], Field(min_length=1, max_length=CODES_AT_ONCE_MAX)]


class EnteredIn(Strict):
    """A code that many have: the member gets its offer."""

    model_config = Strict.shown(ENTER)

    code: Code


class CodeUseIn(Strict):
    """A code of a pool that is used now, and who shows it if that is known."""

    model_config = Strict.shown(REDEEM)

    code: Code
    member_id: Id | None = None
    store_id: Id | None = None
