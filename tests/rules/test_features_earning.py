"""Features of earning, each through a document: when, where, for whom, how soon."""

import pytest

from loyalty.decision import Duplicate
from tests.builders import a_line, an_order
from tests.rules.town import Town, at, built


def with_rule(rule: str, more: str = "") -> Town:
    return Town(built(f"earn: [{{id: r, {rule}}}]\n" + more))


@pytest.mark.parametrize(
    ("case", "match", "points"),
    [
        ("each unit counts", "skus: [latte]", 15),
        ("any of several", "skus: [latte, scone]", 20),
        ("by category", "categories: [drinks]", 15),
        ("by label", "labels: [vegan]", 5),
        ("named by each list", "categories: [drinks], labels: [vegan]", 0),
        ("less what is excluded", "exclude: {categories: [drinks]}", 5),
        ("an excluded label", "exclude: {labels: [vegan]}", 15),
    ],
)
def test_points_for_units_of_matching_lines(case: str, match: str, points: int) -> None:
    lines = (
        a_line(4_00, sku="latte", category="drinks", quantity=3, line_id="1"),
        a_line(3_00, sku="scone", category="food", labels=("vegan",), line_id="2"),
    )
    town = with_rule(f"kind: item, points: 5, match: {{{match}}}")
    town.order(0, "2026-03-04", lines=lines)

    assert town.balance() == points, case


@pytest.mark.parametrize(
    ("case", "amount_minor", "points"),
    [("reached", 20_00, 10), ("a cent short", 19_99, 0), ("more", 99_00, 10)],
)
def test_a_visit_with_a_minimum(case: str, amount_minor: int, points: int) -> None:
    town = with_rule("kind: visit, points: 10, minimum_minor: 2000")
    town.order(amount_minor, "2026-03-04")

    assert town.balance() == points, case


HAPPY = "{days: [wed], from: '17:00', to: '19:00'}"
NIGHT = "{days: [fri], from: '22:00', to: '02:00'}"
ZONED = """
time_zone: America/New_York
stores: [{id: store-1, time_zone: America/Chicago}]
"""


@pytest.mark.parametrize(
    ("case", "part", "clock", "when", "zone", "is_open"),
    [
        ("its first minute", HAPPY, "store", "2026-03-04T17:00", "America/Chicago", True),
        ("a minute before", HAPPY, "store", "2026-03-04T16:59", "America/Chicago", False),
        ("its last minute", HAPPY, "store", "2026-03-04T18:59", "America/Chicago", True),
        ("its end", HAPPY, "store", "2026-03-04T19:00", "America/Chicago", False),
        ("another day", HAPPY, "store", "2026-03-05T17:00", "America/Chicago", False),
        ("the program's clock", HAPPY, "program", "2026-03-04T18:00", "America/New_York", True),
        ("not the store's", HAPPY, "program", "2026-03-04T18:30", "America/Chicago", False),
        ("past midnight", NIGHT, "store", "2026-03-07T01:59", "America/Chicago", True),
        ("the night before", NIGHT, "store", "2026-03-06T01:59", "America/Chicago", False),
        ("the end of the night", NIGHT, "store", "2026-03-07T02:00", "America/Chicago", False),
    ],
)  # fmt: skip
def test_day_parts_on_the_clock_of_the_store(
    case: str, part: str, clock: str, when: str, zone: str, is_open: bool
) -> None:
    schedule = f"when: {{schedule: {{day_parts: [{part}], clock: {clock}}}}}"
    town = with_rule(f"kind: visit, points: 10, {schedule}", ZONED)
    town.order(1_00, when, zone=zone)

    assert town.balance() == (10 if is_open else 0), case


@pytest.mark.parametrize(
    ("case", "when", "is_open"),
    [
        ("its start", "2026-03-03T17:00", True),
        ("its last minute", "2026-03-03T18:59", True),
        ("its end", "2026-03-03T19:00", False),
        ("the week between", "2026-03-10T17:00", False),
        ("the second week", "2026-03-17T17:30", True),
        ("before the first", "2026-02-17T17:30", False),
    ],
)
def test_a_recurrence_as_icalendar_writes_it(
    case: str, when: str, is_open: bool
) -> None:
    recurrence = (
        "{start: '2026-03-03T17:00', minutes: 120, rule: 'FREQ=WEEKLY;INTERVAL=2'}"
    )
    schedule = f"when: {{schedule: {{recurrence: {recurrence}}}}}"
    town = with_rule(f"kind: visit, points: 10, {schedule}")
    town.order(1_00, when)

    assert town.balance() == (10 if is_open else 0), case


