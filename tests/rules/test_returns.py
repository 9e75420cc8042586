"""Refunds, cancellations, adjustments: in any order, in parts, too late."""

import pytest

from loyalty.decision import Decision, Duplicate, Refusal
from loyalty.events import ADJUSTED
from loyalty.limits import LOTS_MAX, ORDER_CHANGES_MAX
from tests.builders import (
    DAY,
    NOON,
    a_cancellation,
    a_program,
    a_refund,
    an_order,
    spend,
)
from tests.rules.folding import fold

PER_TEN = a_program(spend(step_minor=10_00))


@pytest.mark.parametrize(
    ("refund_minor", "taken"),
    [(1_00, 0), (9_99, 0), (10_00, 1), (19_99, 1), (20_00, 2), (21_90, 2), (50_00, 2)],
)
def test_a_refund_takes_back_its_own_whole_steps(refund_minor: int, taken: int) -> None:
    """EX-42: 2 points for $21.90; the steps in a refund, never more than earned."""
    order = an_order(subtotal_minor=21_90)

    folded = fold([order, a_refund(amount_minor=refund_minor)], PER_TEN)

    assert folded.balance == 2 - taken


@pytest.mark.parametrize(
    ("spent_minor", "refunds_minor", "left"),
    [
        pytest.param(100_00, (75_00,), 25, id="EX-45 $75 of $100 come back"),
        pytest.param(120_00, (60_00, 20_00), 40, id="EX-47 Y, later Z"),
        pytest.param(10_00, (3_33, 3_33, 3_34), 0, id="parts that make the whole"),
        pytest.param(10_00, (9_99,), 1, id="9.99 of 10 points round down to 9"),
        pytest.param(10_00, (8_00, 8_00), 0, id="more than the order"),
    ],
)
def test_refunds_in_sequence(
    spent_minor: int, refunds_minor: tuple[int, ...], left: int
) -> None:
    refunds = [
        a_refund(amount_minor=amount, refund_id=f"r{number}")
        for number, amount in enumerate(refunds_minor)
    ]

    folded = fold([an_order(subtotal_minor=spent_minor), *refunds], a_program())

    assert folded.balance == left


def test_a_refund_before_its_order_waits_for_it() -> None:
    refund = a_refund(amount_minor=4_00, occurred_at=NOON + 5)
    order = an_order(subtotal_minor=10_00)

    early = fold([refund], a_program())
    both = fold([refund, order], a_program())

    assert early.balance == 0
    assert both.balance == fold([order, refund], a_program()).balance == 6


def test_a_cancellation_before_its_order_takes_back_all() -> None:
    assert fold([a_cancellation(), an_order()], a_program()).balance == 0


def test_the_same_refund_twice_counts_once() -> None:
    refund = a_refund(amount_minor=3_00)

    folded = fold([an_order(), refund, refund], a_program())

    assert folded.balance == 7
    assert isinstance(folded.outcomes[2], Duplicate)


def test_the_same_order_twice_counts_once() -> None:
    """EX-78: the same order event twice."""
    order = an_order(subtotal_minor=500_00)

    folded = fold([order, order._replace(event_id="another")], a_program())

    assert folded.balance == 500
    assert folded.member.version == 1


def test_the_same_order_with_another_amount_is_a_conflict_and_the_first_counts() -> (
    None
):
    folded = fold([an_order(), an_order(subtotal_minor=99_00)], a_program())

    assert folded.balance == 10
    assert isinstance(folded.outcomes[1], Refusal)
    assert folded.outcomes[1].reason == "order-conflict"


def test_points_that_expired_meanwhile_are_not_taken_twice() -> None:
    program = a_program(expiry_days=1)
    late = a_refund(amount_minor=10_00, occurred_at=NOON + 10 * DAY)

    folded = fold([an_order(), late], program)

    assert folded.balance == 0
    assert [entry.kind for entry in folded.entries] == ["EARN", "EXPIRE"]


def test_an_adjusted_order_earns_as_it_is_now() -> None:
    smaller = an_order(subtotal_minor=4_00, kind=ADJUSTED, occurred_at=NOON + 9)

    folded = fold([an_order(), smaller, smaller], a_program())

    assert folded.balance == 4
    assert isinstance(folded.outcomes[2], Duplicate)


def test_an_adjustment_of_an_unknown_order_is_refused() -> None:
    folded = fold([an_order(kind=ADJUSTED)], a_program())

    assert isinstance(folded.outcomes[0], Refusal)
    assert folded.outcomes[0].reason == "order-unknown"


def test_an_order_older_than_the_closed_ones_is_refused() -> None:
    program = a_program(return_window_days=10)
    orders = [
        an_order("first", occurred_at=NOON),
        an_order("second", occurred_at=NOON + 30 * DAY),
        an_order("late", occurred_at=NOON - 1),
    ]

    folded = fold(orders, program)

    assert isinstance(folded.outcomes[2], Refusal)
    assert folded.outcomes[2].reason == "beyond-horizon"


def test_a_forgotten_order_cannot_count_twice() -> None:
    program = a_program(return_window_days=10)
    first = an_order("first", occurred_at=NOON)

    folded = fold([first, an_order("b", occurred_at=NOON + 30 * DAY), first], program)

    assert folded.balance == 20
    assert not isinstance(folded.outcomes[2], Decision)


def test_an_order_has_a_limited_number_of_refunds() -> None:
    refunds = [
        a_refund(amount_minor=1, refund_id=f"r{number}")
        for number in range(ORDER_CHANGES_MAX + 1)
    ]

    folded = fold([an_order(), *refunds], a_program())

    assert isinstance(folded.outcomes[-1], Refusal)
    assert folded.outcomes[-1].reason == "too-many-changes"


def test_a_member_has_a_limited_number_of_lots() -> None:
    orders = [an_order(f"o{n}", occurred_at=NOON + n) for n in range(LOTS_MAX + 1)]

    folded = fold(orders, a_program())

    assert isinstance(folded.outcomes[-1], Refusal)
    assert folded.balance == LOTS_MAX * 10
