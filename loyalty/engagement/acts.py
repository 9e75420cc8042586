"""Which triggers an event is an occasion for, by what happened in it."""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Final

from loyalty.engagement.rules import (
    ABANDONED_BASKET,
    AN_ORDER,
    GEOFENCE_ENTER,
    OFFER_VIEWED,
    ORDER_READY,
    Act,
)
from loyalty.events import PLACED, ActivityEvent, MemberEvent, OrderEvent, Tick
from loyalty.messages import MessageValue

VALUES_MAX: Final = 8
VALUE_LENGTH_MAX: Final = 128
OCCASION_BYTES: Final = 8
# What apps call the acts that some kinds wait for: first as `docs/schemas.md` writes
# them, then as the kinds are called.
TOLD_AS: Final[Mapping[str, tuple[str, ...]]] = {
    GEOFENCE_ENTER: ("geofence.entered", "geofence_enter"),
    ORDER_READY: ("order.ready", "order_ready"),
    OFFER_VIEWED: ("offer.viewed", "offer_viewed"),
    ABANDONED_BASKET: ("basket.updated", "basket_updated"),
}
BASKET_CLEARED: Final = frozenset({"basket.cleared", "basket_cleared"})


def occasion_of(event: MemberEvent) -> str:
    """Short name of an event, the same in each replay."""
    if isinstance(event, OrderEvent):
        return short(event.order_id)
    if isinstance(event, Tick):
        return str(event.at)
    if isinstance(event, ActivityEvent):
        return short(event.event_id)
    return short(event.command_id)


def short(text: str) -> str:
    """Short name of a long one."""
    return blake2b(text.encode(), digest_size=OCCASION_BYTES).hexdigest()


def happened(act: Act, event: MemberEvent) -> bool:
    """Whether an event is an act that a trigger names."""
    if isinstance(event, ActivityEvent):
        is_it = act.type == event.type or event.type in act.also
        return is_it and has_attributes(act, event)
    return (
        isinstance(event, OrderEvent)
        and act.type == AN_ORDER
        and event.kind == PLACED
        and all(event.attributes.get(name) == value for name, value in act.attributes)
    )


def has_attributes(act: Act, event: ActivityEvent) -> bool:
    """Whether an act has the attributes that are asked for."""
    attributes = event.attributes
    for name, value in act.attributes:
        if str(attributes.get(name)) != value:
            return False
    for name, least in act.at_least:
        found = attributes.get(name)
        if not isinstance(found, int | float) or found < least:
            return False
    for name, most in act.at_most:
        found = attributes.get(name)
        if not isinstance(found, int | float) or found > most:
            return False
    return True


def empties(kind: str, event: MemberEvent) -> bool:
    """Whether a basket has nothing in it any more."""
    if kind != ABANDONED_BASKET or not isinstance(event, ActivityEvent):
        return False
    if event.type in BASKET_CLEARED:
        return True
    # Other acts count items, too: of a search, or a page.
    return event.type in TOLD_AS[kind] and event.attributes.get("items") == 0


def values_of(event: MemberEvent) -> tuple[MessageValue, ...]:
    """What an event tells a template: the first of its attributes by name."""
    if isinstance(event, OrderEvent):
        return (
            MessageValue("order_id", event.order_id),
            MessageValue("store_id", event.store_id[:VALUE_LENGTH_MAX]),
        )
    if not isinstance(event, ActivityEvent):
        return ()
    names = sorted(event.attributes)[:VALUES_MAX]
    return tuple(
        MessageValue(name, str(event.attributes[name])[:VALUE_LENGTH_MAX])
        for name in names
    )
