"""Points as money: at a stated rate, rounded so that nobody gains by rounding."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.baskets.points_payment import (
    PointsPayment,
    PointsRate,
    amount_for,
    pay_with_points,
    points_for,
)

A_CENT = PointsRate(111)
DOLLAR = PointsRate(100, 1_00)


@pytest.mark.parametrize(
    ("due", "balance", "rate", "more", "paid"),
    [
        pytest.param(
            1_00, 20_000, A_CENT, {}, PointsPayment(11_100, 1_00), id="EX-40 $1.00"
        ),
        pytest.param(
            1_00, 0, A_CENT, {}, PointsPayment(0, 0, "no-points"), id="EX-40 no points"
        ),
        pytest.param(
            5_00, 1_000, A_CENT, {}, PointsPayment(999, 9), id="whole cents only"
        ),
        pytest.param(
            5_00,
            110,
            A_CENT,
            {},
            PointsPayment(0, 0, "too-few-points"),
            id="less than a cent",
        ),
        pytest.param(
            0, 110, A_CENT, {}, PointsPayment(0, 0, "nothing-due"), id="nothing is due"
        ),
        pytest.param(
            9_00,
            1_000,
            DOLLAR,
            {"mode": "points_limit", "limit": 250},
            PointsPayment(250, 2_50),
            id="so many points",
        ),
        pytest.param(
            9_00,
            1_000,
            DOLLAR,
            {"mode": "amount_limit", "limit": 4_00},
            PointsPayment(400, 4_00),
            id="so much money",
        ),
        pytest.param(
            9_00, 1_000, DOLLAR, {"limit": 1}, PointsPayment(900, 9_00), id="all is due"
        ),
    ],
)
def test_points_pay(
    due: int, balance: int, rate: PointsRate, more: dict, paid: PointsPayment
) -> None:
    assert pay_with_points(due, balance, rate, **more) == paid


@pytest.mark.parametrize(
    ("rounding", "points"), [("up", 2), ("down", 1), ("nearest", 2)]
)
def test_a_rate_says_how_it_rounds(rounding: str, points: int) -> None:
    assert points_for(3, PointsRate(1, 2), rounding=rounding) == points


@given(
    st.integers(0, 10**9),
    st.integers(0, 10**9),
    st.builds(PointsRate, st.integers(1, 10**4), st.integers(1, 10**4)),
)
def test_points_never_pay_more_than_they_are_worth(
    due: int, balance: int, rate: PointsRate
) -> None:
    paid = pay_with_points(due, balance, rate)

    assert 0 <= paid.points <= balance
    assert 0 <= paid.amount_minor <= due
    assert paid.amount_minor <= amount_for(paid.points, rate)
