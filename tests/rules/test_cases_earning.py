"""Acceptance cases, earning (EX-01 to EX-26), as documents; each with neighbours."""

import pytest

from loyalty.decision import Duplicate
from loyalty.events import OrderLine
from loyalty.wallets import shown
from tests.builders import a_line, an_order
from tests.rules.town import Town, at, built

NOW = "2026-03-04T12:00"
COFFEE = a_line(4_00, sku="latte", category="coffee", line_id="2")


def earned(document: str, *lines: OrderLine) -> int:
    """Points of one order."""
    town = Town(built(document))
    town.order(0, NOW, lines=lines)
    town.check_books()
    return town.balance()


def spend_of(points: int, step_minor: int, more: str = "") -> str:
    return f"earn: [{{id: spend, points: {points}, step_minor: {step_minor}}}]\n" + more


@pytest.mark.parametrize(
    ("case", "step_minor", "amount_minor", "points"),
    [
        ("EX-01 $105.00", 10_00, 105_00, 10),
        ("EX-01 a cent below the step", 10_00, 109_99, 10),
        ("EX-01 the next step", 10_00, 110_00, 11),
        ("EX-01 below the first step", 10_00, 9_99, 0),
        ("EX-01 the first step", 10_00, 10_00, 1),
        ("EX-02 $12.00", 1_00, 12_00, 12),
        ("EX-02 $11.99", 1_00, 11_99, 11),
        ("EX-02 $12.01", 1_00, 12_01, 12),
        ("EX-15 $6.75 shows 6", 1_00, 6_75, 6),
        ("EX-15 $7.00", 1_00, 7_00, 7),
    ],
)
def test_spend_counts_whole_steps(
    case: str, step_minor: int, amount_minor: int, points: int
) -> None:
    assert earned(spend_of(1, step_minor), a_line(amount_minor)) == points, case


@pytest.mark.parametrize(
    ("rounding", "amount_minor", "points"),
    [
        ("down", 14_99, 1),
        ("nearest", 14_99, 1),
        ("nearest", 15_00, 2),
        ("up", 10_00, 1),
        ("up", 10_01, 2),
    ],
)
def test_steps_round_as_the_rule_says(
    rounding: str, amount_minor: int, points: int
) -> None:
    document = f"earn: [{{id: s, points: 1, step_minor: 1000, rounding: {rounding}}}]"

    assert earned(document, a_line(amount_minor)) == points


@pytest.mark.parametrize(
    ("case", "basis", "included", "price_minor", "tax_minor", "points"),
    [
        ("EX-04 before tax", "before_tax", "false", 21_90, 1_45, 21),
        ("EX-04 after tax", "after_tax", "false", 21_90, 1_45, 23),
        ("EX-04 after tax, a cent below", "after_tax", "false", 21_54, 1_45, 22),
        ("EX-06 net of an included tax", "before_tax", "true", 2_00, 15, 1),
        ("EX-06 gross", "after_tax", "true", 2_00, 15, 2),
        ("EX-06 net that is whole", "before_tax", "true", 2_15, 15, 2),
        ("EX-06 net a cent below", "before_tax", "true", 2_14, 15, 1),
    ],
)
def test_the_tax_basis_decides_what_money_counts(
    case: str, basis: str, included: str, price_minor: int, tax_minor: int, points: int
) -> None:
    more = f"tax_basis: {basis}\nprices_include_tax: {included}"
    line = a_line(price_minor, tax_minor=tax_minor)

    assert earned(spend_of(1, 1_00, more), line) == points, case


def test_ex_04_one_point_per_ten_dollars_before_tax() -> None:
    assert earned(spend_of(1, 10_00), a_line(21_90, tax_minor=1_45)) == 2
    assert earned(spend_of(1, 10_00), a_line(30_00, tax_minor=1_45)) == 3
    assert earned(spend_of(1, 10_00), a_line(29_99, tax_minor=1_45)) == 2


TWO_RULES = """
earn:
  - {id: spend, points: 1, step_minor: 100}
  - {id: coffee, kind: item, points: 5, match: {categories: [coffee]}}
conflict: """


@pytest.mark.parametrize(
    ("case", "conflict", "burger_minor", "points"),
    [
        ("EX-07 the rule granting most", "max", 8_00, 12),
        ("EX-07 the other policy: sum", "sum", 8_00, 17),
        ("EX-07 the first that gives", "first", 8_00, 12),
        ("one coffee beats less money", "max", 99, 5),
        ("a tie goes to the first listed", "max", 1_00, 5),
        ("one dollar more decides", "max", 2_00, 6),
    ],
)
def test_ex_07_conflicts_of_base_rules(
    case: str, conflict: str, burger_minor: int, points: int
) -> None:
    lines = (a_line(burger_minor, line_id="1"), COFFEE)

    assert earned(TWO_RULES + conflict, *lines) == points, case


