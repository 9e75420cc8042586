"""Acceptance cases, expiry and order of use (EX-28 to EX-40), with neighbours."""

import pytest

from loyalty.member import PointsLot
from tests.builders import a_line
from tests.rules.town import Town, at, built

SPEND = "earn: [{id: spend, points: 1, step_minor: 100}]\n"


def expiring(expiry: str, more: str = "") -> str:
    return SPEND + f"expiry: {{{expiry}}}\n" + more


@pytest.mark.parametrize(
    ("case", "expiry", "earned", "gone"),
    [
        (
            "EX-28 P12M through the end of its month",
            "kind: rolling, amount: 12, unit: month, round_up_to: month",
            "2020-07-06T10:00",
            "2021-08-01",
        ),
        (
            "EX-28 earned on the month's last day",
            "kind: rolling, amount: 12, unit: month, round_up_to: month",
            "2020-07-31T23:59",
            "2021-08-01",
        ),
        (
            "EX-28 a minute later it is another month",
            "kind: rolling, amount: 12, unit: month, round_up_to: month",
            "2020-08-01",
            "2021-09-01",
        ),
        (
            "EX-28 into February of a leap year",
            "kind: rolling, amount: 12, unit: month, round_up_to: month",
            "2023-02-28",
            "2024-03-01",
        ),
        (
            "EX-30 one month: through the end of 25 February",
            "kind: rolling, amount: 1, unit: month",
            "2026-01-25T12:00",
            "2026-02-26",
        ),
        (
            "EX-30 0 months: gone at 00:00 on 2 January",
            "kind: rolling, amount: 0, unit: month",
            "2026-01-01T00:00",
            "2026-01-02",
        ),
        (
            "EX-30 0 months, earned in the last minute",
            "kind: rolling, amount: 0, unit: month",
            "2026-01-01T23:59",
            "2026-01-02",
        ),
        (
            "31 January and one month is 28 February",
            "kind: rolling, amount: 1, unit: month",
            "2026-01-31T12:00",
            "2026-03-01",
        ),
        (
            "31 January and one month is 29 February in a leap year",
            "kind: rolling, amount: 1, unit: month",
            "2024-01-31T12:00",
            "2024-03-01",
        ),
        (
            "30 January of a leap year",
            "kind: rolling, amount: 1, unit: month",
            "2024-01-30",
            "2024-03-01",
        ),
        (
            "31 March and one month is 30 April",
            "kind: rolling, amount: 1, unit: month",
            "2026-03-31",
            "2026-05-01",
        ),
        (
            "29 February and a year is 28 February",
            "kind: rolling, amount: 1, unit: year",
            "2024-02-29",
            "2025-03-01",
        ),
        (
            "EX-32 any day in January: gone after 28 February",
            "kind: rolling, amount: 1, unit: month, round_up_to: month",
            "2026-01-01",
            "2026-03-01",
        ),
        (
            "EX-32 the last day of January",
            "kind: rolling, amount: 1, unit: month, round_up_to: month",
            "2026-01-31T23:59",
            "2026-03-01",
        ),
        (
            "EX-32 the first of February",
            "kind: rolling, amount: 1, unit: month, round_up_to: month",
            "2026-02-01",
            "2026-04-01",
        ),
        (
            "rounded up to the quarter",
            "kind: rolling, amount: 1, unit: month, round_up_to: quarter",
            "2026-02-28",
            "2026-04-01",
        ),
        (
            "rounded up to the half year",
            "kind: rolling, amount: 1, unit: month, round_up_to: half",
            "2026-06-01",
            "2027-01-01",
        ),
        (
            "rounded up to the year",
            "kind: rolling, amount: 10, unit: day, round_up_to: year",
            "2026-12-22",
            "2028-01-01",
        ),
        (
            "a day that is the last of its year is not rounded further",
            "kind: rolling, amount: 10, unit: day, round_up_to: year",
            "2026-12-21",
            "2027-01-01",
        ),
        (
            "calendar: the next of its dates",
            "kind: calendar, dates: [06-30, 12-31]",
            "2026-06-30T23:59",
            "2026-07-01",
        ),
        (
            "calendar: a day after a date",
            "kind: calendar, dates: [06-30, 12-31]",
            "2026-07-01",
            "2027-01-01",
        ),
        (
            "calendar: at least 30 days away",
            "kind: calendar, dates: [06-30, 12-31], minimum_days: 30",
            "2026-05-31",
            "2026-07-01",
        ),
        (
            "calendar: 29 days away is too near",
            "kind: calendar, dates: [06-30, 12-31], minimum_days: 30",
            "2026-06-01",
            "2027-01-01",
        ),
    ],
)
def test_points_are_there_until_a_midnight_and_not_after(
    case: str, expiry: str, earned: str, gone: str
) -> None:
    town = Town(built(expiring(expiry)))
    town.order(10_00, earned)

    assert town.member().next_due_at == at(gone), case
    town.decide_tick(at(gone) - 1)
    assert town.balance() == 10
    town.decide_tick(at(gone))
    assert town.balance() == 0
    town.check_books()


