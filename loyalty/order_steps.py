"""What each kind of order event does to a member, before `decide` settles it."""

from loyalty.decision import Duplicate
from loyalty.draft import Draft
from loyalty.events import (
    ADJUSTED,
    CANCELLED,
    PLACED,
    REFUNDED,
    InvalidEvent,
    OrderEvent,
)
from loyalty.member import SUBTOTAL_UNKNOWN, Member, OrderRecord
from loyalty.orders import (
    NOT_FOUND,
    check_horizon,
    find,
    noted,
    put,
    refunded,
    unknown_order,
)
from loyalty.points import due_reversal, expires_at, points_by_rule
from loyalty.program import Program
from loyalty.tiers import add_to_day


def order_step(
    draft: Draft, member: Member, order: OrderEvent, *, program: Program
) -> str | Duplicate:
    """
    Apply an order event to a draft; return why, in a sentence.

    Raises: InvalidEvent when the order cannot be judged.
    """
    if order.currency != program.currency:
        raise InvalidEvent(
            "currency",
            f"order in {order.currency}, the program is in {program.currency}",
        )
    if order.kind == PLACED:
        return _placed(draft, member, order, program=program)
    if order.kind == REFUNDED:
        return _refunded(draft, order)
    if order.kind == CANCELLED:
        return _cancelled(draft, order)
    assert order.kind == ADJUSTED, "the schema has no other kind"
    return _adjusted(draft, order, program)


def _placed(
    draft: Draft, member: Member, order: OrderEvent, *, program: Program
) -> str | Duplicate:
    index = find(draft.orders, order.order_id)
    if index != NOT_FOUND:
        return _arrived_late(draft, index, order, program=program)
    check_horizon(member, order)
    earned, why = _earn(draft, order, program, earned_at=order.occurred_at)
    record = OrderRecord(
        order.order_id, order.occurred_at, order.subtotal_minor, earned, 0, 0, False, ()
    )
    draft.orders = put(draft.orders, NOT_FOUND, record)
    return why


def _arrived_late(
    draft: Draft, index: int, order: OrderEvent, *, program: Program
) -> str | Duplicate:
    """Place an order that is known: it repeats, or its refund came first."""
    record = draft.orders[index]
    if record.subtotal_minor != SUBTOTAL_UNKNOWN:
        return _repeated(record, order)
    earned, why = _earn(draft, order, program, earned_at=order.occurred_at)
    placed = record._replace(
        occurred_at=order.occurred_at,
        subtotal_minor=order.subtotal_minor,
        earned=earned,
    )
    return f"{why}, then {_reverse_due(draft, index, placed)}"


def _adjusted(draft: Draft, order: OrderEvent, program: Program) -> str | Duplicate:
    """Take back all that the order earned and let it earn anew as it is now."""
    index = find(draft.orders, order.order_id)
    if index == NOT_FOUND or draft.orders[index].subtotal_minor == SUBTOTAL_UNKNOWN:
        raise InvalidEvent(
            "order-unknown", f"order {order.order_id} to adjust is not known"
        )
    record = draft.orders[index]
    if order.event_id in record.refund_ids:
        return Duplicate(f"adjustment {order.event_id} is known")
    kept = record.earned - record.reversed
    taken = draft.reverse(record.order_id, kept)
    draft.earned_days = add_to_day(draft.earned_days, record.occurred_at, -kept)
    earned, why = _earn(draft, order, program, earned_at=record.occurred_at)
    anew = noted(record, order.event_id)._replace(
        subtotal_minor=order.subtotal_minor, earned=earned, reversed=0
    )
    _reverse_due(draft, index, anew)
    return f"adjusted: {taken} points taken back, {why}"


def _refunded(draft: Draft, order: OrderEvent) -> str | Duplicate:
    index = find(draft.orders, order.order_id)
    record = unknown_order(order) if index == NOT_FOUND else draft.orders[index]
    assert order.refund is not None, "check_order refuses a refund without its part"
    if order.refund.refund_id in record.refund_ids:
        return Duplicate(f"refund {order.refund.refund_id} is known")
    return _reverse_due(draft, index, refunded(record, order.refund))


def _cancelled(draft: Draft, order: OrderEvent) -> str | Duplicate:
    index = find(draft.orders, order.order_id)
    record = unknown_order(order) if index == NOT_FOUND else draft.orders[index]
    if record.cancelled:
        return Duplicate(f"order {order.order_id} is cancelled already")
    return _reverse_due(draft, index, record._replace(cancelled=True))


def _repeated(record: OrderRecord, order: OrderEvent) -> Duplicate:
    if record.subtotal_minor != order.subtotal_minor and not record.refund_ids:
        raise InvalidEvent(
            "order-conflict",
            f"order {order.order_id} is known with subtotal {record.subtotal_minor}, "
            f"this one says {order.subtotal_minor}; the first one counts",
        )
    return Duplicate(f"order {order.order_id} is known")


def _earn(
    draft: Draft, order: OrderEvent, program: Program, *, earned_at: int
) -> tuple[int, str]:
    """Open a lot for each rule that gives points; return their sum and why."""
    ends_at = expires_at(earned_at, program)
    total = 0
    why = ""
    for rule, points in points_by_rule(order, program):
        draft.earn(
            points,
            order_id=order.order_id,
            rule=(rule.rule_id, program.version),
            expires_at=ends_at,
        )
        total += points
        why += f", {points} by {rule.rule_id}"
    if total == 0:
        return 0, "earned nothing"
    draft.earned_days = add_to_day(draft.earned_days, earned_at, total)
    return total, "earned " + why[2:]


def _reverse_due(draft: Draft, index: int, record: OrderRecord) -> str:
    """Take back what an order's refunds ask for and have not had yet."""
    if record.subtotal_minor == SUBTOTAL_UNKNOWN:
        draft.orders = put(draft.orders, index, record)
        return "kept until the order arrives"
    points = due_reversal(record) - record.reversed
    taken = 0
    if points > 0:
        taken = draft.reverse(record.order_id, points)
        draft.earned_days = add_to_day(draft.earned_days, record.occurred_at, -points)
        record = record._replace(reversed=record.reversed + points)
    draft.orders = put(draft.orders, index, record)
    why = f"{taken} of {record.earned} points taken back"
    if taken < points:
        why += f", {points - taken} had been used or had expired"
    return why
