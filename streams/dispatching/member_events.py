"""What happened to a member, as endpoints hear of it."""

from collections.abc import Iterator
from typing import Any, Final

from schemas.updates import Change

POINTS: Final = {
    "EARN": "points.earned",
    "BURN": "points.used",
    "EXPIRE": "points.expired",
}
OFFERS: Final = {"GRANTED": "offer.granted", "REDEEMED": "offer.redeemed"}

Told = tuple[str, dict[str, Any]]


def events_of(member_id: str, change: Change) -> Iterator[Told]:
    """Types and data of the events in a change, at most one of each type."""
    about = {
        "member_id": member_id,
        "version": change.version,
        "event_id": change.event_id,
        "order_id": change.order_id,
        "occurred_at": change.occurred_at,
    }
    for entry_kind, kind in POINTS.items():
        moved = _moved(change, entry_kind)
        if moved:
            yield kind, about | {"points": moved}
    for offer_kind, kind in OFFERS.items():
        offers = [
            {"offer_id": event.offer_id, "reason": event.reason}
            for event in change.offer_events
            if event.kind == offer_kind
        ]
        if offers:
            yield kind, about | {"offers": offers}
    if change.tier_after != change.tier_before:
        tiers = {"before": change.tier_before, "after": change.tier_after}
        yield "tier.changed", about | {"tier": tiers}


def _moved(change: Change, kind: str) -> dict[str, int]:
    """Points that moved by wallet, without their sign."""
    moved: dict[str, int] = {}
    for entry in change.entries:
        if entry.kind == kind:
            wallet = entry.wallet
            moved[wallet] = moved.get(wallet, 0) + abs(entry.points)
    return moved