@pytest.mark.parametrize(
    ("case", "zone", "earned", "gone"),
    [
        ("the evening belongs to its own day", "America/New_York", "2026-01-25T23:59", "2026-02-26"),
        ("across a spring change", "America/New_York", "2026-02-20T12:00", "2026-03-21"),
        ("on the day of a spring change", "Europe/Berlin", "2026-02-28T12:00", "2026-03-29"),
        ("on the day of an autumn change", "Europe/Berlin", "2026-09-24T23:59", "2026-10-25"),
        ("a midnight that does not exist", "America/Santiago", "2026-08-05T12:00", "2026-09-06"),
    ],
)  # fmt: skip
def test_expiry_is_at_a_local_midnight(
    case: str, zone: str, earned: str, gone: str
) -> None:
    document = expiring("kind: rolling, amount: 1, unit: month", f"time_zone: {zone}")
    town = Town(built(document))
    town.order(10_00, earned, zone=zone)

    expected = at(gone, zone)
    assert town.member().next_due_at == expected, case
    town.decide_tick(expected - 1)
    assert town.balance() == 10
    town.decide_tick(expected)
    assert town.balance() == 0


SLIDING = expiring("kind: sliding, amount: 1, unit: month")


@pytest.mark.parametrize(
    ("case", "what", "gone"),
    [
        ("nothing", "", "2026-02-26"),
        ("another order", "order", "2026-03-06"),
        ("an act", "act", "2026-03-06"),
        ("using points", "redeem", "2026-03-06"),
        ("a correction is no activity", "adjust", "2026-02-26"),
    ],
)
def test_ex_30_one_month_after_the_last_activity(
    case: str, what: str, gone: str
) -> None:
    town = Town(built(SLIDING))
    town.order(10_00, "2026-01-25T12:00")
    if what == "order":
        town.order(1, "2026-02-05T12:00")
    elif what == "act":
        town.act("menu.viewed", "2026-02-05T12:00")
    elif what == "redeem":
        town.say("points.redeem", "2026-02-05T12:00", points=1)
    elif what == "adjust":
        town.say("points.adjust", "2026-02-05T12:00", points=-1)

    assert town.member().lots[0].expires_at == at(gone), case


def test_activity_at_the_midnight_itself_is_too_late() -> None:
    town = Town(built(SLIDING))
    town.order(10_00, "2026-01-25T12:00")
    town.order(5_00, "2026-02-26T00:00")

    assert town.balance() == 5


TRANSFERS = expiring("kind: rolling, amount: 1, unit: month", "transfers: {expiry: ")


@pytest.mark.parametrize(
    ("case", "policy", "sent", "gone"),
    [
        ("EX-33 transferred on 25 January", "reset}", "2026-01-25", "2026-02-26"),
        ("EX-33 transferred on 31 January", "reset}", "2026-01-31", "2026-03-01"),
        ("the other policy keeps the expiry", "kept}", "2026-01-25", "2026-02-11"),
    ],
)
def test_ex_33_a_transferred_lot_has_an_expiry_of_its_own(
    case: str, policy: str, sent: str, gone: str
) -> None:
    town = Town(built(TRANSFERS + policy))
    town.order(100_00, "2026-01-10")
    town.say("points.transfer", sent, to="member-2", points=40)

    lots = town.member("member-2").lots
    assert [(lot.points, lot.expires_at) for lot in lots] == [(40, at(gone))], case
    assert town.balance() == 60
    town.check_books()


def test_a_transfer_that_keeps_expiry_splits_by_lot_in_the_order_of_use() -> None:
    town = Town(built(TRANSFERS + "kept}"))
    town.order(30_00, "2026-01-10")
    town.order(50_00, "2026-01-12")
    town.say("points.transfer", "2026-01-20", to="member-2", points=45)

    lots = town.member("member-2").lots
    assert [(lot.points, lot.expires_at) for lot in lots] == [
        (30, at("2026-02-11")),
        (15, at("2026-02-13")),
    ]


