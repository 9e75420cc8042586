"""Parcels: what they hold, and how they travel in the attributes of commands."""

from collections.abc import Iterable, Mapping
from typing import Final

from loyalty.events import Attribute
from loyalty.facts import Parcel
from loyalty.limits import ATTRIBUTES_MAX, TEXT_LENGTH_MAX
from loyalty.member import PendingLot, PointsLot

LOT: Final = "lot"
PENDING: Final = "pending"
OWED: Final = "owed"
TIER: Final = "tier"
ORDERS: Final = "orders"
BADGE: Final = "badge"
STREAK: Final = "streak"
CHALLENGE: Final = "challenge"
COUNTER: Final = "counter"
# What is known of a member for messages and offers: see `loyalty/bringing.py`.
CONSENT: Final = "consent"
HOUR: Final = "hour"
ORDER_AT: Final = "order_at"
SENT: Final = "sent"
OFFER: Final = "offer"
GIVEN: Final = "given"
MEMORY: Final = frozenset({CONSENT, HOUR, ORDER_AT, SENT, OFFER, GIVEN})
# An order whose books stay with the giver.
KEPT_ORDER: Final = "kept_order"

PART_PREFIX: Final = "part_"
# Attributes of a command that hold no parts: who, which merge, which number.
OTHERS_MAX: Final = 8
PARTS_MAX: Final = ATTRIBUTES_MAX - OTHERS_MAX
TEXT_MAX: Final = PARTS_MAX * TEXT_LENGTH_MAX


def of_lot(lot: PointsLot, origin: tuple[str, ...]) -> Parcel:
    """All of a lot."""
    return Parcel(
        LOT,
        lot.points,
        lot.wallet,
        lot.rule_id,
        lot.rule_version,
        lot.order_id,
        lot.line_id,
        lot.reference,
        lot.earned_at,
        lot.expires_at,
        origin=origin,
    )


def of_waiting(waiting: PendingLot, origin: tuple[str, ...]) -> Parcel:
    """All of a lot that waits."""
    return of_lot(waiting.lot, origin)._replace(
        what=PENDING,
        usable_at=waiting.usable_at,
        release_on=waiting.release_on,
        cancel_at=waiting.cancel_at,
    )


def lot_of(parcel: Parcel, origin: tuple[str, ...]) -> PointsLot:
    """Lot that a parcel holds."""
    return PointsLot(
        parcel.points,
        parcel.points,
        parcel.earned_at,
        parcel.expires_at,
        parcel.order_id,
        parcel.rule_id,
        parcel.rule_version,
        parcel.wallet,
        parcel.line_id,
        parcel.reference,
        origin,
    )


def pack(parcels: Iterable[Parcel]) -> list[dict[str, str]]:
    """Parcels as attributes of as few commands as hold them, each within its bounds."""
    bundles = [""]
    for parcel in parcels:
        text = _text_of(parcel)
        assert len(text) <= TEXT_MAX, "ids have a published length"
        if len(bundles[-1]) + len(text) > TEXT_MAX:
            bundles.append("")
        bundles[-1] += text
    return [_cut(bundle) for bundle in bundles]


def unpack(attributes: Mapping[str, Attribute]) -> tuple[Parcel, ...]:
    """
    Parcels that the attributes of a command hold.

    Raises: ValueError for what `pack` did not make.
    """
    parts = sorted(name for name in attributes if name.startswith(PART_PREFIX))
    text = "".join(str(attributes[name]) for name in parts)
    values, at = [], 0
    while at < len(text):
        value, at = _value(text, at)
        values.append(value)
    parcels = []
    while values:
        width = int(values[0])
        fixed, origin = values[1 : len(Parcel._fields)], values[len(Parcel._fields) :]
        read = [
            int(value) if isinstance(default, int) else value
            for value, default in zip(fixed, _SHAPE, strict=False)
        ]
        parcels.append(Parcel._make([*read, tuple(origin[:width])]))
        values = origin[width:]
    return tuple(parcels)


# Which fields are numbers; the last, the origin, is counted in front.
_SHAPE: Final = Parcel("", 0)[:-1]


def _text_of(parcel: Parcel) -> str:
    values = [len(parcel.origin), *parcel[:-1], *parcel.origin]
    return "".join(f"{len(str(value))}:{value}" for value in values)


def _cut(text: str) -> dict[str, str]:
    size = TEXT_LENGTH_MAX
    return {
        f"{PART_PREFIX}{number:02}": text[start : start + size]
        for number, start in enumerate(range(0, len(text), size))
    }


def _value(text: str, at: int) -> tuple[str, int]:
    colon = text.index(":", at)
    end = colon + 1 + int(text[at:colon])
    if end > len(text):
        raise ValueError("a parcel is cut short")
    return text[colon + 1 : end], end
