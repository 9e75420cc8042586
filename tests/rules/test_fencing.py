"""A rule that fails is left out of the event that it fails for, and of no other."""

from dataclasses import replace
from typing import Any

import pytest

from loyalty.decide import decide
from loyalty.decision import Decision
from loyalty.effects import RuleFault
from loyalty.events import OrderEvent, Tick
from loyalty.fencing import Fence
from loyalty.member import NEW_MEMBER, Member
from loyalty.program import Program
from loyalty.program_document import program_from
from loyalty.view import view_of
from tests.builders import NOON, an_order

PROGRAM = program_from(
    {
        "program": "p",
        "currency": "USD",
        "earn": [
            {"id": "spend", "points": 1, "step_minor": 100},
            {"id": "broken", "kind": "visit", "points": 10},
            {"id": "worse", "kind": "visit", "points": 20},
        ],
    }
)


class Failing:
    """Rules of which some fail while an order meets them."""

    def __init__(self, *broken: str) -> None:
        self.broken = set(broken)
        self.told: list[tuple[tuple[str, ...], str]] = []
        self.calls = 0

    def __call__(self, member: Member, event: Any, programs: Any, **more: Any) -> Any:
        self.calls += 1
        if isinstance(event, OrderEvent):
            met = programs.at(event.occurred_at).index.candidates(event)
            for one in met:
                if one.rule.rule_id in self.broken:
                    raise ZeroDivisionError(one.rule.rule_id)
        return decide(member, event, programs, **more)

    def tell(self, rule_ids: tuple[str, ...], fault: Exception) -> None:
        self.told.append((rule_ids, str(fault)))

    def judge(self, event: Any, member: Member = NEW_MEMBER) -> Any:
        """What the fence makes of an event."""
        return Fence(self, self.tell)(member, event, PROGRAM, member_id="member-1")


def earned(decision: Decision) -> dict[str, int]:
    """Points by rule."""
    return {entry.rule_id: entry.points for entry in decision.entries}


ORDER = an_order("o1", subtotal_minor=500)


@pytest.mark.parametrize(
    ("broken", "points", "told"),
    [
        ([], {"spend": 5, "broken": 10, "worse": 20}, []),
        (["broken"], {"spend": 5, "worse": 20}, [("broken",)]),
        # Two that fail: what is left out is all that the order could meet.
        (["broken", "worse"], {}, [("spend", "broken", "worse")]),
    ],
)
def test_an_order_is_not_lost_for_a_bad_rule(
    broken: list[str], points: dict[str, int], told: list[tuple[str, ...]]
) -> None:
    rules = Failing(*broken)
    decision = rules.judge(ORDER)

    assert earned(decision) == points
    assert [rule_ids for rule_ids, _ in rules.told] == told


def test_what_the_rule_gave_before_stays_when_it_fails_later() -> None:
    sound = Failing().judge(an_order("o1", subtotal_minor=500, occurred_at=NOON + 9))
    failing = Failing("broken")
    # It came late: all that is open is gone through again.
    late = failing.judge(
        an_order("o0", subtotal_minor=100, occurred_at=NOON), sound.member
    )

    assert failing.told
    assert earned(late) == {"spend": 1, "worse": 20}
    assert sum(lot.points for lot in late.member.state.lots) == 35 + 21


def test_the_same_comes_of_it_again() -> None:
    assert Failing("broken").judge(ORDER) == Failing("broken").judge(ORDER)


def test_a_limit_of_effects_is_no_fault_of_a_rule() -> None:
    def over(*_: Any, **__: Any) -> Any:
        raise RuleFault("outbox: 65, at most 64")

    with pytest.raises(RuleFault):
        Fence(over)(NEW_MEMBER, ORDER, PROGRAM, member_id="member-1")


@pytest.mark.parametrize("event", [ORDER, Tick(NOON)], ids=["order", "tick"])
def test_a_fault_that_is_no_rules_is_raised_as_it_was(event: Any) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise KeyError("ours")

    with pytest.raises(KeyError, match="ours"):
        Fence(broken)(NEW_MEMBER, event, PROGRAM, member_id="member-1")


