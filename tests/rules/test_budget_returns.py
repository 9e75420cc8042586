"""Points that a budget pays: orders that change keep what they would earn without."""

from random import Random

import pytest

from loyalty.accounts import granted
from loyalty.budgets import Answer, Asked
from loyalty.decide import decide
from loyalty.decision import Decision
from loyalty.events import ADJUSTED
from loyalty.member import NEW_MEMBER, balance_of
from tests.builders import a_refund, an_order
from tests.rules.test_stock import spent
from tests.rules.town import Town, at, built

RULES = """
earn: [{id: spend, points: 1, step_minor: 100%s}]
bonuses: [{id: more, kind: add, points: 50%s}]
"""
BUDGET = "budgets: [{id: few, total: %d, edge: partial}]\n"
SPEND = BUDGET + "earn: [{id: spend, points: 1, step_minor: 100, budget: few}]\n"
Step = tuple[str, int]


def a_town_with_a_budget(total: int = 1_000_000) -> Town:
    return Town(built(BUDGET % total + RULES % (", budget: few", ", budget: few")))


def adjust(town: Town, amount_minor: int, when: str) -> None:
    """Let the order `o` have been of another amount."""
    adjusted = an_order(
        "o",
        subtotal_minor=amount_minor,
        kind=ADJUSTED,
        event_id=f"adjusted-{when}-{amount_minor}",
        occurred_at=at(when),
    )
    assert isinstance(town.place(adjusted), Decision)


def go(town: Town, steps: list[Step]) -> None:
    """Go through what happens to an order of $100, a day each."""
    town.order(100_00, "2026-03-01", order_id="o")
    for day, (kind, amount_minor) in enumerate(steps, start=2):
        when = f"2026-03-{day:02}"
        if kind == "refund":
            town.refund("o", amount_minor, when)
        elif kind == "adjust":
            adjust(town, amount_minor, when)
        else:
            town.cancel("o", when)


@pytest.mark.parametrize(
    ("case", "steps", "balance"),
    [
        ("as it is", [], 150),
        ("a part comes back", [("refund", 25_00)], 125),
        ("an addition stays until nothing is left", [("refund", 99_00)], 51),
        ("ten returns of a cent", [("refund", 1)] * 10, 150),
        ("two halves", [("refund", 50_00), ("refund", 50_00)], 0),
        ("adjusted to the same", [("adjust", 100_00)], 150),
        ("adjusted to half", [("adjust", 50_00)], 100),
        ("to half, and half of that back", [("adjust", 50_00), ("refund", 25_00)], 75),
        ("to more", [("adjust", 120_00)], 170),
        ("to more, and half back", [("adjust", 120_00), ("refund", 60_00)], 110),
        ("to half, and up again", [("adjust", 50_00), ("adjust", 80_00)], 130),
        ("to nothing, and up again", [("adjust", 0), ("adjust", 80_00)], 130),
        ("a part back, then adjusted", [("refund", 25_00), ("adjust", 120_00)], 145),
        ("cancelled", [("adjust", 120_00), ("cancel", 0)], 0),
    ],
)
def test_an_order_whose_points_a_budget_pays_is_changed_as_any_other(
    case: str, steps: list[Step], balance: int
) -> None:
    town, plain = a_town_with_a_budget(), Town(built(RULES % ("", "")))
    go(town, steps)
    go(plain, steps)

    assert town.balance() == plain.balance() == balance, case
    assert spent(town, "few") == balance
    town.check_books()


@pytest.mark.parametrize("seed", range(40))
def test_a_budget_makes_no_difference_to_any_row_of_changes(seed: int) -> None:
    random = Random(seed)
    steps = [
        (random.choice(("refund", "refund", "adjust")), random.randrange(0, 130_00))
        for _ in range(random.randrange(1, 6))
    ]
    town, plain = a_town_with_a_budget(), Town(built(RULES % ("", "")))
    go(town, steps)
    go(plain, steps)

    assert town.balance() == plain.balance(), steps
    assert spent(town, "few") == town.balance()


@pytest.mark.parametrize(
    ("case", "steps", "balance"),
    [
        ("all that there is", [], 60),
        ("a quarter comes back", [("refund", 25_00)], 45),
        ("three thirds of it, as one", [("refund", 11_11)] * 3, 40),
        ("as these three", [("refund", 33_33)], 40),
        ("adjusted to half", [("adjust", 50_00)], 30),
        ("to half, and half of that back", [("adjust", 50_00), ("refund", 25_00)], 15),
        ("to more: nothing is left for it", [("adjust", 120_00)], 60),
    ],
)
def test_a_budget_that_gave_a_part_keeps_its_part_of_what_is_left(
    case: str, steps: list[Step], balance: int
) -> None:
    town = Town(built(SPEND % 60))
    go(town, steps)

    assert town.balance() == balance, case
    assert spent(town, "few") == balance


def test_an_order_after_its_return_is_paid_for_what_is_left() -> None:
    town = Town(built(SPEND % 1_000))
    town.decide(
        a_refund("o", amount_minor=25_00, refund_id="r", occurred_at=at("2026-03-02"))
    )
    town.order(100_00, "2026-03-01", order_id="o")

    assert (town.balance(), spent(town, "few")) == (75, 75)


def test_an_order_that_changed_before_its_budget_answered_gets_what_is_left() -> None:
    program = built(SPEND % 1_000)
    order = an_order("o", subtotal_minor=100_00, occurred_at=at("2026-03-01"))
    placed = decide(NEW_MEMBER, order, program, member_id="member-1")
    assert isinstance(placed, Decision)
    refund = a_refund("o", amount_minor=25_00, occurred_at=at("2026-03-02"))
    returned = decide(placed.member, refund, program, member_id="member-1")
    assert isinstance(returned, Decision)
    assert not returned.claims
    (claim,) = placed.claims
    answer = granted(Answer(Asked(claim, claim.desired), claim.desired))
    answered = decide(returned.member, answer, program, member_id="member-1")
    assert isinstance(answered, Decision)

    assert balance_of(answered.member.lots) == 75
    assert [release.units for release in answered.releases] == [25]
