"""How members come into journeys, how they get out, and what versions do to them."""

from typing import Any

import pytest

from loyalty.decision import Decision
from loyalty.events import Tick
from loyalty.limits import JOURNEY_RUNS_MAX, JOURNEY_TAKEN_MAX, JOURNEY_TURNS_MAX
from loyalty.program import ProgramHistory
from tests.journeys.walk import GO, Walk, a_journey, document_of, steps, walked
from tests.rules.town import Town, at, built

START = "2026-03-02T15:00"
WAIT = steps("id: w, kind: wait, days: 10")


def entry(text: str) -> Walk:
    """A walk under a journey of one long wait, with an entry of its own."""
    return walked(f"entry: {{{text}}}\n{WAIT}")


@pytest.mark.parametrize(
    ("case", "text", "does", "is_in"),
    [
        ("an act", "event: activity, activity: go", lambda t: t.act("go", START), True),
        ("another act", "event: activity, activity: go", lambda t: t.act("come", START), False),
        ("with its attribute", "event: activity, activity: go, attributes: {a: '1'}", lambda t: t.act("go", START, a=1), True),
        ("without it", "event: activity, activity: go, attributes: {a: '1'}", lambda t: t.act("go", START, a=2), False),
        ("an order", "event: order", lambda t: t.order(1_00, START), True),
        ("of enough money", "event: order, minimum_minor: 2000", lambda t: t.order(20_00, START), True),
        ("of too little", "event: order, minimum_minor: 2000", lambda t: t.order(19_99, START), False),
        ("over an amount", "event: order, over_minor: 2000", lambda t: t.order(20_00, START), False),
        ("the first order", "event: order, when: {order_number: 1}", lambda t: t.order(1_00, START), True),
        ("not the second", "event: order, when: {order_number: 2}", lambda t: t.order(1_00, START), False),
        ("in its tier", "event: order, when: {tiers: [high]}", lambda t: t.order(200_00, START), True),
        ("below its tier", "event: order, when: {tiers: [high]}", lambda t: t.order(1_00, START), False),
        ("at another store", "event: order, when: {stores: [soho]}", lambda t: t.order(1_00, START), False),
        ("before its days", "event: order, when: {from: 2026-04-01}", lambda t: t.order(1_00, START), False),
        ("a command", "event: command, command: member.update", lambda t: t.say("member.update", START), True),
        ("a command refused", "event: command, command: member.update", lambda t: t.say("member.update", START, time_zone="Mars"), False),
        ("the first tier is no change", "event: tier", lambda t: t.order(1_00, START), False),
        ("a rise", "event: tier, to: [high]", lambda t: t.order(1_00, "2026-03-01") and t.order(200_00, START), True),
        ("a rise to another", "event: tier, to: [low]", lambda t: t.order(1_00, "2026-03-01") and t.order(200_00, START), False),
    ],
)  # fmt: skip
def test_who_comes_in(case: str, text: str, does, is_in: bool) -> None:
    town = entry(text)
    does(town)

    assert (town.run is not None) == is_in, case


def test_a_trigger_leads_in_and_the_first_step_is_the_next_ticks() -> None:
    town = walked(
        "entry: {event: trigger, trigger: near}\n"
        + steps("id: five, kind: give, points: 5"),
        offers=[{"id": "tea", "name": "Tea", "cost_points": 50}],
        triggers=[
            {"id": "near", "kind": "near_reward", "offer": "tea", "within_points": 10}
        ],
    )
    town.order(42_00, START)
    assert town.steps == ["entered"]
    assert town.balance() == 42
    assert town.member().next_due_at == at(START)
    town.until(START)
    assert town.balance() == 47
    assert town.run is None


def test_a_badge_leads_in_as_a_trigger_does() -> None:
    town = walked(
        f"entry: {{event: trigger, trigger: 'badge:taster'}}\n{WAIT}",
        challenges=[{"id": "c", "goal": "orders", "target": 1, "badge": "taster"}],
    )
    town.order(42_00, START)

    assert town.run is not None


def test_one_journey_is_gone_through_once_at_a_time() -> None:
    town = walked("reentry: always\n" + WAIT)
    town.act("go", START)
    run = town.run
    town.act("go", "2026-03-03")

    assert town.run == run
    assert town.steps == ["entered", "w"]


