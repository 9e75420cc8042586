"""A decision's row of the timeline, made from its change as the twin keeps it."""

from loyalty.events import OrderEvent
from schemas.updates import Change
from stores.history_rows import Movement, OfferChange, TimelineRow, TriggerFired


def order_key_of(member_id: str, change: Change) -> tuple[str, str, str, str]:
    """Key of the order that a change is about; of none for other changes."""
    kind = change.event_kind.removeprefix("order.").upper()
    event_id = "" if kind == "PLACED" else change.event_id
    return member_id, change.order_id, kind, event_id


def timeline_row(change: Change, order: OrderEvent | None) -> TimelineRow:
    """One decision and all that it brought about."""
    own = {
        name: getattr(change, name)
        for name in TimelineRow._fields
        if name in Change._fields and name not in ("entries", "triggers", "result")
    }
    found = TimelineRow(
        **own,
        result=change.result or "",
        entries=tuple(
            Movement(number, *(getattr(entry, name) for name in Movement._fields[1:]))
            for number, entry in enumerate(change.entries)
        ),
        offers=tuple(
            sorted(
                OfferChange(*(getattr(event, name) for name in OfferChange._fields))
                for event in change.offer_events
            )
        ),
        triggers=tuple(
            sorted(
                TriggerFired(*(getattr(event, name) for name in TriggerFired._fields))
                for event in change.triggers
            )
        ),
    )
    if order is None:
        return found
    return found._replace(
        store_id=order.store_id,
        channel=order.channel,
        subtotal_minor=order.subtotal_minor,
        refund_minor=order.refund.amount_minor if order.refund else 0,
    )
