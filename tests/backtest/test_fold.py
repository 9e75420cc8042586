"""A backtest's totals against the fold of the same events, and against one another."""

from collections import Counter
from functools import reduce

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.retail import orders, read_year
from loyalty.backtest.findings import Collector, Findings, is_sampled, merged
from loyalty.backtest.fold import Bench, Coupled, Plan, plan_of
from loyalty.backtest.measures import Meter
from loyalty.backtest.sequence import fold_all
from loyalty.decide import decide
from loyalty.decision import Decision
from loyalty.events import Command, MemberEvent, OrderEvent
from loyalty.member import balance_of
from loyalty.program import Program
from loyalty.program_document import program_from
from stores.programs import EDGE_CALENDARS, load_document
from tests.demo.independent_totals import (
    PROGRAM_FILE,
    HouseholdTotals,
    final_tick_at,
    independent_totals,
)

WEEKS = 6
END = final_tick_at(weeks=WEEKS)
History = dict[str, list[OrderEvent]]


def a_program(**changes: object) -> Program:
    return program_from(load_document(PROGRAM_FILE) | changes, EDGE_CALENDARS)


DEMO = a_program()
# Twice as much for a visit, and nobody rises.
RICHER = a_program(
    earn=[
        rule | {"points": 20} if rule["id"] == "full-basket" else rule
        for rule in load_document(PROGRAM_FILE)["earn"]
    ]
)


@pytest.fixture(scope="module")
def history() -> History:
    by_member: History = {}
    for order in orders(read_year(weeks=WEEKS)):
        if is_sampled(order.member_id, 15):
            by_member.setdefault(order.member_id, []).append(order)
    return by_member


def findings_of(plan: Plan, history: History) -> tuple[Findings, Bench, Collector]:
    bench, collector = Bench(decide, plan), Collector("points")
    for member_id, events in history.items():
        ends = bench.fold(member_id, events)
        assert ends is not None
        collector.add(member_id, *ends)
    return collector.findings(bench.current, bench.candidate), bench, collector


def test_every_member_has_on_each_side_what_was_worked_out_independently(
    history: History,
) -> None:
    bench = Bench(decide, plan_of(DEMO, RICHER, to_at=END))
    found = {}
    for member_id, events in history.items():
        ends = bench.fold(member_id, events)
        assert ends is not None
        standing = ends[0]
        found[member_id] = HouseholdTotals(
            member_id,
            len(events),
            standing.moved.get(("points", "earned"), 0),
            -standing.moved.get(("points", "expired"), 0),
            balance_of(standing.member.lots),
            balance_of(standing.member.lots, "loaves"),
            balance_of(standing.member.lots, "stamps"),
            bool(standing.member.state.badges),
            standing.member.tier,
        )

    worked_out = {row.member_id: row for row in independent_totals(weeks=WEEKS)}
    assert len(found) > 200
    assert found == {member_id: worked_out[member_id] for member_id in found}


def test_the_candidate_has_what_it_gives_when_it_is_the_one_that_runs(
    history: History,
) -> None:
    beside, _, _ = findings_of(plan_of(DEMO, RICHER, to_at=END), history)
    alone, _, _ = findings_of(plan_of(RICHER, RICHER, to_at=END), history)

    assert {
        cell[:4]: cell.candidate
        for cell in beside.cells
        if cell.candidate and cell.measure not in ("winners", "losers")
    } == {cell[:4]: cell.current for cell in alone.cells if cell.current}
    assert beside.winners > 0
    by_tier = [c for c in beside.cells if c[0] == "tier" and c.measure == "winners"]
    assert sum(cell.candidate for cell in by_tier) == beside.winners
    assert (alone.winners, alone.losers, alone.gained) == (0, 0, 0)


