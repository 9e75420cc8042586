"""A decision as the change that `member-updates` tells of."""

from loyalty.budgets import GRANTED, is_of_offer, is_stock
from loyalty.decision import Decision
from loyalty.events import ActivityEvent, Command, MemberEvent, OrderEvent, Tick
from schemas.command_results import ANSWER
from schemas.updates import Change, Source, change_record, result_json

_ORDER_KINDS = {
    "PLACED": "order.placed",
    "ADJUSTED": "order.adjusted",
    "REFUNDED": "order.refunded",
    "CANCELLED": "order.cancelled",
}


def change_of(decision: Decision, event: MemberEvent, source: Source) -> Change:
    """What a decision about an event tells the world, and what caused it."""
    if isinstance(event, OrderEvent):
        return change_record(
            decision,
            source,
            event_id=event.event_id,
            event_kind=_ORDER_KINDS[event.kind],
            occurred_at=event.occurred_at,
            order_id=event.order_id,
        )
    if isinstance(event, Tick):
        event_id, kind, at = f"tick-{event.at}", "tick", event.at
    elif isinstance(event, ActivityEvent):
        event_id, kind, at = event.event_id, event.type, event.occurred_at
    else:
        event_id, kind, at = event.command_id, event.type, event.occurred_at
    change = change_record(
        decision,
        source,
        event_id=event_id,
        event_kind=kind,
        occurred_at=at,
        order_id="",
    )
    if isinstance(event, Command) and kind == GRANTED:
        # A grant stands in no topic: here is all that decides it again.
        attributes = dict(event.attributes)
        budget_id = str(attributes["budget_id"])
        if is_stock(budget_id) or is_of_offer(budget_id):
            # It is the answer to a command, and for no order.
            told = {**attributes, ANSWER: decision.result or {}}
            return change._replace(result=result_json(told))
        return change._replace(
            order_id=str(attributes["order_id"]), result=result_json(attributes)
        )
    return change
