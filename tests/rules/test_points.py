"""Earning: worked examples of real systems (ids of the acceptance cases) and ours."""

import pytest

from loyalty.conditions import LineMatch
from loyalty.program import Program
from loyalty.rules import EarnRule
from tests.builders import NOON, a_line, a_program, an_order, spend
from tests.rules.folding import fold

RED = frozenset({"red"})
CART = (
    a_line(12_00, sku="123", labels=("red",), line_id="1"),
    a_line(100_00, sku="000", labels=("blue",), line_id="2"),
    a_line(40_00, sku="0001", kind="DELIVERY", line_id="3"),
)
ALL_KINDS = frozenset({"ITEM", "DELIVERY"})
COFFEE = EarnRule(
    "coffee", "item", 5, match=LineMatch(categories=frozenset({"coffee"}))
)


def four_per_unit(**match: frozenset[str]) -> EarnRule:
    return spend(4, match=LineMatch(**{"kinds": ALL_KINDS} | match))


@pytest.mark.parametrize(
    ("program", "order", "points"),
    [
        pytest.param(
            a_program(spend(step_minor=10_00)),
            an_order(subtotal_minor=105_00),
            10,
            id="EX-01 one point per $10 of $105.00",
        ),
        pytest.param(
            a_program(), an_order(subtotal_minor=12_00), 12, id="EX-02 one $12.00 item"
        ),
        pytest.param(
            a_program(spend(step_minor=10_00)),
            an_order(lines=(a_line(21_90, tax_minor=1_45),)),
            2,
            id="EX-04 before tax $23.35 counts as $21.90",
        ),
        pytest.param(
            a_program(prices_include_tax=True),
            an_order(lines=(a_line(2_00, tax_minor=15),)),
            1,
            id="EX-06 a price that includes tax earns on its net",
        ),
        pytest.param(
            a_program(tax_basis="after_tax"),
            an_order(lines=(a_line(9_50, tax_minor=50),)),
            10,
            id="after tax the tax earns too",
        ),
        pytest.param(
            a_program(spend(), COFFEE, conflict="max"),
            an_order(lines=(a_line(12_00, category="coffee"),)),
            12,
            id="EX-07 the rule that gives most wins",
        ),
        pytest.param(
            a_program(spend(), COFFEE),
            an_order(lines=(a_line(12_00, category="coffee"),)),
            17,
            id="EX-07 the other policy: rules add up",
        ),
        pytest.param(
            a_program(COFFEE, spend(), conflict="first"),
            an_order(lines=(a_line(12_00, category="coffee"),)),
            5,
            id="the first rule that gives wins",
        ),
        pytest.param(
            a_program(), an_order(subtotal_minor=6_75), 6, id="EX-15 $6.75 shows 6"
        ),
        pytest.param(
            a_program(),
            an_order(lines=(a_line(30_00), a_line(20_00, kind="GIFT_CARD"))),
            30,
            id="EX-16 a gift card sale earns nothing",
        ),
        pytest.param(a_program(four_per_unit()), an_order(lines=CART), 608, id="EX-19"),
        pytest.param(
            a_program(four_per_unit(excluded_skus=frozenset({"000"}))),
            an_order(lines=CART),
            208,
            id="EX-20 without SKU 000",
        ),
        pytest.param(
            a_program(four_per_unit(excluded_labels=RED)),
            an_order(lines=CART),
            560,
            id="EX-20 without label red",
        ),
        pytest.param(
            a_program(
                spend(4, match=LineMatch(excluded_labels=RED)),
            ),
            an_order(lines=CART),
            400,
            id="EX-20 without label red and delivery",
        ),
        pytest.param(
            a_program(four_per_unit()._replace(minimum_minor=100_00)),
            an_order(lines=CART),
            608,
            id="EX-23 minimum order 100 is reached",
        ),
        pytest.param(
            a_program(four_per_unit()._replace(minimum_minor=300_00)),
            an_order(lines=CART),
            0,
            id="EX-23 minimum order 300 is not",
        ),
        pytest.param(
            a_program(COFFEE),
            an_order(lines=(a_line(3_00, quantity=4, category="coffee"),)),
            20,
            id="an item rule counts units, not lines",
        ),
        pytest.param(
            a_program(EarnRule("visit", "visit", 7, minimum_minor=10_00)),
            an_order(subtotal_minor=9_99),
            0,
            id="a visit below its minimum",
        ),
        pytest.param(
            a_program(EarnRule("visit", "visit", 7, minimum_minor=10_00)),
            an_order(subtotal_minor=10_00),
            7,
            id="a visit at its minimum",
        ),
        pytest.param(
            a_program(spend(rounding="nearest")),
            an_order(subtotal_minor=1_50),
            2,
            id="nearest rounds a half step up",
        ),
        pytest.param(
            a_program(spend(rounding="nearest")),
            an_order(subtotal_minor=1_49),
            1,
            id="nearest rounds less than a half down",
        ),
        pytest.param(
            a_program(spend(rounding="up")),
            an_order(subtotal_minor=1_01),
            2,
            id="up counts a step that was begun",
        ),
        pytest.param(
            a_program(),
            an_order(lines=(a_line(12_50, discount_minor=2_50),)),
            10,
            id="a discount earns nothing",
        ),
        pytest.param(
            a_program(), an_order(subtotal_minor=99), 0, id="less than a point's worth"
        ),
        pytest.param(a_program(), an_order(lines=()), 0, id="an order without lines"),
    ],
)
def test_points_earned(program: Program, order, points: int) -> None:
    folded = fold([order], program)

    assert folded.balance == points
    assert sum(entry.points for entry in folded.entries) == points


def test_points_end_at_the_midnight_after_their_last_day() -> None:
    program = a_program(expiry_days=30)
    midnight = (NOON // 86_400_000 + 31) * 86_400_000

    lot = fold([an_order(occurred_at=NOON)], program).member.lots[0]

    assert lot.expires_at == midnight


def test_each_lot_knows_the_order_the_rule_and_its_version() -> None:
    program = a_program(spend(), COFFEE)
    order = an_order("o-7", lines=(a_line(12_00, category="coffee"),))

    lots = fold([order], program).member.lots

    assert [(lot.order_id, lot.rule_id, lot.rule_version) for lot in lots] == [
        ("o-7", "coffee", 1),
        ("o-7", "spend", 1),
    ]