def test_sums_by_store_tier_and_week_each_come_to_the_total(history: History) -> None:
    found, _, _ = findings_of(plan_of(DEMO, RICHER, to_at=END), history)
    by_dimension: dict[tuple[str, str, str], int] = Counter()
    for cell in found.cells:
        by_dimension[cell.dimension, cell.wallet, cell.measure] += cell.candidate

    for measure in ("earned", "expired", "corrected"):
        for wallet in ("points", "stamps", "loaves"):
            total = by_dimension["total", wallet, measure]
            for dimension in ("store", "tier", "week"):
                assert by_dimension[dimension, wallet, measure] == total
    assert (
        by_dimension["rule", "points", "earned"]
        == (by_dimension["total", "points", "earned"])
    )


@settings(max_examples=10, deadline=None)
@given(parts=st.integers(1, 7), seed=st.randoms(use_true_random=False))
def test_findings_of_parts_come_to_those_of_the_whole_in_any_order(
    parts: int, seed: object
) -> None:
    whole, sliced = _small_findings(parts)
    shuffled = list(sliced)
    seed.shuffle(shuffled)  # type: ignore[attr-defined] # hypothesis has no type for it

    assert reduce(merged, shuffled, Findings()) == whole
    assert reduce(merged, shuffled, Findings()).hash == whole.hash


def _small_findings(parts: int) -> tuple[Findings, list[Findings]]:
    plan = plan_of(DEMO, RICHER, to_at=END)
    whole, _, _ = findings_of(plan, SMALL)
    slices: list[History] = [{} for _ in range(parts)]
    for place, (member_id, events) in enumerate(SMALL.items()):
        slices[place % parts][member_id] = events
    return whole, [findings_of(plan, one)[0] for one in slices if one]


def _small() -> History:
    by_member: History = {}
    for order in orders(read_year(weeks=3)):
        if is_sampled(order.member_id, 2):
            by_member.setdefault(order.member_id, []).append(order)
    return by_member


SMALL = _small()


def test_one_sequence_of_all_gives_what_each_member_alone_gives(
    history: History,
) -> None:
    few = {name: history[name] for name in sorted(history) if is_sampled(name, 5)}
    plan = plan_of(DEMO, RICHER, to_at=END)
    alone, _, _ = findings_of(plan, few)
    arrivals: list[tuple[str, MemberEvent]] = sorted(
        ((name, one) for name, events in few.items() for one in events),
        key=lambda pair: (pair[1].occurred_at, pair[0]),
    )

    meters = Meter(DEMO), Meter(RICHER)
    collector = Collector("points")
    for name, ends in fold_all(decide, plan, arrivals, meters=meters).items():
        collector.add(name, *ends)

    assert collector.findings(*meters) == alone
    assert collector.findings(*meters).hash == alone.hash


def test_before_the_range_both_sides_are_the_same_and_from_it_on_they_differ(
    history: History,
) -> None:
    middle = END - 10 * 86_400_000
    plan = plan_of(DEMO, RICHER, from_at=middle, to_at=END)
    found, _, _ = findings_of(plan, history)
    total = {
        c.measure: c
        for c in found.cells
        if c.dimension == "total" and c.wallet in ("", "points")
    }
    in_range = [
        o for events in history.values() for o in events if o.occurred_at >= middle
    ]
    whole, _, _ = findings_of(plan_of(DEMO, DEMO, to_at=END), history)
    outstanding = next(
        c.current
        for c in whole.cells
        if c[:4] == ("total", "", "points", "outstanding")
    )

    assert total["orders"].current == total["orders"].candidate == len(in_range)
    # The current side ends as if nobody had looked.
    assert total["outstanding"].current == outstanding
    assert total["earned"].candidate > total["earned"].current


def test_a_late_order_of_before_the_range_is_judged_alike_by_both() -> None:
    name, events = next((n, e) for n, e in SMALL.items() if len(e) > 4)
    middle = events[3].occurred_at
    # The first order comes last.
    arrived = [*events[1:], events[0]]
    plan = plan_of(DEMO, RICHER, from_at=middle, to_at=END)

    in_turn = Bench(decide, plan).fold(name, events)
    late = Bench(decide, plan).fold(name, arrived)

    assert in_turn is not None
    assert late is not None
    for one, other in zip(in_turn, late, strict=True):
        assert balance_of(one.member.lots) == balance_of(other.member.lots)


