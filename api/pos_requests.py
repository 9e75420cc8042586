"""What tills send: one transaction, of one of five types."""

from typing import Annotated, Any, Final, Literal

from pydantic import ConfigDict, Field

from api import pos_examples as examples
from api.code_requests import Code
from api.command_requests import ONE_WANTED, WantedIn
from loyalty.limits import APPLIED_MAX, LINES_MAX
from schemas.event_bodies import Channel, LineIn, Strict
from schemas.json_values import Id, Minor, Moment

BATCH_MAX: Final = 100
CONTACT_LENGTH_MAX: Final = 800
TransactionId = Annotated[
    Id,
    Field(description="The till's own, for good: a repeat repeats all."),
]


Kind = Literal["member_id", "phone", "email", "card", "code"]


class IdentifyIn(Strict):
    """Who the guest is; `code` is what the member's app shows, digits or QR text."""

    by: Kind
    value: Annotated[str, Field(min_length=1, max_length=CONTACT_LENGTH_MAX)]


class CheckDiscountIn(Strict):
    """A discount of the whole check; those of one item are that item's."""

    amount_minor: Minor
    code: Id | None = None
    offer_id: Id | None = None
    transaction_id: Annotated[
        Id | None, Field(description="LOYALTY_REDEEM that it comes from, if it does.")
    ] = None


class CheckIn(Strict):
    """A check as it stands; `check_id` is the store's own, for good."""

    check_id: Id
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    channel: Channel = "COUNTER"
    items: Annotated[list[LineIn], Field(max_length=LINES_MAX)]
    discounts: Annotated[
        list[CheckDiscountIn], Field(default_factory=list, max_length=APPLIED_MAX)
    ]
    tax_minor: Minor = 0
    total_minor: Annotated[Minor, Field(description="What was paid, tips included.")]


class _TransactionIn(Strict):
    transaction_id: TransactionId
    store_id: Id


class SearchIn(_TransactionIn):
    """Who is this? Nothing changes."""

    model_config = Strict.shown(examples.SEARCH)

    type: Literal["LOYALTY_SEARCH"]
    identify: IdentifyIn
    check_id: Id | None = None


class InquireIn(_TransactionIn):
    """What may this member have, and what would the check earn? Nothing changes."""

    model_config = Strict.shown(examples.INQUIRE)

    type: Literal["LOYALTY_INQUIRE"]
    identify: IdentifyIn
    check: CheckIn | None = None


# With a code, nothing else is wanted.
_NO_CODE: Final[dict[str, Any]] = {"code": {"type": "null"}}
_A_CODE: Final[dict[str, Any]] = {
    "required": ["code"],
    "properties": {
        "code": {"not": {"type": "null"}},
        "partial": {"const": False},
        **{
            name: {"type": "null"}
            for name in ("points", "reward_id", "amount_minor", "points_max", "wallet")
        },
    },
}
_TILL_WANTED: Final[dict[str, Any]] = {
    "oneOf": [
        *(one | {"properties": one["properties"] | _NO_CODE} for one in ONE_WANTED),
        _A_CODE,
    ]
}


class TillWantedIn(WantedIn):
    """A redemption, or a code of an offer: the guest's, or one that anyone may use."""

    model_config = ConfigDict(json_schema_extra=_TILL_WANTED)

    code: Code | None = None

    def check_one(self) -> None:
        """Refuse what names none, or more than one; raises ValueError."""
        if self.code is None:
            super().check_one()
            return
        named = (self.points, self.reward_id, self.amount_minor, self.points_max)
        if any(value is not None for value in (*named, self.wallet)) or self.partial:
            raise ValueError("with a code, nothing else is wanted")


class RedeemIn(_TransactionIn):
    """Use points, take a reward, or use a code of an offer, for a check."""

    model_config = Strict.shown(examples.REDEEM)

    type: Literal["LOYALTY_REDEEM"]
    identify: IdentifyIn
    redeem: TillWantedIn
    check_id: Id | None = None


class AccrueIn(_TransactionIn):
    """A check is paid: let it earn."""

    model_config = Strict.shown(examples.ACCRUE)

    type: Literal["LOYALTY_ACCRUE"]
    identify: IdentifyIn
    check: CheckIn
    occurred_at: Annotated[
        Moment | None, Field(description="When it was paid; now, unless it is late.")
    ] = None


class ReverseIn(_TransactionIn):
    """Undo an earlier LOYALTY_REDEEM or LOYALTY_ACCRUE of this client."""

    model_config = Strict.shown(examples.REVERSE)

    type: Literal["LOYALTY_REVERSE"]
    reverses: Id


WriteIn = RedeemIn | AccrueIn | ReverseIn
AnyIn = SearchIn | InquireIn | WriteIn
TransactionIn = Annotated[AnyIn, Field(discriminator="type")]


class BatchIn(Strict):
    """What a till did while it was offline, in its order."""

    model_config = Strict.shown(examples.BATCH)

    transactions: Annotated[
        list[Annotated[WriteIn, Field(discriminator="type")]],
        Field(min_length=1, max_length=BATCH_MAX),
    ]
