"""What members get besides points for orders: rewards, gifts, thanks, transfers."""

from typing import Final, NamedTuple

from loyalty.budgets import Budget
from loyalty.conditions import (
    ANY_TIME,
    Cap,
    When,
)
from loyalty.rules import POINTS


class RewardOffer(NamedTuple):
    """
    A reward that a member can take as soon as the balance reaches its cost.

    `stock` is the budget of its units, None where there are as many as wanted.
    """

    offer_id: str
    name: str
    cost_points: int
    wallet: str = POINTS
    cost_by_tier: tuple[tuple[str, int], ...] = ()
    when: When = ANY_TIME
    per_member: tuple[Cap, ...] = ()
    stock: Budget | None = None
    hold_ms: int = 900_000

    def cost_for(self, tier: str) -> int:
        """Cost at a tier."""
        for tier_id, cost in self.cost_by_tier:
            if tier_id == tier:
                return cost
        return self.cost_points


class AutoRedeem(NamedTuple):
    """Every `every` units of one wallet become `amount` of another, at once."""

    rule_id: str
    wallet: str
    every: int
    into: str
    amount: int = 1
    runs_per_day_max: int = 25


class Gift(NamedTuple):
    """Points on a birthday, or on the day of joining in later years."""

    rule_id: str
    kind: str
    points: int
    wallet: str = POINTS
    tiers: frozenset[str] = frozenset()


BIRTHDAY: Final = "birthday"


class Referral(NamedTuple):
    """Points for both sides, on the new member's first order of enough money."""

    rule_id: str
    referrer_points: int
    referee_points: int
    minimum_minor: int = 0
    within_ms: int = 0
    wallet: str = POINTS


RESET: Final = "reset"
KEPT: Final = "kept"


class TransferPolicy(NamedTuple):
    """What members may give one another; `expiry` is kept or reset."""

    points_min: int = 1
    points_max: int = 100_000
    per_day_max: int = 100_000
    expiry: str = RESET


class PointsPayment(NamedTuple):
    """What points are worth at the till: `points` for each `minor` units of money."""

    points: int
    minor: int = 1
    wallet: str = POINTS

    def points_for(self, amount_minor: int) -> int:
        """Points that an amount costs, rounded up: money is never given away."""
        return -(-amount_minor * self.points // self.minor)

    def amount_for(self, points: int) -> int:
        """Money in minor units that points pay, rounded down."""
        return points * self.minor // self.points

    def paid_by(self, points_max: int, due_minor: int) -> tuple[int, int]:
        """
        Points taken and minor units paid of what is due, by so many points at most.

        Whole minor units only: no point is taken that pays nothing.
        """
        amount = min(due_minor, self.amount_for(points_max))
        return self.points_for(amount), amount


class Store(NamedTuple):
    """A store: its local time, as the name of a zone, its area, and who runs it."""

    store_id: str
    time_zone: str
    area: str = ""
    franchise: str = ""
