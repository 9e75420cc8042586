"""The plainest way to run events through the rules: one after the other."""

from collections.abc import Iterable
from typing import NamedTuple

from loyalty.decide import decide
from loyalty.decision import Decision, Duplicate, LedgerEntry, Refusal
from loyalty.events import MemberEvent
from loyalty.member import NEW_MEMBER, Member, balance_of
from loyalty.program import Program


class Folded(NamedTuple):
    """Where a member ends, and all that happened on the way."""

    member: Member
    outcomes: tuple[Decision | Duplicate | Refusal, ...]

    @property
    def balance(self) -> int:
        """Points that can be used."""
        return balance_of(self.member.lots)

    @property
    def entries(self) -> list[LedgerEntry]:
        """All ledger entries, in order."""
        return [
            entry
            for outcome in self.outcomes
            if isinstance(outcome, Decision)
            for entry in outcome.entries
        ]


def fold(
    events: Iterable[MemberEvent], program: Program, member: Member = NEW_MEMBER
) -> Folded:
    """Decide events in order for one member."""
    outcomes = []
    for event in events:
        outcome = decide(member, event, program, member_id="member-1")
        if isinstance(outcome, Decision):
            member = outcome.member
        outcomes.append(outcome)
    return Folded(member, tuple(outcomes))
