"""Points as money: at a stated rate, rounded so that nobody gains by rounding."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.benefits import PointsPayment

A_CENT = PointsPayment(111)
DOLLAR = PointsPayment(100, 1_00)
TWO_THIRDS = PointsPayment(2, 3)


@pytest.mark.parametrize(
    ("due", "points_max", "payment", "paid"),
    [
        pytest.param(1_00, 20_000, A_CENT, (11_100, 1_00), id="EX-40 $1.00"),
        pytest.param(1_00, 0, A_CENT, (0, 0), id="EX-40 no points"),
        pytest.param(5_00, 1_000, A_CENT, (999, 9), id="whole cents only"),
        pytest.param(5_00, 110, A_CENT, (0, 0), id="less than a cent"),
        pytest.param(0, 110, A_CENT, (0, 0), id="nothing is due"),
        pytest.param(9_00, 250, DOLLAR, (250, 2_50), id="so many points"),
        pytest.param(9_00, 1_000, DOLLAR, (900, 9_00), id="all is due"),
        pytest.param(4, 100, TWO_THIRDS, (3, 4), id="points are rounded up"),
        pytest.param(100, 3, TWO_THIRDS, (3, 4), id="money is rounded down"),
    ],
)
def test_points_pay(
    due: int, points_max: int, payment: PointsPayment, paid: tuple[int, int]
) -> None:
    assert payment.paid_by(points_max, due) == paid


@given(
    st.integers(0, 10**9),
    st.integers(0, 10**9),
    st.builds(PointsPayment, st.integers(1, 10**4), st.integers(1, 10**4)),
)
def test_points_never_pay_more_than_they_are_worth(
    due: int, points_max: int, payment: PointsPayment
) -> None:
    points, amount = payment.paid_by(points_max, due)

    assert 0 <= points <= points_max
    assert 0 <= amount <= due
    assert amount <= payment.amount_for(points)