@pytest.mark.parametrize(
    ("case", "base", "bonus", "points"),
    [
        ("EX-08 addition", 5, "kind: add, points: 3", 8),
        ("EX-10 factor 1.5", 4, 'kind: multiply, factor: "1.5"', 6),
        ("factor 1.5 of 5 drops the half", 5, 'kind: multiply, factor: "1.5"', 7),
        ("factor 1.5 of 1 adds nothing", 1, "kind: multiply, factor: 1.5", 1),
        ("EX-12 x3 of 6", 6, "kind: multiply, factor: 3", 18),
        ("three decimals", 1_000, 'kind: multiply, factor: "1.001"', 1_001),
        ("three decimals, below", 999, 'kind: multiply, factor: "1.001"', 999),
        ("x10", 7, "kind: multiply, factor: 10", 70),
    ],
)
def test_a_bonus_comes_on_top_of_base_points(
    case: str, base: int, bonus: str, points: int
) -> None:
    document = f"""
earn: [{{id: visit, kind: visit, points: {base}}}]
bonuses: [{{id: bonus, {bonus}}}]
"""
    assert earned(document, a_line()) == points, case


@pytest.mark.parametrize(
    ("case", "conflict", "b_created", "points"),
    [
        ("EX-13 the newest counts", "newest", "2026-02-01", 15),
        ("EX-13 the older one is newer now", "newest", "2025-12-31", 30),
        ("of one day the last listed", "newest", "2026-01-01", 15),
        ("the best counts", "best", "2026-02-01", 30),
        ("all count", "sum", "2026-02-01", 35),
    ],
)
def test_ex_13_which_of_two_promotions_counts(
    case: str, conflict: str, b_created: str, points: int
) -> None:
    document = f"""
earn: [{{id: visit, kind: visit, points: 10}}]
bonus_conflict: {conflict}
bonuses:
  - {{id: a, kind: multiply, factor: 3, created: 2026-01-01}}
  - {{id: b, kind: add, points: 5, created: {b_created}}}
"""
    assert earned(document, a_line()) == points, case


@pytest.mark.parametrize(
    ("case", "checks_minor", "stored", "whole"),
    [
        ("EX-15 one check", (6_75,), 6_75, 6),
        ("EX-15 hundredths add up", (6_75, 6_75), 13_50, 13),
        ("a cent below", (6_75, 6_24), 12_99, 12),
        ("to the cent", (6_75, 6_25), 13_00, 13),
    ],
)
def test_ex_15_hundredths_are_stored_and_whole_points_shown(
    case: str, checks_minor: tuple[int, ...], stored: int, whole: int
) -> None:
    document = """
wallets: [{id: points, unit: minor}]
earn: [{id: spend, points: 1, step_minor: 1}]
"""
    town = Town(built(document))
    for amount_minor in checks_minor:
        town.order(amount_minor, NOW)

    assert town.balance() == stored, case
    assert shown(town.balance(), town.program.wallet.unit) == whole
    assert shown(-town.balance(), town.program.wallet.unit) == -whole
    assert shown(town.balance(), "points") == stored


@pytest.mark.parametrize(
    ("kind", "points"),
    [("GIFT_CARD", 30), ("TIP", 30), ("DELIVERY", 30), ("FEE", 30), ("ITEM", 50)],
)
def test_ex_16_gift_cards_tips_fees_and_delivery_earn_nothing(
    kind: str, points: int
) -> None:
    lines = (a_line(30_00), a_line(20_00, kind=kind, line_id="2"))

    assert earned(spend_of(1, 1_00), *lines) == points


@pytest.mark.parametrize(
    ("case", "start", "order_minor", "rewards", "left"),
    [
        ("EX-18", 95, 7_20, 1, 2),
        ("one point short", 95, 4_99, 0, 99),
        ("exactly", 95, 5_00, 1, 0),
        ("two at once", 95, 105_00, 2, 0),
        ("one short of two", 95, 104_99, 1, 99),
    ],
)
def test_ex_18_whole_hundreds_become_rewards(
    case: str, start: int, order_minor: int, rewards: int, left: int
) -> None:
    document = """
wallets: [{id: points}, {id: rewards}]
earn: [{id: spend, points: 1, step_minor: 100}]
auto_redeem: [{id: bank, every: 100, into: rewards}]
"""
    town = Town(built(document))
    town.say("points.adjust", "2026-03-01", points=start)
    town.order(order_minor, NOW)

    assert (town.balance("rewards"), town.balance()) == (rewards, left), case
    town.check_books()


