"""One member's history, folded by both programs."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from loyalty.backtest.measures import Meter, Standing
from loyalty.decision import Decision, Duplicate, Refusal
from loyalty.events import MemberEvent, Tick
from loyalty.member import NEW_MEMBER, Member
from loyalty.program import Program, ProgramHistory, Programs
from loyalty.settling import Decide

# Ticks between two events: a member with more is one whose rules never rest.
TICKS_MAX: Final = 10_000


class Coupled(Exception):
    """A decision reaches other members or budgets: fold all of them in one order."""


class Plan(NamedTuple):
    """
    What is folded: two programs, and the range of event times [from_at, to_at).

    What happened before `from_at` is folded by the current program alone, so both
    sides start from the same members; `from_at` 0 starts both from nobody.
    """

    current: Programs
    candidate: Programs
    from_at: int
    to_at: int


def plan_of(
    current: Program, candidate: Program, *, from_at: int = 0, to_at: int
) -> Plan:
    """Plan in which the candidate comes into force at the start of the range."""
    if not from_at:
        return Plan(current, candidate, 0, to_at)
    version = max(candidate.version, current.version + 1)
    follower = replace(candidate, effective_from=from_at, version=version)
    # The current program holds from its own start, or it would come later.
    before = replace(current, effective_from=min(current.effective_from, from_at - 1))
    return Plan(current, ProgramHistory([before, follower]), from_at, to_at)


class Side:
    """One program and what its decisions come to; `meter` None counts nothing."""

    def __init__(self, decide: Decide, programs: Programs, meter: Meter | None) -> None:
        """Say by which rules."""
        self._decide = decide
        self._programs = programs
        self._meter = meter

    def fold(
        self, member_id: str, member: Member, events: Iterable[MemberEvent]
    ) -> Member:
        """
        Let a member take events in the order that they arrived, and time between.

        Raises: Coupled.
        """
        decide, programs, meter = self._decide, self._programs, self._meter
        for event in events:
            at = time_of(event)
            if 0 < member.next_due_at <= at:
                member = self.pass_time(member_id, member, at)
            verdict: Decision | Duplicate | Refusal
            try:
                verdict = decide(member, event, programs, member_id=member_id)
            # As in the engine: a rule that fails has changed nothing.
            except Exception as fault:  # noqa: BLE001 - counted, as a dead letter is
                verdict = Refusal("engine-fault", f"{type(fault).__name__}: {fault}")
            if isinstance(verdict, Decision):
                if verdict.outbox or verdict.claims or verdict.releases:
                    raise Coupled(f"{type(event).__name__} of {member_id}")
                if meter is not None:
                    meter.take(member_id, event, verdict, at=at)
                member = verdict.member
            elif meter is not None:
                meter.left_out(verdict)
        return member

    def pass_time(self, member_id: str, member: Member, at: int) -> Member:
        """
        Let everything become true that is due up to a time, each at its moment.

        Raises: Coupled.
        """
        for _ in range(TICKS_MAX):
            due_at = member.next_due_at
            if not 0 < due_at <= at:
                return member
            try:
                verdict = self._decide(
                    member, Tick(due_at), self._programs, member_id=member_id
                )
            except Exception:  # noqa: BLE001 - the engine leaves such a member due, too
                return member
            assert isinstance(verdict, Decision), "a tick is always applied"
            if verdict.outbox or verdict.claims or verdict.releases:
                raise Coupled(f"time passed for {member_id}")
            if self._meter is not None:
                self._meter.take(member_id, Tick(due_at), verdict, at=due_at)
            member = verdict.member
            if 0 < member.next_due_at <= due_at:
                return member
        return member


class Bench:
    """Both sides, for member after member."""

    def __init__(self, decide: Decide, plan: Plan) -> None:
        """Start with nothing counted."""
        self.current = Meter(plan.current.latest)
        self.candidate = Meter(plan.candidate.latest)
        self._plan = plan
        self._before = Side(decide, plan.current, None)
        self._sides = (
            Side(decide, plan.current, self.current),
            Side(decide, plan.candidate, self.candidate),
        )

    def fold(
        self, member_id: str, events: Sequence[MemberEvent]
    ) -> tuple[Standing, Standing] | None:
        """
        Fold one member's events, sorted as they arrived; None if none is in range.

        Raises: Coupled.
        """
        plan = self._plan
        inside = [one for one in events if time_of(one) < plan.to_at]
        if not inside:
            return None
        start = first_from(inside, plan.from_at)
        member = NEW_MEMBER
        if plan.from_at:
            member = self._before.fold(member_id, member, inside[:start])
            member = self._before.pass_time(member_id, member, plan.from_at - 1)
        ends = []
        for side in self._sides:
            folded = side.fold(member_id, member, inside[start:])
            ends.append(side.pass_time(member_id, folded, plan.to_at))
        return (
            self.current.standing(member_id, ends[0]),
            self.candidate.standing(member_id, ends[1]),
        )


def first_from(events: Sequence[MemberEvent], from_at: int) -> int:
    """Place of the first event that happened at a time or later."""
    for place, event in enumerate(events):
        if time_of(event) >= from_at:
            return place
    return len(events)


def time_of(event: MemberEvent) -> int:
    """When an event happened, ms since 1970."""
    return event.at if isinstance(event, Tick) else event.occurred_at
