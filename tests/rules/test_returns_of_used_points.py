"""What a return does to points that are used, to visits, formulas and bonuses."""

import pytest

from tests.rules.town import Town, built

PER_ONE = "earn: [{id: spend, points: 1, step_minor: 100}]\n"


BELOW = "wallets: [{id: points, below_zero: %s}]\n" + PER_ONE


@pytest.mark.parametrize(
    ("case", "below", "used", "balance", "debt", "after_next"),
    [
        ("stops at 0", "floor", 60, 0, 0, 30),
        ("owed", "debt", 60, 0, 60, 0),
        ("owed, less than comes next", "debt", 20, 0, 20, 10),
        ("owed, as much as comes next", "debt", 30, 0, 30, 0),
        ("owed, one less", "debt", 29, 0, 29, 1),
        ("negative", "unlimited", 60, 0, 60, 0),
        ("nothing was used", "floor", 0, 0, 0, 30),
    ],
)
def test_a_refund_of_points_that_were_used(
    case: str, below: str, used: int, balance: int, debt: int, after_next: int
) -> None:
    town = Town(built(BELOW % below))
    order = town.order(100_00, "2026-03-01")
    if used:
        town.say("points.redeem", "2026-03-02", points=used)
    town.refund(order, 100_00, "2026-03-03")

    assert (town.balance(), town.debt()) == (balance, debt), case
    town.check_books()
    town.order(30_00, "2026-03-04")
    assert town.balance() == after_next
    assert town.debt() == max(debt - 30, 0)
    town.check_books()


def test_an_unlimited_balance_is_shown_below_zero() -> None:
    town = Town(built(BELOW % "unlimited"))
    order = town.order(100_00, "2026-03-01")
    town.say("points.redeem", "2026-03-02", points=60)
    town.refund(order, 100_00, "2026-03-03")

    assert town.entries["member-1"][-1].balance_after == -60


@pytest.mark.parametrize(
    ("case", "refund_minor", "points"),
    [
        ("a visit stays above its minimum", 10_00, 10),
        ("to the cent", 30_00, 10),
        ("below its minimum it is none", 30_01, 0),
    ],
)
def test_a_visit_is_lost_only_below_its_minimum(
    case: str, refund_minor: int, points: int
) -> None:
    document = "earn: [{id: visit, kind: visit, points: 10, minimum_minor: 2000}]"
    town = Town(built(document))
    order = town.order(50_00, "2026-03-01")
    town.refund(order, refund_minor, "2026-03-02")

    assert town.balance() == points, case


@pytest.mark.parametrize(
    ("case", "rounding", "refund_minor", "points"),
    [
        ("a formula loses its share", "deduct_down", 50_00, 50),
        ("rounded down in the member's favour", "deduct_down", 50_50, 50),
        ("a formula keeps its share", "keep_down", 50_50, 49),
    ],
)
def test_a_formula_gives_back_its_share(
    case: str, rounding: str, refund_minor: int, points: int
) -> None:
    document = f"""
return_rounding: {rounding}
earn: [{{id: f, kind: formula, formula: amount / 100}}]
"""
    town = Town(built(document))
    order = town.order(100_00, "2026-03-01")
    assert town.balance() == 100
    town.refund(order, refund_minor, "2026-03-02")

    assert town.balance() == points, case


@pytest.mark.parametrize(
    ("case", "bonus", "refund_minor", "left"),
    [
        ("x3 of the rest", "kind: multiply, factor: 3", 5_00, 15),
        ("x1.5 of 5 drops the half again", "kind: multiply, factor: 1.5", 5_00, 7),
        ("an addition stays with the order", "kind: add, points: 7", 5_00, 12),
        ("until nothing of it is left", "kind: add, points: 7", 10_00, 0),
    ],
)
def test_a_return_and_bonuses(
    case: str, bonus: str, refund_minor: int, left: int
) -> None:
    town = Town(built(PER_ONE + f"bonuses: [{{id: b, {bonus}}}]"))
    order = town.order(10_00, "2026-03-01")
    town.refund(order, refund_minor, "2026-03-02")

    assert town.balance() == left, case