CART = (
    a_line(12_00, sku="123", labels=("red",), line_id="1"),
    a_line(100_00, sku="000", labels=("blue",), line_id="2"),
    a_line(40_00, sku="0001", kind="DELIVERY", line_id="3"),
)
BOTH = "kinds: [ITEM, DELIVERY]"


@pytest.mark.parametrize(
    ("case", "rules", "points"),
    [
        ("EX-19", f"[{{id: a, points: 4, match: {{{BOTH}}}}}]", 608),
        (
            "EX-20 not SKU 000",
            f"[{{id: a, points: 4, match: {{{BOTH}, exclude: {{skus: ['000']}}}}}}]",
            208,
        ),
        (
            "EX-20 not red",
            f"[{{id: a, points: 4, match: {{{BOTH}, exclude: {{labels: [red]}}}}}}]",
            560,
        ),
        (
            "EX-20 neither red nor delivery",
            "[{id: a, points: 4, match: {exclude: {labels: [red]}}}]",
            400,
        ),
        (
            "EX-23 minimum 100",
            f"[{{id: a, points: 4, minimum_minor: 10000, match: {{{BOTH}}}}}]",
            608,
        ),
        (
            "EX-23 minimum reached to the cent",
            f"[{{id: a, points: 4, minimum_minor: 15200, match: {{{BOTH}}}}}]",
            608,
        ),
        (
            "EX-23 minimum a cent above",
            f"[{{id: a, points: 4, minimum_minor: 15201, match: {{{BOTH}}}}}]",
            0,
        ),
        (
            "EX-23 over the amount itself is not reached",
            f"[{{id: a, points: 4, over_minor: 15200, match: {{{BOTH}}}}}]",
            0,
        ),
        (
            "EX-23 minimum 300",
            f"[{{id: a, points: 4, minimum_minor: 30000, match: {{{BOTH}}}}}]",
            0,
        ),
    ],
)
def test_ex_19_20_23_what_of_a_cart_counts(case: str, rules: str, points: int) -> None:
    assert earned(f"earn: {rules}", *CART) == points, case


EX_24 = f"""
earn:
  - {{id: four, points: 4, match: {{{BOTH}}}}}
  - {{id: ten, points: 10, match: {{{BOTH}}}}}
bonuses:
  - {{id: red, kind: multiply, factor: 3, match: {{labels: [red]}}}}
  - {{id: blue, kind: multiply, factor: 5, match: {{labels: [blue]}}}}
  - {{id: extra, kind: add, points: 200, match: {{skus: ['000']}}}}
"""


@pytest.mark.parametrize(
    ("case", "match", "points"),
    [
        ("EX-22 by sku", "skus: ['123']", 704),
        ("EX-22 by label", "labels: [red]", 704),
        ("product lines: the other one", "labels: [blue]", 1_408),
        ("a label that no line has", "labels: [green]", 608),
    ],
)
def test_ex_22_a_multiplier_on_product_lines_only(
    case: str, match: str, points: int
) -> None:
    document = f"""
earn: [{{id: four, points: 4, match: {{{BOTH}}}}}]
bonuses: [{{id: times, kind: multiply, factor: 3, match: {{{match}}}}}]
"""
    assert earned(document, *CART) == points, case


def test_a_multiplier_without_a_match_is_on_the_total() -> None:
    document = f"""
earn: [{{id: four, points: 4, match: {{{BOTH}}}}}]
bonuses: [{{id: times, kind: multiply, factor: 3}}]
"""
    assert earned(document, *CART) == 3 * 608


def test_ex_24_rules_then_product_multipliers_then_fixed_bonuses() -> None:
    assert earned(EX_24, *CART) == 12 * 14 * 3 + 100 * 14 * 5 + 40 * 14 + 200 == 8_264
    assert earned(EX_24, CART[0], CART[2]) == 12 * 14 * 3 + 40 * 14
    assert earned(EX_24, CART[1]) == 100 * 14 * 5 + 200


def test_ex_80_a_repeated_transaction_accrues_once_with_the_same_answer() -> None:
    town = Town(built(spend_of(1, 1_00)))
    event = an_order("guid-1", subtotal_minor=31_00, occurred_at=at(NOW))

    first = town.place(event)
    second = town.place(event._replace(event_id="again", occurred_at=at(NOW) + 5_000))

    assert not isinstance(first, Duplicate)
    assert second == Duplicate("order guid-1 is known")
    assert town.balance() == 31


@pytest.mark.parametrize(
    ("deliveries", "points"), [(1, 500), (2, 500), (3, 500)], ids=str
)
def test_ex_78_the_same_order_event_counts_once(deliveries: int, points: int) -> None:
    town = Town(built(spend_of(1, 1_00)))
    for _ in range(deliveries):
        town.order(500_00, NOW, order_id="only")

    assert town.balance() == points