@pytest.mark.parametrize("state", ["pending", "expired"])
def test_ex_33_pending_or_expired_points_cannot_be_sent(state: str) -> None:
    document = """
earn: [{id: spend, points: 1, step_minor: 100, pending: {delay_days: 90}}]
transfers: {}
"""
    document = document if state == "pending" else TRANSFERS + "reset}"
    town = Town(built(document))
    town.order(100_00, "2026-01-10")
    decision = town.say("points.transfer", "2026-02-11", to="member-2", points=1)

    assert decision.refusal == "insufficient-points"
    assert town.balance(member_id="member-2") == 0


EX_34 = """
time_zone: Europe/Berlin
wallets: [{id: points, expiry: {kind: calendar, dates: [12-31]}}, {id: rewards}]
earn: [{id: spend, points: 1, step_minor: 100, pending: {dates: [01-01]}}]
auto_redeem: [{id: bank, every: 100, into: rewards}]
tiers: [{id: base, name: Base, from_points: 0}, {id: top, name: Top, from_points: 150}]
tier_policy: {basis: balance}
"""


@pytest.mark.parametrize(
    ("case", "points", "rewards", "expired", "left"),
    [
        ("EX-34 one reward, the rest expires", 150, 1, 50, 0),
        ("EX-34 below a reward all of it expires", 99, 0, 99, 0),
        ("EX-34 exactly a reward, nothing to expire", 100, 1, 0, 0),
    ],
)
def test_ex_34_activate_then_redeem_then_expire_at_one_midnight(
    case: str, points: int, rewards: int, expired: int, left: int
) -> None:
    town = Town(built(EX_34))
    town.order(points * 100, "2025-12-30T12:00", zone="Europe/Berlin")
    before = town.balance()
    midnight = at("2026-01-01", "Europe/Berlin")
    town.decide_tick(midnight - 1)
    assert town.balance() == before == 0
    town.decide_tick(midnight)

    ended = sum(-e.points for e in town.entries["member-1"] if e.kind == "EXPIRE")
    assert (town.balance("rewards"), ended, town.balance()) == (rewards, expired, left)
    assert {e.occurred_at for e in town.entries["member-1"]} == {midnight}, case
    kinds = [e.kind for e in town.entries["member-1"]]
    assert kinds[0] == "EARN"
    town.check_books()


def test_points_that_come_after_their_end_expire_when_they_come() -> None:
    document = """
expiry_days: 10
earn: [{id: spend, points: 1, step_minor: 100, pending: {delay_days: 30}}]
"""
    town = Town(built(document))
    town.order(5_00, "2026-01-01T12:00")
    town.tick("2026-03-01")

    entries = [(e.kind, e.points, e.occurred_at) for e in town.entries["member-1"]]
    comes = at("2026-01-31T12:00")
    assert entries == [("EARN", 5, comes), ("EXPIRE", -5, comes)]


def lots_of(town: Town) -> list[int]:
    """Points left by order, oldest first."""
    lots: list[PointsLot] = sorted(town.member().lots, key=lambda lot: lot.earned_at)
    return [lot.points for lot in lots]


@pytest.mark.parametrize(
    ("case", "used", "left"),
    [
        ("EX-36", 120, [130]),
        ("EX-36 one below the first lot", 99, [1, 150]),
        ("EX-36 the first lot exactly", 100, [150]),
        ("EX-36 one more", 101, [149]),
        ("EX-36 all", 250, []),
    ],
)
def test_ex_36_the_oldest_points_go_first(
    case: str, used: int, left: list[int]
) -> None:
    town = Town(built(SPEND))
    town.order(100_00, "2026-01-10")
    town.order(150_00, "2026-03-10")
    town.say("points.redeem", "2026-04-10", points=used)

    assert lots_of(town) == left, case
    town.check_books()


BURN = """
wallets: [{id: points, burn_order: %s, expiry: {kind: rolling, amount: 12, unit: month}}]
earn:
  - {id: spend, points: 1, step_minor: 100, match: {exclude: {skus: [promo]}}}
  - id: promo
    points: 1
    step_minor: 100
    match: {skus: [promo]}
    expiry: {kind: rolling, amount: 30}
"""


