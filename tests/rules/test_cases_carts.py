"""Acceptance cases, carts and repeats (EX-19 to EX-24, EX-78, EX-80), with neighbours."""

import pytest

from loyalty.decision import Duplicate
from loyalty.events import OrderLine
from tests.builders import a_line, an_order
from tests.rules.town import Town, at, built

NOW = "2026-03-04T12:00"


def earned(document: str, *lines: OrderLine) -> int:
    """Points of one order."""
    town = Town(built(document))
    town.order(0, NOW, lines=lines)
    town.check_books()
    return town.balance()


def spend_of(points: int, step_minor: int, more: str = "") -> str:
    return f"earn: [{{id: spend, points: {points}, step_minor: {step_minor}}}]\n" + more


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
