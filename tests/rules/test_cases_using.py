"""Acceptance cases, order of use and payment (EX-36 to EX-40), with neighbours."""

import pytest

from loyalty.member import PointsLot
from tests.builders import a_line
from tests.rules.town import Town, built

SPEND = "earn: [{id: spend, points: 1, step_minor: 100}]\n"


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
