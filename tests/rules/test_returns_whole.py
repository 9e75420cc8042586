"""When nothing of an order is left: with tax, for nothing, and long afterwards."""

import pytest

from loyalty.decision import Decision, Refusal
from loyalty.events import REFUNDED, Applied, OrderEvent, Refund, RefundLine
from tests.builders import a_line, an_order
from tests.rules.town import Town, at, built

TAXED = """
tax_basis: after_tax
wallets: [{id: points}, {id: visits}]
earn:
  - {id: spend, points: 1, step_minor: 100}
  - {id: visit, kind: visit, points: 1, wallet: visits}
"""


def a_return(*lines: tuple[str, int], refund_id: str = "r") -> OrderEvent:
    """Units of lines of the order `o` given back, worth no money by themselves."""
    back = tuple(RefundLine(line_id, units) for line_id, units in lines)
    return an_order(
        "o",
        kind=REFUNDED,
        event_id=refund_id,
        occurred_at=at("2026-03-02"),
        refund=Refund(refund_id, back, 0),
    )


@pytest.mark.parametrize("has_tax_inside", [False, True])
def test_one_line_of_two_is_not_the_whole_order_when_tax_counts(
    has_tax_inside: bool,
) -> None:
    tax = "prices_include_tax: true\n" if has_tax_inside else ""
    town = Town(built(tax + TAXED))
    prices = (12_10, 1_21) if has_tax_inside else (10_00, 1_00)
    lines = (
        a_line(prices[0], tax_minor=2_10, line_id="1"),
        a_line(prices[1], tax_minor=21, line_id="2"),
    )
    order = an_order("o", lines=lines, occurred_at=at("2026-03-01"))
    town.place(order._replace(subtotal_minor=11_00, tax_minor=2_31, total_minor=13_31))
    assert (town.balance(), town.balance("visits")) == (13, 1)

    town.place(a_return(("1", 1)))
    assert (town.balance(), town.balance("visits")) == (1, 1)
    assert town.member().state.order_count == 1

    town.place(a_return(("2", 1), refund_id="other"))
    assert (town.balance(), town.balance("visits")) == (0, 0)
    assert town.member().state.order_count == 0


@pytest.mark.parametrize(
    ("case", "earn"),
    [
        ("it earns by its visit", "{id: visit, kind: visit, points: 5}"),
        ("it earns nothing", "{id: spend, points: 1, step_minor: 100}"),
    ],
)
def test_points_that_paid_for_all_of_an_order_come_back_with_its_lines(
    case: str, earn: str
) -> None:
    offer = "offers: [{id: coffee, name: Coffee, cost_points: 50}]"
    town = Town(built(f"earn: [{earn}]\n{offer}"))
    town.say("points.adjust", "2026-01-01", points=50)
    town.say("points.reserve", "2026-03-01", reward_id="coffee", command_id="hold")
    free = a_line(4_00, discount_minor=8_00, quantity=2, line_id="1")
    order = an_order("o", lines=(free,), occurred_at=at("2026-03-01T00:01"))
    paid = Applied("coffee", "hold", None, 8_00)
    town.place(order._replace(applied=(paid,)))
    town.say("points.confirm", "2026-03-01T00:02", reservation_id="hold")
    assert town.member().state.order_count == 1

    town.place(a_return(("1", 1)))
    assert town.balance() in {0, 5}, case
    assert town.member().state.order_count == 1

    town.place(a_return(("1", 1), refund_id="other"))
    assert town.balance() == 50, case
    assert town.member().state.order_count == 0


def test_units_of_what_cost_nothing_lose_their_points_as_all_others() -> None:
    town = Town(built("earn: [{id: item, kind: item, points: 10}]"))
    free = a_line(4_00, discount_minor=12_00, quantity=3, line_id="1")
    town.place(an_order("o", lines=(free,), occurred_at=at("2026-03-01")))
    assert town.balance() == 30

    town.place(a_return(("1", 2)))
    assert town.balance() == 10


def test_an_order_that_is_closed_does_not_count_again_after_its_late_return() -> None:
    town = Town(built("earn: [{id: spend, points: 1, step_minor: 100}]"))
    order = an_order("o", subtotal_minor=100_00, occurred_at=at("2026-01-01"))
    town.place(order)
    town.order(1_00, "2026-05-01")
    assert isinstance(town.place(order), Refusal)

    kept = town.refund("o", 10_00, "2026-05-02")
    assert isinstance(kept, Decision)
    repeated = town.place(order)

    assert isinstance(repeated, Refusal)
    assert repeated.reason == "beyond-horizon"
    assert town.balance() == 101
