"""What we remember of a member; see `limits` for how much."""

from typing import Final, NamedTuple

# The order itself has not arrived yet; only its refund has.
SUBTOTAL_UNKNOWN: Final = -1


class PointsLot(NamedTuple):
    """Points earned together: they expire and are taken back together."""

    lot_id: str
    points: int
    earned: int
    earned_at: int
    expires_at: int
    order_id: str
    rule_id: str
    rule_version: int


class OrderRecord(NamedTuple):
    """What a return or a repeat of an order needs to know."""

    order_id: str
    occurred_at: int
    subtotal_minor: int
    earned: int
    reversed: int
    refunded_minor: int
    cancelled: bool
    refund_ids: tuple[str, ...]


class EarnedDay(NamedTuple):
    """Points earned less points reversed on one day (days since 1970, UTC)."""

    day: int
    points: int


class HeldOffer(NamedTuple):
    """An offer that the member can use."""

    offer_id: str
    granted_at: int
    expires_at: int


class FiredTrigger(NamedTuple):
    """A trigger that fired and cools down."""

    trigger_id: str
    fired_at: int


class SeenEvent(NamedTuple):
    """An activity or command that must not count twice."""

    digest: bytes
    occurred_at: int


class Member(NamedTuple):
    """
    All that is remembered of one member, as of `version` events.

    `lots` are sorted by (expires_at, lot_id) with never-expiring lots last,
    `orders` by occurred_at, `earned_days` by day. Times in ms since 1970.
    """

    next_due_at: int = 0
    version: int = 0
    clock_at: int = 0
    horizon_at: int = 0
    activity_horizon_at: int = 0
    tier: str = ""
    lots: tuple[PointsLot, ...] = ()
    orders: tuple[OrderRecord, ...] = ()
    earned_days: tuple[EarnedDay, ...] = ()
    offers: tuple[HeldOffer, ...] = ()
    fired: tuple[FiredTrigger, ...] = ()
    recent: tuple[SeenEvent, ...] = ()


NEW_MEMBER: Final = Member()


def balance_of(lots: tuple[PointsLot, ...] | list[PointsLot]) -> int:
    """Points that can be used."""
    balance = 0
    for lot in lots:
        balance += lot.points
    return balance
