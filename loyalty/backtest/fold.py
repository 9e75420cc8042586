"""One member's history, folded by both programs."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from loyalty.backtest.alike import Alike, alike_of, numbered_as
from loyalty.backtest.measures import Meter, Standing
from loyalty.decision import Decision, Duplicate, Refusal
from loyalty.events import MemberEvent, OrderEvent, Tick
from loyalty.member import NEW_MEMBER
from loyalty.program import Program, ProgramHistory, Programs
from loyalty.settling import DecideOnward
from loyalty.trail import KnownGains, Trail

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

    def __init__(
        self, decide: DecideOnward, programs: Programs, meter: Meter | None
    ) -> None:
        """Say by which rules."""
        self._decide = decide
        self._programs = programs
        self._meter = meter

    def fold(self, walk: "Walk", events: Iterable[MemberEvent]) -> None:
        """
        Let a member take events in the order that they arrived, and time between.

        Raises: Coupled.
        """
        for event in events:
            self.take(walk, event)

    def take(self, walk: "Walk", event: MemberEvent) -> None:
        """
        Let a member take an event, and the time before it.

        Raises: Coupled.
        """
        at = time_of(event)
        if 0 < walk.member.next_due_at <= at:
            self.pass_time(walk, at)
        verdict: Decision | Duplicate | Refusal
        try:
            verdict = self._judged(walk, event)
        # As in the engine: a rule that fails has changed nothing.
        except Exception as fault:  # noqa: BLE001 - counted, as a dead letter is
            verdict = Refusal("engine-fault", f"{type(fault).__name__}: {fault}")
        if isinstance(verdict, Decision):
            self._apply(walk, event, verdict, at=at)
        elif self._meter is not None:
            self._meter.left_out(verdict)

    def pass_time(self, walk: "Walk", at: int) -> None:
        """
        Let everything become true that is due up to a time, each at its moment.

        Raises: Coupled.
        """
        for _ in range(TICKS_MAX):
            due_at = walk.member.next_due_at
            if not 0 < due_at <= at:
                return
            tick = Tick(due_at)
            try:
                verdict = self._judged(walk, tick)
            except Exception:  # noqa: BLE001 - the engine leaves such a member due, too
                return
            assert isinstance(verdict, Decision), "a tick is always applied"
            self._apply(walk, tick, verdict, at=due_at)
            if 0 < walk.member.next_due_at <= due_at:
                return

    def _judged(
        self, walk: "Walk", event: MemberEvent
    ) -> Decision | Duplicate | Refusal:
        return self._decide(
            walk.member,
            event,
            self._programs,
            member_id=walk.member_id,
            trail=walk.trail,
        )

    def _apply(
        self, walk: "Walk", event: MemberEvent, decision: Decision, *, at: int
    ) -> None:
        if decision.outbox or decision.claims or decision.releases:
            raise Coupled(f"{type(event).__name__} of {walk.member_id}")
        if self._meter is not None:
            self._meter.take(walk.member_id, event, decision, at=at)
        walk.member = decision.member


class Walk:
    """One member on the way through its history."""

    __slots__ = ("member", "member_id", "trail")

    def __init__(self, member_id: str) -> None:
        """Begin with somebody new."""
        self.member_id = member_id
        self.member = NEW_MEMBER
        self.trail = Trail()

    def fork(self) -> "Walk":
        """Another way on from here."""
        other = Walk(self.member_id)
        other.member, other.trail = self.member, self.trail.copy()
        return other


class Bench:
    """Both sides, for member after member."""

    def __init__(self, decide: DecideOnward, plan: Plan) -> None:
        """Start with nothing counted."""
        # What is folded once counts on both sides.
        self._both_meter = Meter(plan.current.latest)
        self.current = Meter(plan.current.latest, self._both_meter)
        self.candidate = Meter(plan.candidate.latest, self._both_meter)
        self._plan = plan
        self._before = Side(decide, plan.current, None)
        current = plan.current
        self._alike = _alike_in(plan)
        if self._alike is not None:
            current = _renumbered(plan)
        self._both = Side(decide, current, self._both_meter)
        self._sides = (
            Side(decide, current, self.current),
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
        walk, start = Walk(member_id), first_from(inside, plan.from_at)
        if plan.from_at:
            self._before.fold(walk, inside[:start])
            self._before.pass_time(walk, plan.from_at - 1)
        rest = inside[start:]
        alike, is_whole = self._fold_alike(walk, rest)
        if is_whole:
            standing = self._both_meter.standing(member_id, walk.member)
            return standing, standing
        self._both_meter.hand_to(member_id, (self.current, self.candidate))
        other = walk.fork()
        self._fold_apart((walk, other), rest[alike:])
        return (
            self.current.standing(member_id, walk.member),
            self.candidate.standing(member_id, other.member),
        )

    def _fold_alike(
        self, walk: Walk, events: Sequence[MemberEvent]
    ) -> tuple[int, bool]:
        """
        Fold once what both sides judge alike, up to the end where that is all.

        Return how many events that were, and whether the end was reached.
        """
        alike, both = self._alike, self._both
        if alike is None or alike.has_met(walk.member):
            return 0, False
        count = 0
        for event in events:
            if alike.may_differ(event, walk.member):
                break
            both.take(walk, event)
            count += 1
        is_whole = count == len(events)
        if is_whole:
            both.pass_time(walk, self._plan.to_at)
        return count, is_whole

    def _fold_apart(self, walks: tuple[Walk, Walk], events: list[MemberEvent]) -> None:
        """Fold both sides; what a rule makes of an order is worked out once."""
        current, candidate = walks
        alike = self._alike
        known: dict[str, KnownGains] = {}
        if alike is not None:
            current.trail.kept = known
        self._sides[0].fold(current, events)
        self._sides[0].pass_time(current, self._plan.to_at)
        side = self._sides[1]
        for event in events:
            if isinstance(event, OrderEvent) and event.event_id in known:
                assert alike is not None, "without it nothing is kept"
                is_same = not alike.may_differ(event, candidate.member)
                candidate.trail.given = known[event.event_id] if is_same else None
            side.take(candidate, event)
        side.pass_time(candidate, self._plan.to_at)


def _alike_in(plan: Plan) -> Alike | None:
    if not isinstance(plan.current, Program):
        return None
    return alike_of(plan.current, plan.candidate.latest)


def _renumbered(plan: Plan) -> Programs:
    """The current program as versions that are numbered as the candidate's are."""
    follower = plan.candidate.latest
    program = numbered_as(plan.current.latest, follower)
    if not plan.from_at:
        return program
    before = plan.candidate.at(plan.from_at - 1)
    return ProgramHistory([before, program])


def first_from(events: Sequence[MemberEvent], from_at: int) -> int:
    """Place of the first event that happened at a time or later."""
    for place, event in enumerate(events):
        if time_of(event) >= from_at:
            return place
    return len(events)


def time_of(event: MemberEvent) -> int:
    """When an event happened, ms since 1970."""
    return event.at if isinstance(event, Tick) else event.occurred_at
