"""Paying with points: what they are worth, and how many a basket takes."""

from typing import Final, NamedTuple

from loyalty.conditions import DOWN, UP
from loyalty.limits import POINTS_MAX

BALANCE: Final = "balance"
POINTS_LIMIT: Final = "points_limit"
AMOUNT_LIMIT: Final = "amount_limit"
MODES: Final = (BALANCE, POINTS_LIMIT, AMOUNT_LIMIT)

NO_POINTS: Final = "no-points"
NOTHING_DUE: Final = "nothing-due"
TOO_FEW_POINTS: Final = "too-few-points"


class PointsRate(NamedTuple):
    """`points` points are worth `amount_minor` minor units: 111 for 1 cent."""

    points: int
    amount_minor: int = 1


class PointsPayment(NamedTuple):
    """Points that are taken and the money that they pay; if none, why."""

    points: int
    amount_minor: int
    refused: str = ""


def points_for(amount_minor: int, rate: PointsRate, *, rounding: str = UP) -> int:
    """
    Points that an amount costs, rounded up unless told otherwise.

    Rounding up never lets points pay more than they are worth.
    """
    return _divided(amount_minor * rate.points, rate.amount_minor, rounding)


def amount_for(points: int, rate: PointsRate, *, rounding: str = DOWN) -> int:
    """Minor units that points are worth, rounded down unless told otherwise."""
    return _divided(points * rate.amount_minor, rate.points, rounding)


def pay_with_points(
    due_minor: int,
    balance: int,
    rate: PointsRate,
    *,
    mode: str = BALANCE,
    limit: int = POINTS_MAX,
) -> PointsPayment:
    """
    Pay as much as is due, as the balance is worth, and as the limit allows.

    `limit` is points or minor units, as the mode says; with `balance` there is
    none. Whole minor units only: no point is taken that pays nothing.
    """
    usable = max(balance, 0)
    if mode == POINTS_LIMIT:
        usable = min(usable, limit)
    due = min(due_minor, limit) if mode == AMOUNT_LIMIT else due_minor
    if balance <= 0:
        return PointsPayment(0, 0, NO_POINTS)
    if due <= 0:
        return PointsPayment(0, 0, NOTHING_DUE)
    amount = min(due, amount_for(usable, rate))
    if amount == 0:
        return PointsPayment(0, 0, TOO_FEW_POINTS)
    return PointsPayment(points_for(amount, rate), amount)


def _divided(number: int, by: int, rounding: str) -> int:
    if rounding == DOWN:
        return number // by
    if rounding == UP:
        return -(-number // by)
    return (2 * number + by) // (2 * by)
