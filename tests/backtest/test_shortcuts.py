"""What makes a backtest quick changes nothing: the same members, the same findings."""

import os
from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest

from benchmarks.folding import plain, quick
from loyalty.backtest.alike import alike_of
from loyalty.backtest.fold import plan_of
from loyalty.conditions import When
from loyalty.decide import decide
from loyalty.decision import Decision
from loyalty.events import Command, MemberEvent, OrderEvent, Tick
from loyalty.member import NEW_MEMBER
from loyalty.program import Program
from loyalty.program_document import program_from
from loyalty.rules import EarnRule
from loyalty.trail import Trail
from stores.programs import EDGE_CALENDARS, load_document
from tests.builders import DAY, NOON, a_line
from tests.demo.independent_totals import PROGRAM_FILE
from tests.rules.worlds import PROGRAMS, RICH, a_life

SEEDS = range(int(os.environ.get("PROMISE_SEEDS", "10")))
# Members of a backtest, each folded four times for each change.
MEMBERS = range(5)
END = NOON + 120 * DAY
MIDDLE = NOON + 15 * DAY
DEMO = program_from(load_document(PROGRAM_FILE), EDGE_CALENDARS)
ALL = PROGRAMS | {"demo": replace(DEMO, return_window_days=20)}
programs = pytest.mark.parametrize("name", sorted(ALL))


def lived(seed: int, program: Program) -> list[MemberEvent]:
    """A life of which some comes late and some twice, in the program's currency."""
    random = Random(seed)
    events = with_segments(a_life(random, commands=True))
    for _ in range(random.randrange(3)):
        place = random.randrange(len(events))
        event = events[place] if random.random() < 0.3 else events.pop(place)
        events.insert(random.randrange(place, len(events) + 1), event)
    return [
        one._replace(currency=program.currency) if isinstance(one, OrderEvent) else one
        for one in events
    ]


def with_segments(events: list[MemberEvent]) -> list[MemberEvent]:
    """A life of somebody who joins and leaves segments meanwhile."""
    found = []
    for number, event in enumerate(events):
        found.append(event)
        if number % 3 == 1 and not isinstance(event, Tick):
            segments = ("student", "", "office,student")[number // 3 % 3]
            at, name = event.occurred_at + 11, f"segments-{number}"
            attributes = {"segments": segments}
            found.append(Command(name, "m", "member.update", at, "desk", attributes))
    return found


@programs
def test_with_a_trail_each_decision_is_the_same(name: str) -> None:
    """Also where the past is closed early, changes, or an event is refused."""
    program = replace(ALL[name], return_window_days=12)
    closed = idle = 0
    for seed in SEEDS:
        member, trail = NEW_MEMBER, Trail()
        for event in with_ticks(lived(seed, program)):
            if event is None:
                if not 0 < member.next_due_at < END:
                    continue
                event = Tick(member.next_due_at)  # noqa: PLW2901 - it is due only now
            alone = decide(member, event, program, member_id="m")
            along = decide(member, event, program, member_id="m", trail=trail)
            assert along == alone, f"seed {seed}"
            if isinstance(along, Decision):
                closed += along.member.horizon_at > member.horizon_at
                idle += isinstance(event, Tick) and not along.entries
                member = along.member
    assert closed > len(SEEDS)
    assert idle > 0


def with_ticks(events: list[MemberEvent]) -> list[MemberEvent | None]:
    """Events with a place for up to four ticks, None, after each of them."""
    return [one for event in events for one in (event, *[None] * 4)]


def richer(program: Program, rule_id: str) -> Program:
    earn = tuple(
        one._replace(points=one.points + 7) if one.rule_id == rule_id else one
        for one in program.earn_rules
    )
    return replace(program, version=program.version + 4, earn_rules=earn)


def with_more(program: Program) -> Program:
    weekend = EarnRule("more", "visit", 9, minimum_minor=30_00)
    return replace(program, earn_rules=(*program.earn_rules, weekend), version=9)


def without_bonuses(program: Program) -> Program:
    return replace(program, bonus_rules=program.bonus_rules[:1], version=9)


def without_challenges(program: Program) -> Program:
    return replace(program, challenges=program.challenges[:1], version=9)


CHANGES: dict[str, Callable[[Program], Program]] = {
    "one gives more": lambda program: richer(program, program.earn_rules[1].rule_id),
    "an act gives more": lambda program: richer(program, "view"),
    "joining gives more": lambda program: richer(program, "joined"),
    "one is new": with_more,
    "bonuses end": without_bonuses,
    "challenges end": without_challenges,
    "only the version": lambda program: replace(program, version=7),
}


@pytest.mark.parametrize("from_at", [0, MIDDLE], ids=["all", "from the middle"])
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_what_is_folded_once_for_both_sides_comes_to_the_same(
    name: str, change: str, from_at: int
) -> None:
    program = PROGRAMS[name]
    plan = plan_of(program, CHANGES[change](program), from_at=from_at, to_at=END)
    history = {f"m-{seed}": lived(seed, program) for seed in MEMBERS}

    assert alike_of(program, plan.candidate.latest) is not None
    assert quick(plan, history).hash == plain(plan, history).hash


def test_a_whole_program_of_the_demo_comes_to_the_same() -> None:
    richer_demo = richer(DEMO, "full-basket")
    history = {f"m-{seed}": lived(seed, DEMO) for seed in SEEDS}
    plan = plan_of(DEMO, richer_demo, to_at=END)

    assert quick(plan, history).hash == plain(plan, history).hash


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(replace(RICH, return_window_days=9), id="return window"),
        pytest.param(replace(RICH, offers=()), id="offers"),
        pytest.param(replace(RICH, holdout_percent=5), id="holdout"),
        pytest.param(
            replace(RICH, earn_rules=RICH.earn_rules[::-1]), id="order of rules"
        ),
    ],
)
def test_programs_that_differ_in_more_than_rules_are_folded_apart(
    other: Program,
) -> None:
    assert alike_of(RICH, other) is None


def test_only_what_a_changed_rule_may_look_at_may_differ() -> None:
    quiet = When(stores=frozenset({"elsewhere"}))
    far = EarnRule("far", "visit", 9, when=quiet)
    alike = alike_of(RICH, replace(RICH, earn_rules=(*RICH.earn_rules, far)))
    order = next(one for one in lived(1, RICH) if isinstance(one, OrderEvent))
    there = order._replace(store_id="elsewhere")
    names = Command("c", "m", "points.adjust", NOON, "app", {"rule_id": "far"})

    assert alike is not None
    assert not alike.may_differ(order, NEW_MEMBER)
    assert not alike.may_differ(there._replace(kind="CANCELLED"), NEW_MEMBER)
    assert alike.may_differ(there, NEW_MEMBER)
    assert alike.may_differ(names, NEW_MEMBER)
    assert not alike.may_differ(Tick(NOON), NEW_MEMBER)
    assert not alike.may_differ(there._replace(lines=(a_line(0),) * 0), NEW_MEMBER)