def test_the_same_programs_come_to_the_same_on_both_sides(history: History) -> None:
    found, _, _ = findings_of(plan_of(DEMO, DEMO, to_at=END), history)

    assert all(cell.current == cell.candidate for cell in found.cells)
    assert found.most_gained == found.most_lost == ()
    assert len(found.sample) == 20


def test_members_who_touch_others_are_not_folded_alone() -> None:
    name, events = next(iter(SMALL.items()))
    at = events[0].occurred_at + 1
    gift = Command("c", name, "points.transfer", at, "app", {"to": "b", "points": 10})
    bench = Bench(decide, plan_of(DEMO, DEMO, to_at=END))

    with pytest.raises(Coupled):
        bench.fold(name, [*events, gift])


def test_in_one_sequence_a_transfer_arrives() -> None:
    name, events = max(SMALL.items(), key=lambda pair: len(pair[1]))
    at = events[-1].occurred_at + 1
    gift = Command("c", name, "points.transfer", at, "app", {"to": "b", "points": 10})
    plan = plan_of(DEMO, RICHER, to_at=END)

    ends = fold_all(
        decide,
        plan,
        [*((name, one) for one in events), (name, gift)],
        meters=(Meter(DEMO), Meter(RICHER)),
    )

    assert [balance_of(one.member.lots) for one in ends["b"]] == [10, 10]


def test_a_rule_that_fails_is_counted_and_stops_nobody(history: History) -> None:
    def fails_on_wednesdays(member, event, programs, *, member_id, trail=None):
        if isinstance(event, OrderEvent) and event.order_id.endswith("3"):
            raise ZeroDivisionError
        return decide(member, event, programs, member_id=member_id, trail=trail)

    bench = Bench(fails_on_wednesdays, plan_of(DEMO, DEMO, to_at=END))
    for member_id, events in SMALL.items():
        bench.fold(member_id, events)
    failing = sum(
        one.order_id.endswith("3") for events in SMALL.values() for one in events
    )

    assert failing > 0
    assert bench.current.cells["refused", "engine-fault", "", "events"] == failing


def test_with_a_budget_all_claims_together_get_no_more_than_it_holds() -> None:
    document = load_document(PROGRAM_FILE)
    budget = {"id": "visits", "total": 45}
    earn = [
        rule | {"budget": "visits"} if rule["id"] == "full-basket" else rule
        for rule in document["earn"]
    ]
    limited = a_program(budgets=[budget], earn=earn)
    arrivals: list[tuple[str, MemberEvent]] = sorted(
        ((name, one) for name, events in SMALL.items() for one in events),
        key=lambda pair: (pair[1].occurred_at, pair[0]),
    )
    meters = Meter(DEMO), Meter(limited)

    fold_all(decide, plan_of(DEMO, limited, to_at=END), arrivals, meters=meters)

    free = meters[0].cells["rule", "full-basket", "points", "earned"]
    given = meters[1].cells["rule", "full-basket", "points", "earned"]
    assert free > 45
    assert given == meters[1].cells["budget", "visits", "", "spent"] == 45


def test_a_decision_that_is_none_is_counted_by_its_reason() -> None:
    name, events = next(iter(SMALL.items()))
    bench = Bench(decide, plan_of(DEMO, DEMO, to_at=END))

    bench.fold(name, [*events, events[-1]])

    assert bench.current.cells["refused", "duplicate", "", "events"] == 1
    assert (
        isinstance(
            decide(bench.fold("x", events)[0].member, events[0], DEMO, member_id="x"),  # type: ignore[index] # it has events
            Decision,
        )
        is False
    )
