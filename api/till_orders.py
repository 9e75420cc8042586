"""Checks as orders, and what became of them."""

import json
from hashlib import blake2b
from typing import Final, NamedTuple

from api.pos_requests import AccrueIn, CheckIn
from api.pos_responses import AccrualOut
from loyalty.events import CANCELLED, PLACED, Applied, OrderEvent
from loyalty.limits import ID_LENGTH_MAX
from loyalty.member import Member
from schemas.event_bodies import line_of
from stores.till_notes import TillNote

# Their amounts are no part of what a check is worth.
NOT_WORTH: Final = frozenset({"TIP", "GIFT_CARD"})
ORIGIN: Final = "pos"


class OrderIds(NamedTuple):
    """Ids of an order that a till makes, the same for each repeat."""

    event_id: str
    order_id: str


def digest_of(*names: str) -> str:
    """Name of a key for some names: the same for the same, and for no others."""
    return blake2b(json.dumps(names).encode(), digest_size=16).hexdigest()


def order_id_of(store_id: str, check_id: str, rounds: int) -> str:
    """Order of a store's check; of one that was undone before, a new one."""
    again = f":{rounds + 1}" if rounds else ""
    order_id = f"{ORIGIN}:{store_id}:{check_id}{again}"
    if len(order_id) > ID_LENGTH_MAX:
        return f"{ORIGIN}:{digest_of(store_id, check_id)}{again}"
    return order_id


def order_of(
    check: CheckIn,
    member_id: str,
    ids: OrderIds,
    *,
    store_id: str,
    at: int,
    redeemed: dict[str, str],
) -> OrderEvent:
    """
    Check as an order that was placed.

    What a redemption pays (`redeemed`: the engine's ids by the till's) is paid, and
    no discount: the program says whether it earns.
    """
    lines = tuple(line_of(item) for item in check.items)
    worth = sum(
        line.quantity * line.unit_price_minor - line.discount_minor
        for line in lines
        if line.kind not in NOT_WORTH
    )
    reduced = sum(
        one.amount_minor for one in check.discounts if one.transaction_id is None
    )
    return OrderEvent(
        ids.event_id,
        ids.order_id,
        member_id,
        PLACED,
        at,
        store_id,
        check.channel,
        check.currency,
        lines,
        check.total_minor,
        max(worth - reduced, 0),
        check.tax_minor,
        tuple(
            Applied(
                one.offer_id,
                redeemed.get(one.transaction_id) if one.transaction_id else None,
                one.code,
                one.amount_minor,
            )
            for one in check.discounts
        ),
        None,
        {},
        None,
    )


def late_or_now(body: AccrueIn, now_ms: int) -> int:
    """When a check was paid."""
    return now_ms if body.occurred_at is None else body.occurred_at


def cancellation_of(note: TillNote, event_id: str, at: int) -> OrderEvent:
    """Order that undoes a till's order."""
    return OrderEvent(
        event_id,
        note.reference,
        note.member_id,
        CANCELLED,
        at,
        note.store_id,
        "COUNTER",
        note.currency,
        (),
        0,
        0,
        0,
        (),
        None,
        {},
        None,
    )


def accrual_of(member: Member, order_id: str, wallet_id: str) -> AccrualOut:
    """What an order earned of a wallet."""
    state = member.state
    return AccrualOut(
        points=sum(
            lot.earned
            for lot in state.lots
            if (lot.order_id, lot.wallet) == (order_id, wallet_id)
        ),
        pending=sum(
            one.lot.points
            for one in state.pending
            if (one.lot.order_id, one.lot.wallet) == (order_id, wallet_id)
        ),
    )