def test_a_rule_that_raises_inside_is_left_out() -> None:
    rules = {rule.rule_id: rule for rule in PROGRAM.earn_rules}
    # No document can say so: a step of nothing divides by zero.
    broken = rules["spend"]._replace(rule_id="broken", step_minor=0)
    program = replace(PROGRAM, earn_rules=(rules["spend"], broken, rules["worse"]))

    decision = Fence(decide)(NEW_MEMBER, ORDER, program, member_id="member-1")

    assert isinstance(decision, Decision)
    assert earned(decision) == {"spend": 5, "worse": 20}


OFFER = {"name": "A cake", "valid_days": 14}


def with_offers(**more: Any) -> Any:
    """A program with two personal offers; what is replaced no document can say."""
    document = {
        "program": "p",
        "currency": "USD",
        "earn": [{"id": "spend", "points": 1, "step_minor": 100}],
        "offers": [{"id": "mug", "name": "A mug", "cost_points": 1_000}],
        "personal_offers": [{"id": "cake", **OFFER}, {"id": "pie", **OFFER}],
    }
    return replace(program_from(document), **more)


def judged(program: Any, event: Any, member: Member = NEW_MEMBER) -> Any:
    """A decision, and what was left out."""
    told: list[tuple[str, ...]] = []
    fence = Fence(decide, lambda names, _: told.append(names))
    decision = fence(member, event, program, member_id="member-1")
    # What is shown of the member goes on, too.
    view_of("member-1", decision.member, program)
    return decision, told


def test_a_personal_offer_that_raises_is_not_given_and_the_others_are() -> None:
    cake, pie = with_offers().personal_offers
    broken: Any = cake._replace(orders_min=None)
    decision, told = judged(with_offers(personal_offers=(broken, pie)), ORDER)

    assert earned(decision) == {"spend": 5}
    assert [one.offer_id for one in decision.offer_events] == ["pie"]
    assert told == [("cake",)]


@pytest.mark.parametrize("event", [ORDER, Tick(NOON)], ids=["order", "tick"])
def test_triggers_that_raise_keep_still_and_everything_else_goes_on(
    event: Any,
) -> None:
    broken: Any = (None,)
    decision, told = judged(with_offers(triggers=(), journeys=()), event)
    assert told == []
    program = with_offers()
    object.__setattr__(program, "triggers", broken)
    same, told = judged(program, event)

    assert told == [("/triggers",)]
    assert same.entries == decision.entries
    assert same.offer_events == decision.offer_events


def test_journeys_that_raise_keep_still_and_everything_else_goes_on() -> None:
    program = with_offers()
    object.__setattr__(program, "journeys", (None,))
    decision, told = judged(program, ORDER)

    assert told == [("/journeys",)]
    assert earned(decision) == {"spend": 5}
    assert len(decision.offer_events) == 2


def test_who_is_due_and_was_not_looked_at_is_due_as_before() -> None:
    program = with_offers()
    object.__setattr__(program, "triggers", (None,))
    member = NEW_MEMBER._replace(next_due_at=NOON - 5)
    decision, _ = judged(program, Tick(NOON), member)

    assert decision.member.next_due_at == NOON - 5


def test_all_that_may_fail_fails_and_the_order_counts() -> None:
    cake, pie = with_offers().personal_offers
    broken: Any = cake._replace(orders_min=None), pie._replace(orders_min=None)
    program = with_offers(personal_offers=broken)
    object.__setattr__(program, "triggers", (None,))
    decision, told = judged(program, ORDER)

    assert earned(decision) == {"spend": 5}
    assert told == [("/triggers", "/journeys", "cake", "pie")]


def test_a_rule_that_fails_for_order_after_order_is_left_out_once_and_for_all() -> None:
    met: list[Program] = []

    def failing(member: Member, event: Any, programs: Any, **more: Any) -> Any:
        program = programs.at(event.occurred_at)
        met_now = program.index.candidates(event)
        if any(one.rule.rule_id == "broken" for one in met_now):
            raise ZeroDivisionError
        met.append(program)
        return decide(member, event, programs, **more)

    fence = Fence(failing)
    for number in range(3):
        order = an_order(f"o-{number}", occurred_at=NOON + number)
        assert isinstance(fence(NEW_MEMBER, order, PROGRAM, member_id="m"), Decision)

    assert len(met) == 3
    assert len({id(program) for program in met}) == 1