@pytest.mark.parametrize(
    ("case", "when", "happened", "points"),
    [
        ("from its first moment", "from: 2026-03-04", "2026-03-04T00:00", 10),
        ("not before", "from: 2026-03-04", "2026-03-03T23:59", 0),
        ("until its last", "until: 2026-03-05", "2026-03-04T23:59", 10),
        ("not at its end", "until: 2026-03-05", "2026-03-05T00:00", 0),
        ("with a time", "from: '2026-03-04T12:30'", "2026-03-04T12:29", 0),
        ("in its store", "stores: [store-1]", "2026-03-04", 10),
        ("in another store", "stores: [store-2]", "2026-03-04", 0),
        ("in its channel", "channels: [APP]", "2026-03-04", 10),
        ("in another channel", "channels: [KIOSK]", "2026-03-04", 0),
        ("in its segment", "segments: [vip]", "2026-03-04", 10),
        ("in another segment", "segments: [new]", "2026-03-04", 0),
        ("the first order", "order_number: 1", "2026-03-04", 10),
        ("the second order", "order_number: 2", "2026-03-04", 0),
    ],
)
def test_conditions_of_a_rule(case: str, when: str, happened: str, points: int) -> None:
    town = with_rule(f"kind: visit, points: 10, when: {{{when}}}")
    town.say("member.update", "2026-01-01", segments="vip,local")
    town.order(1_00, happened)

    assert town.balance() == points, case


def test_every_third_order_also_after_a_return() -> None:
    town = with_rule("kind: visit, points: 10, when: {every_order: 3}")
    orders = [town.order(1_00, f"2026-03-0{day}") for day in range(1, 7)]
    assert town.balance() == 20
    town.cancel(orders[0], "2026-03-08")
    # Now the orders of 4 and 7 March would be the third and the sixth.
    assert town.balance() == 10


@pytest.mark.parametrize(
    ("formula", "amount_minor", "points"),
    [
        ("amount / 100 + 1", 6_99, 7),
        ("min(amount, 1000) / 100", 99_00, 10),
        ("if(amount >= 2000, 50, 5)", 20_00, 50),
        ("if(amount >= 2000, 50, 5)", 19_99, 5),
        ("amount / (quantity - 1)", 10_00, 3),
        ("0 - amount", 10_00, 0),
    ],
)
def test_points_by_formula_with_a_fallback(
    formula: str, amount_minor: int, points: int
) -> None:
    town = with_rule(f"kind: formula, points: 3, formula: '{formula}'")
    town.order(amount_minor, "2026-03-04")

    assert town.balance() == points


@pytest.mark.parametrize(
    ("case", "attributes", "points"),
    [
        ("as asked for", {"stars": "5"}, 20),
        ("another value", {"stars": "4"}, 0),
        ("nothing said", {}, 0),
    ],
)
def test_acts_earn(case: str, attributes: dict[str, str], points: int) -> None:
    rule = "kind: activity, activity: survey.done, points: 20, attributes: {stars: '5'}"
    town = with_rule(rule)
    town.act("survey.done", "2026-03-04", **attributes)
    town.act("menu.viewed", "2026-03-04", **attributes)

    assert town.balance() == points, case


def test_an_act_counts_for_tiers_once_even_when_a_budget_pays() -> None:
    town = with_rule(
        "kind: activity, activity: hunt, points: 20, budget: b",
        """
budgets: [{id: b, total: 100}]
tiers: [{id: base, name: B, from_points: 0}, {id: top, name: T, from_points: 40}]
""",
    )
    town.act("hunt", "2026-03-04")
    assert (town.balance(), town.member().tier) == (20, "base")
    town.act("hunt", "2026-03-05")
    assert (town.balance(), town.member().tier) == (40, "top")