@pytest.mark.parametrize(
    ("case", "text", "again", "is_in"),
    [
        ("never", "reentry: never", "2027-03-03", False),
        ("left out it is never", "name: x", "2027-03-03", False),
        ("always", "reentry: always", "2026-03-12T15:00", True),
        ("after days, to the minute", "reentry: after_days\nreentry_days: 30", "2026-04-11T15:00", True),
        ("a minute early", "reentry: after_days\nreentry_days: 30", "2026-04-11T14:59", False),
    ],
)  # fmt: skip
def test_who_comes_in_again(case: str, text: str, again: str, is_in: bool) -> None:
    town = walked(f"{text}\n{WAIT}")
    town.act("go", START)
    # Left on the 12th at 15:00, whenever the clock says so.
    town.tick("2026-03-20")
    assert town.run is None
    town.members["member-1"] = town.member()._replace(clock_at=at("2026-03-12T15:00"))
    town.act("go", again)

    assert (town.run is not None) == is_in, case


def test_what_comes_in_twice_at_one_moment_is_named_apart() -> None:
    town = walked("reentry: always\n" + steps("id: hi, kind: message, template: miss"))
    for _ in range(3):
        town.act("go", START)

    assert len({one.message_id for one in town.messages}) == 3


@pytest.mark.parametrize(
    ("case", "exits", "does", "is_out"),
    [
        ("an order", "event: order", lambda t: t.order(1_00, "2026-03-03"), True),
        ("of too little", "event: order, minimum_minor: 101", lambda t: t.order(1_00, "2026-03-03"), False),
        ("an act", "event: activity, activity: stop", lambda t: t.act("stop", "2026-03-03"), True),
        ("a tier", "event: tier, to: [high]", lambda t: t.order(200_00, "2026-03-03"), True),
        ("an order from before", "event: order", lambda t: t.order(1_00, "2026-03-02T14:59"), False),
        ("what let in does not lead out", "event: activity, activity: go", lambda t: t.act("x", "2026-03-03"), False),
        ("the same again does", "event: activity, activity: go", lambda t: t.act("go", "2026-03-03"), True),
        ("its order is returned", "event: return", lambda t: t.refund("o-1", 50, "2026-03-03"), True),
        ("its order is cancelled", "event: return", lambda t: t.cancel("o-1", "2026-03-03"), True),
        ("another order is returned", "event: return", lambda t: t.refund("o-0", 50, "2026-03-03"), False),
    ],
)  # fmt: skip
def test_who_gets_out(case: str, exits: str, does, is_out: bool) -> None:
    town = walked(f"exits: [{{{exits}}}]\n{WAIT}")
    town.order(1_00, "2026-03-01", order_id="o-0")
    town.order(1_00, "2026-03-01", order_id="o-1")
    town.act("go", START, order_id="o-1")
    does(town)

    assert (town.run is None) == is_out, case
    assert ("exited" in town.steps) == is_out
    town.until("2026-06-01")
    assert ("finished" in town.steps) != is_out


def test_what_happened_long_ago_lets_nobody_in() -> None:
    town = walked(WAIT)
    town.order(1_00, "2026-03-03T15:00:00")
    town.act("go", "2026-03-02T14:59")
    assert town.run is None
    town.act("go", "2026-03-02T15:00")
    assert town.run is not None
    assert town.run.entered_at == at("2026-03-03T15:00")


def test_a_member_is_in_so_many_journeys_at_once_and_no_more() -> None:
    journeys = [
        {"id": f"j{n:02}", "entry": GO, "steps": [{"id": "w", "kind": "wait", "days": 1}]}
        for n in range(JOURNEY_RUNS_MAX + 2)
    ]  # fmt: skip
    town = Walk(built("", **document_of(WAIT, journeys=journeys)))
    town.act("go", START)

    assert len(town.member().journeys) == JOURNEY_RUNS_MAX
    assert [one for one in town.told if one.endswith("#full")] == [
        "journey:j16#full",
        "journey:j17#full",
    ]


CIRCLE = steps(
    "id: w, kind: wait, minutes: 1, next: g", "id: g, kind: give, points: 1, next: w"
)