@pytest.mark.parametrize(
    ("case", "order", "used", "left"),
    [
        ("soonest expiry: the promotion's first", "soonest_expiry", 50, [100, 0]),
        ("soonest expiry: then the older", "soonest_expiry", 51, [99, 0]),
        ("oldest: the older first", "oldest", 50, [50, 50]),
        ("oldest: exactly", "oldest", 100, [0, 50]),
        ("oldest: one more", "oldest", 101, [0, 49]),
    ],
)
def test_burn_orders_differ_when_a_promotion_has_its_own_expiry(
    case: str, order: str, used: int, left: list[int]
) -> None:
    town = Town(built(BURN % order))
    town.order(100_00, "2026-01-10")
    town.order(0, "2026-02-10", lines=(a_line(50_00, sku="promo"),))
    town.say("points.redeem", "2026-02-11", points=used)

    lots = {lot.rule_id: lot.points for lot in town.member().lots}
    assert [lots.get("spend", 0), lots.get("promo", 0)] == left, case


@pytest.mark.parametrize(
    ("spend", "refusal", "balance"),
    [(100, "insufficient-points", 90), (91, "insufficient-points", 90), (90, "", 0)],
)
def test_ex_38_no_more_than_there_is(spend: int, refusal: str, balance: int) -> None:
    town = Town(built(SPEND))
    town.say("points.adjust", "2026-01-01", points=100)
    town.say("points.redeem", "2026-01-02", points=10)
    decision = town.say("points.redeem", "2026-01-03", points=spend)

    assert decision.refusal == refusal
    assert town.balance() == balance


def test_ex_39_lots_before_and_after_expiry() -> None:
    town = Town(built(SPEND + "expiry_days: 60"))
    town.say("points.adjust", "2026-01-01", points=300)
    town.say("points.adjust", "2026-02-01", points=200)
    town.say("points.redeem", "2026-02-15", points=200)
    assert lots_of(town) == [100, 200]

    town.tick("2026-03-03")
    assert lots_of(town) == [200]
    town.tick("2026-04-02T23:59")
    assert lots_of(town) == [200]
    town.tick("2026-04-03")
    assert town.say("points.redeem", "2026-04-03", points=1).refusal == (
        "insufficient-points"
    )
    town.check_books()


PAY = "payment: {points: 111, minor: 1}"


@pytest.mark.parametrize(
    ("case", "payment", "start", "asked", "points", "paid"),
    [
        ("EX-40", PAY, 20_000, {"amount_minor": 1_00}, 11_100, 1_00),
        ("EX-40 exactly enough", PAY, 11_100, {"amount_minor": 1_00}, 11_100, 1_00),
        ("EX-40 one point short", PAY, 11_099, {"amount_minor": 1_00}, None, None),
        ("EX-40 a card with 0 points", PAY, 0, {"amount_minor": 1_00}, None, None),
        (
            "as much as the balance pays",
            PAY,
            11_099,
            {"amount_minor": 1_00, "partial": True},
            10_989,
            99,
        ),
        (
            "not even a cent",
            PAY,
            110,
            {"amount_minor": 1_00, "partial": True},
            None,
            None,
        ),
        (
            "at most so many points",
            PAY,
            20_000,
            {"amount_minor": 1_00, "points_max": 5_549},
            5_439,
            49,
        ),
        (
            "to the point",
            PAY,
            20_000,
            {"amount_minor": 1_00, "points_max": 5_550},
            5_550,
            50,
        ),
        (
            "a point for three cents: rounded up",
            "payment: {points: 1, minor: 3}",
            50,
            {"amount_minor": 1_00},
            34,
            1_00,
        ),
        (
            "a point for three cents: 99",
            "payment: {points: 1, minor: 3}",
            50,
            {"amount_minor": 99},
            33,
            99,
        ),
        ("no payment in the program", "", 50, {"amount_minor": 1}, None, None),
    ],
)
def test_ex_40_pay_with_points(
    case: str,
    payment: str,
    start: int,
    asked: dict[str, int | bool],
    points: int | None,
    paid: int | None,
) -> None:
    town = Town(built(SPEND + payment))
    if start:
        town.say("points.adjust", "2026-01-01", points=start)
    decision = town.say("points.redeem", "2026-01-02", **asked)

    result = decision.result or {}
    assert (result.get("points"), result.get("amount_minor")) == (points, paid), case
    assert town.balance() == start - (points or 0)
    assert bool(decision.refusal) == (points is None)
