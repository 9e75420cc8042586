"""What each kind of order event does to a member, before `decide` settles it."""

from loyalty.account import Account
from loyalty.decision import Duplicate
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
from loyalty.step import Step, clocked
from loyalty.tiers import add_to_day


def order_step(
    member: Member, order: OrderEvent, program: Program, *, account: Account
) -> Step | Duplicate:
    """
    Apply an order event.

    Raises: InvalidEvent when the order cannot be judged.
    """
    if order.currency != program.currency:
        raise InvalidEvent(
            "currency",
            f"order in {order.currency}, the program is in {program.currency}",
        )
    return _STEPS[order.kind](member, order, program, account)


def _placed(
    member: Member, order: OrderEvent, program: Program, account: Account
) -> Step | Duplicate:
    index = find(member.orders, order.order_id)
    if index == NOT_FOUND:
        check_horizon(member, order)
        record = None
    else:
        record = member.orders[index]
        if record.subtotal_minor != SUBTOTAL_UNKNOWN:
            return _repeated(record, order)
    earned, why = _earn(account, order, program)
    fresh = OrderRecord(
        order.order_id,
        order.occurred_at,
        order.subtotal_minor,
        earned,
        0,
        0 if record is None else record.refunded_minor,
        record is not None and record.cancelled,
        () if record is None else record.refund_ids,
    )
    member = clocked(member, order.occurred_at)._replace(
        earned_days=add_to_day(member.earned_days, order.occurred_at, earned)
        if earned
        else member.earned_days
    )
    if record is not None:
        return _reverse_due(member, index, fresh, account)
    return Step(member._replace(orders=put(member.orders, index, fresh)), account, why)


def _adjusted(
    member: Member, order: OrderEvent, program: Program, account: Account
) -> Step | Duplicate:
    """Take back all that the order earned and let it earn anew as it is now."""
    index = find(member.orders, order.order_id)
    if index == NOT_FOUND or member.orders[index].subtotal_minor == SUBTOTAL_UNKNOWN:
        raise InvalidEvent(
            "order-unknown", f"order {order.order_id} to adjust is not known"
        )
    record = member.orders[index]
    if order.event_id in record.refund_ids:
        return Duplicate(f"adjustment {order.event_id} is known")
    record = noted(record, order.event_id)
    taken = account.reverse(record.order_id, record.earned - record.reversed)
    earned, why = _earn(account, order, program)
    days = add_to_day(
        member.earned_days,
        record.occurred_at,
        earned - (record.earned - record.reversed),
    )
    member = clocked(member, order.occurred_at)._replace(earned_days=days)
    fresh = record._replace(
        subtotal_minor=order.subtotal_minor, earned=earned, reversed=0
    )
    step = _reverse_due(member, index, fresh, account)
    return step._replace(why=f"adjusted: {taken} points taken back, {why}")


def _refunded(
    member: Member, order: OrderEvent, _: Program, account: Account
) -> Step | Duplicate:
    index = find(member.orders, order.order_id)
    record = unknown_order(order) if index == NOT_FOUND else member.orders[index]
    assert order.refund is not None, "check_order refuses a refund without its part"
    if order.refund.refund_id in record.refund_ids:
        return Duplicate(f"refund {order.refund.refund_id} is known")
    member = clocked(member, order.occurred_at)
    return _reverse_due(member, index, refunded(record, order.refund), account)


def _cancelled(
    member: Member, order: OrderEvent, _: Program, account: Account
) -> Step | Duplicate:
    index = find(member.orders, order.order_id)
    record = unknown_order(order) if index == NOT_FOUND else member.orders[index]
    if record.cancelled:
        return Duplicate(f"order {order.order_id} is cancelled already")
    member = clocked(member, order.occurred_at)
    return _reverse_due(member, index, record._replace(cancelled=True), account)


def _repeated(record: OrderRecord, order: OrderEvent) -> Duplicate:
    if record.subtotal_minor != order.subtotal_minor and not record.refund_ids:
        raise InvalidEvent(
            "order-conflict",
            f"order {order.order_id} is known with subtotal {record.subtotal_minor}, "
            f"this one says {order.subtotal_minor}; the first one counts",
        )
    return Duplicate(f"order {order.order_id} is known")


def _earn(account: Account, order: OrderEvent, program: Program) -> tuple[int, str]:
    ends_at = expires_at(order.occurred_at, program)
    total = 0
    reasons = []
    for rule, points in points_by_rule(order, program):
        account.earn(
            points,
            order_id=order.order_id,
            rule=(rule.rule_id, program.version),
            expires_at=ends_at,
        )
        total += points
        reasons.append(f"{points} by {rule.rule_id}")
    return total, "earned " + ", ".join(reasons) if reasons else "earned nothing"


def _reverse_due(
    member: Member, index: int, record: OrderRecord, account: Account
) -> Step:
    """Take back what an order's refunds ask for and have not had yet."""
    if record.subtotal_minor == SUBTOTAL_UNKNOWN:
        orders = put(member.orders, index, record)
        return Step(
            member._replace(orders=orders), account, "kept until the order arrives"
        )
    points = due_reversal(record) - record.reversed
    taken = account.reverse(record.order_id, points) if points > 0 else 0
    if points > 0:
        record = record._replace(reversed=record.reversed + points)
        days = add_to_day(member.earned_days, record.occurred_at, -points)
        member = member._replace(earned_days=days)
    orders = put(member.orders, index, record)
    why = f"{taken} of {record.earned} points taken back"
    if taken < points:
        why += f", {points - taken} had been used or had expired"
    return Step(member._replace(orders=orders), account, why)


_STEPS = {
    PLACED: _placed,
    ADJUSTED: _adjusted,
    REFUNDED: _refunded,
    CANCELLED: _cancelled,
}
