"""What a settlement needs, and what it is made of."""

from collections.abc import Callable
from typing import NamedTuple, Protocol

from loyalty.budget_books import Lease, Owner
from loyalty.budgets import FindBudget
from loyalty.decision import Decision, Duplicate, Refusal
from loyalty.events import MemberEvent
from loyalty.member import Member
from loyalty.program import Programs
from loyalty.trail import Trail

Account = Lease | Owner


class Decide(Protocol):
    """The rules, as `loyalty.decide` has them."""

    def __call__(
        self, member: Member, event: MemberEvent, programs: Programs, *, member_id: str
    ) -> Decision | Duplicate | Refusal:
        """Judge one event of one member."""


class DecideOnward(Protocol):
    """The same for who folds one member's events, one after the other."""

    def __call__(
        self,
        member: Member,
        event: MemberEvent,
        programs: Programs,
        *,
        member_id: str,
        trail: Trail | None = None,
    ) -> Decision | Duplicate | Refusal:
        """Judge one event of one member; a trail only makes it quicker."""


class Rules(NamedTuple):
    """By what a record is judged, and in which partition."""

    partition: int
    decide: Decide
    programs: Programs
    find_budget: FindBudget


class Known(NamedTuple):
    """Members and accounts as they stand before the record."""

    member: Callable[[str], Member]
    account: Callable[[str], Account | None]


class Step(NamedTuple):
    """One member's decision about one event."""

    member_id: str
    event: MemberEvent
    decision: Decision
