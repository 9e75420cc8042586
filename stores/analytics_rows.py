"""Updates, orders and activity as columns, the way ClickHouse takes them fastest."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from loyalty.events import ActivityEvent, OrderEvent
from schemas.deliveries import DeliveryEvent
from schemas.framing import Record
from stores.analytics_contract import Received, ReceivedActivity

# Times go as integers: ms since 1970 is what DateTime64(3) holds, and turning
# each into a datetime first would cost more than all the rest.
Columns = dict[str, Sequence[Any]]

_ENCODER: Final = msgspec.json.Encoder()
_ENTRY = (
    "entry_id",
    "kind",
    "points",
    "lot_id",
    "order_id",
    "line_id",
    "rule_id",
    "rule_version",
    "occurred_at",
    "balance_after",
    "wallet",
    "reference",
)
_DECISION = (
    "version",
    "event_id",
    "event_kind",
    "order_id",
    "occurred_at",
    "recorded_at",
    "topic",
    "offset",
    "why",
    "tier_before",
    "tier_after",
)


def update_columns(updates: Sequence[Record]) -> dict[str, Columns]:
    """Rows of a number of decoded member updates, by table."""
    changes = [(u["member_id"], c) for u in updates for c in u["changes"]]
    return {
        "ledger_rows": _ledger(changes),
        "decision_rows": _decisions(changes),
        "offer_event_rows": _offer_events(changes),
        "trigger_event_rows": _trigger_events(changes),
        "message_rows": _messages(changes),
        "member_rows": _members(updates),
    }


def order_columns(orders: Sequence[Received]) -> dict[str, Columns]:
    """Rows of orders, each with the time at which the broker took it, by table."""
    events = [one.event for one in orders]
    own = (
        "member_id",
        "order_id",
        "kind",
        "store_id",
        "channel",
        "currency",
        "total_minor",
        "subtotal_minor",
        "tax_minor",
        "occurred_at",
    )
    columns: Columns = {name: [getattr(e, name) for e in events] for name in own}
    # A placed order sent again under another event id is still one order.
    columns["event_id"] = ["" if e.kind == "PLACED" else e.event_id for e in events]
    columns["refund_id"] = [e.refund.refund_id if e.refund else "" for e in events]
    columns["refund_minor"] = [e.refund.amount_minor if e.refund else 0 for e in events]
    columns["recorded_at"] = [one.recorded_at for one in orders]
    columns["offset"] = [one.offset for one in orders]
    columns["event"] = [_whole(order) for order in events]
    return {"order_rows": columns, "order_line_rows": _lines(orders)}


def activity_columns(
    activity: Sequence[ReceivedActivity],
) -> dict[str, Columns]:
    """Rows of acts, each with the time at which the broker took it."""
    acts = [one.event for one in activity]
    return {
        "activity_rows": {
            "member_id": [act.member_id for act in acts],
            "event_id": [act.event_id for act in acts],
            "type": [act.type for act in acts],
            "session_id": [act.session_id or "" for act in acts],
            "store_id": [act.store_id or "" for act in acts],
            "attributes": [
                {name: str(value) for name, value in act.attributes.items()}
                for act in acts
            ],
            "occurred_at": [act.occurred_at for act in acts],
            "recorded_at": [one.recorded_at for one in activity],
            "offset": [one.offset for one in activity],
            "event": [_whole(act) for act in acts],
        }
    }


def delivery_columns(deliveries: Sequence[DeliveryEvent]) -> dict[str, Columns]:
    """Rows of attempts to deliver."""
    names = DeliveryEvent._fields
    columns = zip(*deliveries, strict=True)
    return {"message_delivery_rows": dict(zip(names, columns, strict=True))}


def _whole(event: OrderEvent | ActivityEvent) -> str:
    """All of an event, for whoever replays it when the broker has let go of it."""
    return _ENCODER.encode(event).decode()


def _ledger(changes: list[tuple[str, Record]]) -> Columns:
    entries = [
        (member_id, change["version"], number, entry)
        for member_id, change in changes
        for number, entry in enumerate(change["entries"])
    ]
    columns: Columns = {
        "member_id": [member_id for member_id, _, _, _ in entries],
        "version": [version for _, version, _, _ in entries],
        "number": [number for _, _, number, _ in entries],
    }
    return columns | {name: [e[3][name] for e in entries] for name in _ENTRY}


def _decisions(changes: list[tuple[str, Record]]) -> Columns:
    columns: Columns = {
        "member_id": [member_id for member_id, _ in changes],
        "result": [change["result"] or "" for _, change in changes],
        "refusal": [change["refusal"] for _, change in changes],
    }
    return columns | {name: [c[name] for _, c in changes] for name in _DECISION}


def _offer_events(changes: list[tuple[str, Record]]) -> Columns:
    events = [(m, c, event) for m, c in changes for event in c["offer_events"]]
    return {
        "member_id": [member_id for member_id, _, _ in events],
        "version": [change["version"] for _, change, _ in events],
        "offer_id": [event["offer_id"] for _, _, event in events],
        "kind": [event["kind"] for _, _, event in events],
        "reason": [event["reason"] for _, _, event in events],
        "occurred_at": [change["occurred_at"] for _, change, _ in events],
    }


def _trigger_events(changes: list[tuple[str, Record]]) -> Columns:
    events = [(m, c, event) for m, c in changes for event in c["triggers"]]
    return {
        "member_id": [member_id for member_id, _, _ in events],
        "version": [change["version"] for _, change, _ in events],
        "trigger_id": [event["trigger_id"] for _, _, event in events],
        "reason": [event["reason"] for _, _, event in events],
        "occurred_at": [change["occurred_at"] for _, change, _ in events],
    }


_MESSAGE = (
    "message_id",
    "campaign_id",
    "channel",
    "purpose",
    "template_id",
    "created_at",
    "reason",
)


def _messages(changes: list[tuple[str, Record]]) -> Columns:
    found = [(m, c, message) for m, c in changes for message in c["messages"]]
    columns: Columns = {
        "member_id": [member_id for member_id, _, _ in found],
        "version": [change["version"] for _, change, _ in found],
    }
    return columns | {name: [one[2][name] for one in found] for name in _MESSAGE}


def _members(updates: Sequence[Record]) -> Columns:
    latest: dict[str, Record] = {}
    for update in updates:
        known = latest.setdefault(update["member_id"], update)
        if known["version"] < update["version"]:
            latest[update["member_id"]] = update
    return {
        "member_id": list(latest),
        "version": [update["version"] for update in latest.values()],
        "as_of": [update["as_of"] for update in latest.values()],
        "balance": [update["balance"] for update in latest.values()],
        "tier": [update["tier"] for update in latest.values()],
        "updated_at": [_recorded_at(update) for update in latest.values()],
        "view": [update["view"] for update in latest.values()],
    }


def _recorded_at(update: Record) -> int:
    changes = update["changes"]
    return int(changes[-1]["recorded_at"]) if changes else 0


def _lines(orders: Sequence[Received]) -> Columns:
    lines = [
        (one.event, number, line, one.recorded_at)
        for one in orders
        for number, line in enumerate(one.event.lines)
    ]
    own = (
        "line_id",
        "sku",
        "category",
        "labels",
        "kind",
        "quantity",
        "unit_price_minor",
        "discount_minor",
        "tax_minor",
    )
    columns: Columns = {
        "member_id": [order.member_id for order, _, _, _ in lines],
        "order_id": [order.order_id for order, _, _, _ in lines],
        "event_id": [
            "" if order.kind == "PLACED" else order.event_id for order, _, _, _ in lines
        ],
        "number": [number for _, number, _, _ in lines],
        "store_id": [order.store_id for order, _, _, _ in lines],
        "occurred_at": [order.occurred_at for order, _, _, _ in lines],
        "recorded_at": [recorded_at for _, _, _, recorded_at in lines],
    }
    return columns | {name: [getattr(x[2], name) for x in lines] for name in own}
