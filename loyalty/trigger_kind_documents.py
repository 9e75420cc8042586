"""Which properties belong to which kinds of triggers."""

from collections.abc import Mapping
from typing import Final

from loyalty.document import Node
from loyalty.engagement.rules import (
    ABANDONED_BASKET,
    ACTIVITY,
    ANNIVERSARY,
    BIRTHDAY,
    GEOFENCE_ENTER,
    LAPSED,
    NEAR_REWARD,
    OFFER_GRANTED,
    OFFER_VIEWED,
    ORDER,
    ORDER_READY,
    POINTS_EXPIRING,
    SEQUENCE,
    STREAK_AT_RISK,
    TIER_EXPIRING,
    Trigger,
)

# What only some kinds look at; anywhere else it was meant otherwise.
OF_KINDS: Final[Mapping[str, frozenset[str]]] = {
    "offer": frozenset({NEAR_REWARD, OFFER_GRANTED, OFFER_VIEWED}),
    "within_points": frozenset({NEAR_REWARD}),
    "within_minutes": frozenset(
        {ABANDONED_BASKET, SEQUENCE, OFFER_GRANTED, OFFER_VIEWED}
    ),
    "days_before": frozenset(
        {POINTS_EXPIRING, TIER_EXPIRING, STREAK_AT_RISK, BIRTHDAY, ANNIVERSARY}
    ),
    "hours_before": frozenset({POINTS_EXPIRING, TIER_EXPIRING, STREAK_AT_RISK}),
    "days_after": frozenset({BIRTHDAY, ANNIVERSARY}),
    "at": frozenset({BIRTHDAY, ANNIVERSARY}),
    "minimum_minor": frozenset({ORDER}),
    "over_minor": frozenset({ORDER}),
    "activity": frozenset({ACTIVITY}),
    "attributes": frozenset({ACTIVITY, GEOFENCE_ENTER, ORDER_READY}),
    "at_least": frozenset({ACTIVITY, GEOFENCE_ENTER, ORDER_READY}),
    "at_most": frozenset({ACTIVITY, GEOFENCE_ENTER, ORDER_READY}),
    "first": frozenset({SEQUENCE}),
    "then": frozenset({SEQUENCE}),
    "without": frozenset({SEQUENCE}),
    "days": frozenset({LAPSED}),
    "rhythm": frozenset({LAPSED}),
    "days_min": frozenset({LAPSED}),
    "days_max": frozenset({LAPSED}),
    "wallet": frozenset({POINTS_EXPIRING}),
    "streak": frozenset({STREAK_AT_RISK}),
    "length_min": frozenset({STREAK_AT_RISK}),
}


def unfit(node: Node, read: Trigger) -> None:
    """Note what contradicts a trigger's kind, or itself."""
    for name in node.keys():  # noqa: SIM118 - a node is no mapping
        if name in OF_KINDS and read.kind not in OF_KINDS[name]:
            node.raw(name)
            node.fault(name, f"does not belong to the kind {read.kind}")
    if read.days_max < read.days_min:
        node.fault("days_max", f"is below days_min, {read.days_min}")
    by_count = read.when.order_number or read.when.every_order
    if by_count and read.kind != ORDER:
        node.fault("when", "only triggers of kind order know the order's number")
