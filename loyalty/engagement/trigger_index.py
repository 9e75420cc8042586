"""Triggers sorted out by what they look at, once for each version of a program."""

from collections.abc import Mapping
from typing import NamedTuple

from loyalty.engagement.rules import (
    DERIVED,
    NEAR_REWARD,
    OF_ACTS,
    OF_OFFERS,
    OF_SEQUENCES,
    ORDER,
    TIER_UP,
    Trigger,
)


class TriggerIndex(NamedTuple):
    """Triggers by what they look at."""

    by_id: Mapping[str, Trigger]
    near: tuple[Trigger, ...]
    of_orders: tuple[Trigger, ...]
    of_acts: Mapping[str, tuple[Trigger, ...]]
    of_sequences: tuple[Trigger, ...]
    of_offers: tuple[Trigger, ...]
    of_tiers: tuple[Trigger, ...]
    derived: tuple[Trigger, ...]


def index_of(triggers: tuple[Trigger, ...]) -> TriggerIndex:
    """Sort triggers out once, so that no event has to search."""
    of_acts: dict[str, tuple[Trigger, ...]] = {}
    for one in triggers:
        if one.kind in OF_ACTS:
            for name in (one.first.type, *one.first.also):
                of_acts[name] = (*of_acts.get(name, ()), one)
    return TriggerIndex(
        {one.trigger_id: one for one in triggers},
        tuple(one for one in triggers if one.kind == NEAR_REWARD),
        tuple(one for one in triggers if one.kind == ORDER),
        of_acts,
        tuple(one for one in triggers if one.kind in OF_SEQUENCES),
        tuple(one for one in triggers if one.kind in OF_OFFERS),
        tuple(one for one in triggers if one.kind == TIER_UP),
        tuple(one for one in triggers if one.kind in DERIVED),
    )