def test_a_circle_of_waits_ends_at_the_most_steps() -> None:
    town = walked(CIRCLE, return_window_days=1)
    town.act("go", START)
    town.until("2026-03-04T15:00")

    assert town.balance() == JOURNEY_TAKEN_MAX // 2
    assert town.steps[-1] == "exited"
    town.check_books()


def test_one_tick_ends_so_many_waits_and_the_next_goes_on() -> None:
    """So many before an event, and as many after it; a tick is one."""
    town = walked(CIRCLE)
    town.act("go", START)
    town.tick("2026-03-02T17:00")
    assert town.balance() == 2 * JOURNEY_TURNS_MAX
    assert 0 < town.member().next_due_at < at("2026-03-02T17:00")
    town.tick("2026-03-02T17:00")
    assert town.balance() == 120


def a_history(first: str, second: str | None, **fields: Any) -> ProgramHistory:
    """Two versions of a program; without a second text it has no journey any more."""
    one = a_journey(first, **fields)
    then = {"version": 2, "effective_from": "2026-03-05"}
    if second is None:
        two = built("", **document_of(first, journeys=[], **then))
    else:
        two = a_journey(second, **then)
    return ProgramHistory([one, two])


OLD = steps("id: w, kind: wait, days: 5", "id: old, kind: give, points: 1")
NEW = steps("id: x, kind: wait, days: 10", "id: new, kind: give, points: 2")


@pytest.mark.parametrize(
    ("case", "first", "second", "told", "balance"),
    [
        ("kept", OLD, NEW, ["entered", "w", "old", "finished"], 1),
        ("begun anew", OLD, "on_change: restart\n" + NEW, ["entered", "w", "restarted", "x", "new", "finished"], 2),
        ("left", OLD, "on_change: exit\n" + NEW, ["entered", "w", "exited"], 0),
        ("the old one's policy is no matter", "on_change: exit\n" + OLD, NEW, ["entered", "w", "old", "finished"], 1),
        ("gone, and kept", OLD, None, ["entered", "w", "old", "finished"], 1),
        ("gone, and left", "on_change: exit\n" + OLD, None, ["entered", "w", "exited"], 0),
        ("gone, with nothing to begin anew", "on_change: restart\n" + OLD, None, ["entered", "w", "exited"], 0),
        ("the same in a new version", OLD, OLD, ["entered", "w", "old", "finished"], 1),
    ],
)  # fmt: skip
def test_a_new_version_does_what_its_policy_says(
    case: str, first: str, second: str | None, told: list[str], balance: int
) -> None:
    town = Walk(a_history(first, second))
    town.act("go", START)
    town.until("2026-06-01")

    assert town.steps == told, case
    assert town.balance() == balance


def test_whoever_comes_in_later_gets_the_new_version() -> None:
    town = Walk(a_history(OLD, NEW))
    town.act("go", "2026-03-06")
    town.until("2026-06-01")

    assert town.steps == ["entered", "x", "new", "finished"]


def test_who_is_forgotten_is_in_no_journey_and_has_been_in_none() -> None:
    town = walked(WAIT)
    town.act("go", START)
    town.say("member.erase", "2026-03-03")

    assert town.member().journeys == ()
    assert town.member().past_journeys == ()
    assert town.member().next_due_at == 0


def test_a_tick_twice_does_nothing_more() -> None:
    town = walked(steps("id: w, kind: wait, days: 1", "id: hi, kind: message, template: hello", "id: v, kind: wait, days: 1"))  # fmt: skip
    town.act("go", START)
    town.tick("2026-03-03T15:00")
    once = town.member()
    town.tick("2026-03-03T15:00")

    assert town.member()._replace(version=once.version) == once
    assert len(town.messages) == 2


def test_an_event_that_is_refused_or_known_leaves_what_is_due() -> None:
    program = a_journey(
        steps("id: w, kind: wait, days: 1", "id: g, kind: give, points: 5")
    )
    town = Town(program)
    town.order(10_00, "2026-03-01", order_id="o-1")
    town.act("go", START)
    before = town.member()
    town.order(10_00, "2026-03-09", order_id="o-1")

    assert town.member() == before
    outcome = town.decide(Tick(at("2026-03-09")))
    assert isinstance(outcome, Decision)
    assert town.balance() == 15
