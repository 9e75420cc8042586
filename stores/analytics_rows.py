"""Updates, orders and activity as columns, the way ClickHouse takes them fastest."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from loyalty.events import ActivityEvent, OrderEvent
from schemas.deliveries import DeliveryEvent
from schemas.update_reader import Update
from schemas.updates import Change
from stores.analytics_contract import Received, ReceivedActivity

# Times go as integers: ms since 1970 is what DateTime64(3) holds, and turning
# each into a datetime first would cost more than all the rest.
Columns = dict[str, Sequence[Any]]

_ENCODER: Final = msgspec.json.Encoder()
_DECISION: Final = (
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
    "refusal",
)
_MESSAGE: Final = (
    "message_id",
    "campaign_id",
    "channel",
    "purpose",
    "template_id",
    "created_at",
    "expires_at",
    "reason",
)
_ORDER: Final = (
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
_LINE_OWNER: Final = (
    "member_id",
    "order_id",
    "event_id",
    "number",
    "store_id",
    "occurred_at",
    "recorded_at",
)


def update_columns(updates: Sequence[Update]) -> dict[str, Columns]:
    """Rows of a number of member updates, by table."""
    member_ids = [update.member_id for update in updates for _ in update.changes]
    changes = [change for update in updates for change in update.changes]
    return {
        "ledger_rows": _ledger(member_ids, changes),
        "decision_rows": _decisions(member_ids, changes),
        "offer_event_rows": _offer_events(member_ids, changes),
        "trigger_event_rows": _trigger_events(member_ids, changes),
        "message_rows": _messages(member_ids, changes),
        "member_rows": _members(updates),
    }


def order_columns(orders: Sequence[Received]) -> dict[str, Columns]:
    """Rows of orders, each with the time at which the broker took it, by table."""
    events = [one.event for one in orders]
    columns = _columns(events, _ORDER)
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


def _columns(
    rows: Sequence[tuple[Any, ...]], names: Sequence[str] | None = None
) -> Columns:
    """Fields of named tuples of one class as columns, all or some; of none nothing."""
    if not rows:
        return {}
    fields: tuple[str, ...] = rows[0]._fields  # type: ignore[attr-defined]
    columns: Columns = dict(zip(fields, zip(*rows, strict=True), strict=True))
    return columns if names is None else {name: columns[name] for name in names}


def _of_parts(
    member_ids: list[str], changes: list[Change], parts: list[Sequence[Any]]
) -> Columns:
    """Columns that say whose, and of which version, each part of some changes is."""
    whose = zip(member_ids, changes, parts, strict=True)
    owned = [(member_id, c.version) for member_id, c, some in whose for _ in some]
    return dict(zip(("member_id", "version"), zip(*owned, strict=True), strict=False))


def _ledger(member_ids: list[str], changes: list[Change]) -> Columns:
    parts: list[Sequence[Any]] = [change.entries for change in changes]
    columns = _of_parts(member_ids, changes, parts)
    columns["number"] = [number for some in parts for number in range(len(some))]
    return columns | _columns([entry for some in parts for entry in some])


def _decisions(member_ids: list[str], changes: list[Change]) -> Columns:
    columns: Columns = {
        "member_id": member_ids,
        "result": [change.result or "" for change in changes],
    }
    return columns | _columns(changes, _DECISION)


def _offer_events(member_ids: list[str], changes: list[Change]) -> Columns:
    parts: list[Sequence[Any]] = [change.offer_events for change in changes]
    columns = _of_parts(member_ids, changes, parts)
    columns["occurred_at"] = [c.occurred_at for c in changes for _ in c.offer_events]
    return columns | _columns([event for some in parts for event in some])


def _trigger_events(member_ids: list[str], changes: list[Change]) -> Columns:
    parts: list[Sequence[Any]] = [change.triggers for change in changes]
    columns = _of_parts(member_ids, changes, parts)
    columns["occurred_at"] = [c.occurred_at for c in changes for _ in c.triggers]
    return columns | _columns([event for some in parts for event in some])


def _messages(member_ids: list[str], changes: list[Change]) -> Columns:
    parts: list[Sequence[Any]] = [change.messages for change in changes]
    messages = [one for some in parts for one in some]
    columns = _of_parts(member_ids, changes, parts)
    columns["template_values"] = [dict(one.values) for one in messages]
    return columns | _columns(messages, _MESSAGE)


def _members(updates: Sequence[Update]) -> Columns:
    latest: dict[str, Update] = {}
    for update in updates:
        known = latest.setdefault(update.member_id, update)
        if known.version < update.version:
            latest[update.member_id] = update
    rows = list(latest.values())
    names = ("member_id", "version", "as_of", "balance", "tier", "view")
    columns = _columns(rows, names)
    columns["updated_at"] = [_recorded_at(update) for update in rows]
    return columns


def _recorded_at(update: Update) -> int:
    return update.changes[-1].recorded_at if update.changes else 0


def _lines(orders: Sequence[Received]) -> Columns:
    owned = [
        (
            one.event.member_id,
            one.event.order_id,
            "" if one.event.kind == "PLACED" else one.event.event_id,
            number,
            one.event.store_id,
            one.event.occurred_at,
            one.recorded_at,
        )
        for one in orders
        for number in range(len(one.event.lines))
    ]
    columns = dict(zip(_LINE_OWNER, zip(*owned, strict=True), strict=False))
    return columns | _columns([line for one in orders for line in one.event.lines])
