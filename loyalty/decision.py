"""What a decision says: the member after it, and everything that it moved."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from loyalty.budgets import Claim, Release
from loyalty.events import Command
from loyalty.member import Member
from loyalty.messages import Message

EARN: Final = "EARN"
BURN: Final = "BURN"
EXPIRE: Final = "EXPIRE"
REVERSE: Final = "REVERSE"
ADJUST: Final = "ADJUST"
TRANSFER: Final = "TRANSFER"
HOLD: Final = "HOLD"
RELEASE: Final = "RELEASE"
PAY_DEBT: Final = "PAY_DEBT"
REINSTATE: Final = "REINSTATE"
# What a late order or a return changes of what was decided meanwhile.
CORRECT: Final = "CORRECT"
# Points that go to another member with all else, and those that come back.
MERGE: Final = "MERGE"
UNMERGE: Final = "UNMERGE"

GRANTED: Final = "GRANTED"
WITHDRAWN: Final = "WITHDRAWN"
WITHHELD: Final = "WITHHELD"
NO_MESSAGES: Final[tuple[Message, ...]] = ()


class LedgerEntry(NamedTuple):
    """One movement of points, signed; `entry_id` is the same in each replay."""

    entry_id: str
    kind: str
    points: int
    lot_id: str
    order_id: str
    line_id: str
    rule_id: str
    rule_version: int
    occurred_at: int
    balance_after: int
    wallet: str = "points"
    reference: str = ""


class OfferEvent(NamedTuple):
    """Something that happened to an offer, and why."""

    offer_id: str
    kind: str
    reason: str


class TriggerEvent(NamedTuple):
    """An engagement trigger that fired, and why."""

    trigger_id: str
    reason: str


class Happening(NamedTuple):
    """Something worth telling that moves no points: a badge, a streak, a tier."""

    kind: str
    what: str
    why: str


class Forward(NamedTuple):
    """
    A member who has to judge an event instead, as one of a merge.

    `is_final` goes to who keeps the books of an order: it stays there.
    """

    member_id: str
    is_final: bool


class Decision(NamedTuple):
    """
    An event was applied: the member has a new version.

    A command that asked for what cannot be has a `refusal` (a stable code) and
    moved nothing, but that the refusal of a stock gives back what was held for
    it; `result` is what its sender is told. `outbox` holds commands to other
    members, with ids that are the same in each replay; `claims` and `releases`
    go to budgets. With `forward` the event itself goes to another member.
    """

    member: Member
    entries: tuple[LedgerEntry, ...]
    offer_events: tuple[OfferEvent, ...]
    triggers: tuple[TriggerEvent, ...]
    tier_before: str
    tier_after: str
    why: str
    outbox: tuple[Command, ...] = ()
    claims: tuple[Claim, ...] = ()
    releases: tuple[Release, ...] = ()
    result: Mapping[str, str | int | bool] | None = None
    refusal: str = ""
    messages: tuple[Message, ...] = NO_MESSAGES
    forward: Forward | None = None


class Duplicate(NamedTuple):
    """The event repeats what is known: nothing changes."""

    detail: str


class Refusal(NamedTuple):
    """The event cannot be judged: `reason` is a stable code, nothing changes."""

    reason: str
    detail: str
