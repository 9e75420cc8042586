"""A rule that fails is left out of the event that it fails for, and nothing else is."""

from collections.abc import Callable, Iterator
from typing import Final

from loyalty.decision import Decision, Duplicate, Refusal
from loyalty.effects import RuleFault
from loyalty.events import PLACED, ActivityEvent, Command, MemberEvent, OrderEvent
from loyalty.histories import HistoryRule
from loyalty.member import Member
from loyalty.program import JOURNEYS, TRIGGERS, Program, Programs
from loyalty.settling import Decide

SUSPECTS_MAX: Final = 64
# Programs without some rules, kept ready while one fails for order after order.
LESSER_MAX: Final = 128

# Told of rules that were left out, and of the fault.
Tell = Callable[[tuple[str, ...], Exception], None]


def tell_nobody(_: tuple[str, ...], __: Exception) -> None:
    """Leave it untold."""


class Fence:
    """
    The rules of `decide`, of which one that fails does not take an order along.

    What fails is decided again without each rule that the order or act could
    meet, one at a time and in the program's order; then without all of them; then
    while personal offers, triggers or journeys keep still. The first that goes
    through counts: the same in each replay. What others earned by the rule stays
    theirs. Pure but for `tell`, which changes nothing.
    """

    def __init__(self, decide: Decide, tell: Tell = tell_nobody) -> None:
        """Fence rules, and say who is told."""
        self._decide = decide
        self._tell = tell
        # With the program that each is of, so that no other one gets its id.
        self._lesser: dict[tuple[int, frozenset[str]], tuple[Program, Program]] = {}

    def __call__(
        self, member: Member, event: MemberEvent, programs: Programs, *, member_id: str
    ) -> Decision | Duplicate | Refusal:
        """Judge one event of one member; raises what no rule alone is to blame for."""
        try:
            return self._decide(member, event, programs, member_id=member_id)
        except RuleFault:
            # A published limit of effects, not a fault of ours.
            raise
        except Exception as fault:
            for rule_ids, left in self._ways(event, programs):
                try:
                    found = self._decide(member, event, left, member_id=member_id)
                # The next one may be to blame.
                except Exception:  # noqa: S112, BLE001 - the first fault is raised if all fail
                    continue
                self._tell(rule_ids, fault)
                return found
            raise

    def _ways(
        self, event: MemberEvent, programs: Programs
    ) -> Iterator[tuple[tuple[str, ...], Programs]]:
        """What is left out, and the programs without it, in the order of trying."""
        suspects = suspects_of(event, programs)
        for rule_id in suspects[:SUSPECTS_MAX]:
            yield (rule_id,), self._without(programs, event, frozenset({rule_id}))
        if len(suspects) > 1:
            yield suspects, self._without(programs, event, frozenset(suspects))
        muted = muted_of(programs)
        for name in muted:
            yield (name,), _Muting(programs, frozenset({name}))
        yield muted, _Muting(programs, frozenset(muted))
        if suspects:
            left = self._without(programs, event, frozenset(suspects))
            yield (*suspects, *muted), _Muting(left, frozenset(muted))

    def _without(
        self, programs: Programs, event: MemberEvent, rule_ids: frozenset[str]
    ) -> Programs:
        assert isinstance(event, OrderEvent | ActivityEvent), "others have no suspects"
        program = programs.at(event.occurred_at)
        known = self._lesser.get((id(program), rule_ids))
        if known is None:
            if len(self._lesser) >= LESSER_MAX:
                self._lesser.clear()
            known = program, program.meeting_none_of(rule_ids)
            self._lesser[id(program), rule_ids] = known
        return _Without(programs, event.occurred_at, known[1])


def muted_of(programs: Programs) -> tuple[str, ...]:
    """What looks at each event after it is judged, and may keep still."""
    offers = programs.latest.personal_offers
    return (TRIGGERS, JOURNEYS, *(rule.offer_id for rule in offers))


def suspects_of(event: MemberEvent, programs: Programs) -> tuple[str, ...]:
    """Rules that a new order or act can meet; of anything else none."""
    if isinstance(event, OrderEvent) and event.kind == PLACED:
        program = programs.at(event.occurred_at)
        met = [one.rule for one in program.index.candidates(event)]
        # What only remembers cannot fail, and goes on remembering.
        return tuple(one.rule_id for one in met if not isinstance(one, HistoryRule))
    if isinstance(event, ActivityEvent):
        rules = programs.at(event.occurred_at).index.by_activity.get(event.type, ())
        return tuple(rule.rule_id for rule in rules)
    if isinstance(event, Command) and "segments" in event.attributes:
        joined = programs.at(event.occurred_at).index.by_segment.values()
        return tuple(rule.rule_id for rules in joined for rule in rules)
    return ()


class _Muting:
    """Programs of which some parts keep still at all times."""

    def __init__(self, programs: Programs, names: frozenset[str]) -> None:
        self._programs = programs
        self._names = names

    def at(self, time: int) -> Program:
        """Version in force at a time."""
        return self._programs.at(time).muting(self._names)

    @property
    def latest(self) -> Program:
        """Version with the latest start."""
        return self._programs.latest.muting(self._names)


class _Without:
    """Programs of which the one in force at an event meets it without some rules."""

    def __init__(self, programs: Programs, at: int, program: Program) -> None:
        self._programs = programs
        self._at = at
        self._program = program

    def at(self, time: int) -> Program:
        """Version in force at a time."""
        return self._program if time == self._at else self._programs.at(time)

    @property
    def latest(self) -> Program:
        """Version with the latest start."""
        return self._programs.latest