@pytest.mark.parametrize(
    ("case", "pending", "before", "usable"),
    [
        ("a delay of days", "delay_days: 14", "2026-03-18T11:59", "2026-03-18T12:00"),
        ("of minutes", "delay_minutes: 90", "2026-03-04T13:29", "2026-03-04T13:30"),
        ("the next date", "dates: [01-01, 04-01]", "2026-03-31T23:59", "2026-04-01"),
        ("a date next year", "dates: [01-01]", "2026-12-31T23:59", "2027-01-01"),
        ("today's date is over", "dates: [03-04]", "2027-03-03T23:59", "2027-03-04"),
    ],
)
def test_points_that_wait(case: str, pending: str, before: str, usable: str) -> None:
    town = with_rule(f"points: 1, step_minor: 100, pending: {{{pending}}}")
    order = town.order(10_00, "2026-03-04T12:00")
    town.tick(before)
    assert town.balance() == 0, case
    town.tick(usable)
    assert town.balance() == 10
    town.refund(order, 4_00, usable)
    # After the return window (60 days) the order is closed, and keeps its points.
    is_open = case in {"a delay of days", "of minutes", "the next date"}
    assert town.balance() == (6 if is_open else 10)


@pytest.mark.parametrize(
    ("case", "events", "balance"),
    [
        ("released for its order", ["2026-03-10 o"], 10),
        ("another order's", ["2026-03-10 x"], 0),
        ("for all that wait", ["2026-03-10 -"], 10),
        ("the last moment", ["2026-03-18T11:59 o"], 10),
        ("too late", ["2026-03-18T12:00 o"], 0),
        ("twice", ["2026-03-10 o", "2026-03-11 o"], 10),
        ("before the order", ["2026-03-03 o"], 0),
        ("it never comes", [], 0),
    ],
)
def test_points_that_wait_for_an_act(
    case: str, events: list[str], balance: int
) -> None:
    town = with_rule(
        "points: 1, step_minor: 100, "
        "pending: {release_on: table.visited, cancel_days: 14}"
    )
    town.order(10_00, "2026-03-04T12:00", order_id="o")
    for event in events:
        when, order_id = event.split()
        attributes = {} if order_id == "-" else {"order_id": order_id}
        town.act("table.visited", when, **attributes)
    town.tick("2026-04-30")

    assert town.balance() == balance, case
    never = [one for one in town.told if one.startswith("pending")]
    assert bool(never) == (balance == 0)
    town.check_books()


def test_pending_points_count_for_tiers_when_they_come() -> None:
    town = with_rule(
        "points: 1, step_minor: 100, pending: {delay_days: 5}",
        "tiers: [{id: base, name: B, from_points: 0}, {id: top, name: T, from_points: 10}]",
    )
    town.order(10_00, "2026-03-04T12:00")
    town.tick("2026-03-09T11:59")
    assert town.member().tier == "base"
    town.tick("2026-03-09T12:00")
    assert town.member().tier == "top"


def test_pending_points_of_a_returned_order_never_come() -> None:
    town = with_rule("points: 1, step_minor: 100, pending: {delay_days: 5}")
    order = town.order(10_00, "2026-03-04T12:00")
    town.refund(order, 4_00, "2026-03-05")
    town.tick("2026-04-01")

    assert town.balance() == 6
    town.check_books()


def test_several_wallets_earn_expire_and_pay_apart() -> None:
    town = Town(
        built("""
wallets:
  - {id: points, expiry_days: 30}
  - {id: stamps}
  - {id: credit, unit: minor}
earn:
  - {id: spend, points: 1, step_minor: 100}
  - {id: stamp, kind: item, points: 1, wallet: stamps, match: {skus: [latte]}}
  - {id: back, points: 5, step_minor: 100, wallet: credit}
""")
    )
    town.order(0, "2026-03-04", lines=(a_line(4_00, sku="latte", quantity=2),))
    assert [town.balance(w) for w in ("points", "stamps", "credit")] == [8, 2, 40]
    town.say("points.redeem", "2026-03-05", points=30, wallet="credit")
    refused = town.say("points.redeem", "2026-03-05", points=3, wallet="stamps")
    assert refused.refusal == "insufficient-points"
    town.tick("2026-05-01")
    assert [town.balance(w) for w in ("points", "stamps", "credit")] == [0, 2, 10]
    town.check_books()


def test_an_act_repeated_counts_once() -> None:
    town = with_rule("kind: activity, activity: hunt, points: 20")
    event = an_order("o", occurred_at=at("2026-03-04"))
    town.place(event)
    town.act("hunt", "2026-03-04")
    town._count -= 1
    assert isinstance(town.act("hunt", "2026-03-04"), Duplicate)
    assert town.balance() == 20
