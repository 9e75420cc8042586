"""What tills are told."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, PlainSerializer

from api import pos_examples as examples
from api.estimate_responses import RewardOut
from api.member_codes import ShownCode
from api.responses import OfferOut, shown

Status = Literal["accepted", "rejected", "unknown"]
# What a transaction has nothing of is left out; but what it lists is as it is
# elsewhere, with all of its fields. Untyped: a type of its own would be documented.
AS_ELSEWHERE = PlainSerializer(
    lambda listed: listed and [one.model_dump() for one in listed]
)


class PosMemberOut(BaseModel):
    """A member as a till shows one: nothing personal."""

    member_id: str
    balance: int
    tier: str | None = None


class RedemptionOut(BaseModel):
    """
    What was used, and what it pays at the till (minor units).

    A code has an offer, and uses no points.
    """

    points: int
    wallet: str
    offer_id: str | None = None
    offer_name: str | None = None
    amount_minor: int | None = None
    reward_id: str | None = None


class AccrualOut(BaseModel):
    """What the check earned, or would; empty while the engine has not decided."""

    points: int | None = None
    pending: int | None = None


class PosOut(BaseModel):
    """What became of a transaction; `unknown` is to be sent again under its id."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [examples.ANSWER, examples.UNSURE]}
    )

    transaction_id: str
    type: str
    status: Status
    reason: str | None = None
    detail: str | None = None
    member: PosMemberOut | None = None
    redemption: RedemptionOut | None = None
    accrual: AccrualOut | None = None
    offers: Annotated[list[OfferOut] | None, AS_ELSEWHERE] = None
    rewards: Annotated[list[RewardOut] | None, AS_ELSEWHERE] = None

    @property
    def is_done(self) -> bool:
        """Whether it was done, and nothing is left to be known."""
        return self.status == "accepted"


class BatchOut(BaseModel):
    """An answer for each transaction, in their order."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.BATCH_ANSWER]})

    items: list[PosOut]


class CodeOut(BaseModel):
    """What a member shows at a till: digits to type, or a text for a QR code."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.CODE]})

    code: str
    qr: str
    renew_at: str
    expires_at: str


def code_out(code: ShownCode) -> CodeOut:
    """Code as the API shows it."""
    return CodeOut(
        code=code.digits,
        qr=code.qr,
        renew_at=shown(code.renew_at * 1_000),
        expires_at=shown(code.ends_at * 1_000),
    )
