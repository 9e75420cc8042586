"""Orders inside the return window: what repeats, what is too late, what refunds do."""

from bisect import insort
from typing import Final

from loyalty.events import InvalidEvent, OrderEvent, Refund
from loyalty.limits import DAY_MS, ORDER_CHANGES_MAX, ORDERS_MAX
from loyalty.member import SUBTOTAL_UNKNOWN, Member, OrderRecord
from loyalty.program import Program

NOT_FOUND: Final = -1


def find(orders: tuple[OrderRecord, ...], order_id: str) -> int:
    """Position of an order, NOT_FOUND if it is not remembered."""
    for index in range(len(orders) - 1, -1, -1):
        if orders[index].order_id == order_id:
            return index
    return NOT_FOUND


def put(
    orders: tuple[OrderRecord, ...], index: int, record: OrderRecord
) -> tuple[OrderRecord, ...]:
    """Orders with one more (index NOT_FOUND) or one replaced, sorted by time."""
    if index == NOT_FOUND:
        if not orders or orders[-1].occurred_at <= record.occurred_at:
            return (*orders, record)
    elif orders[index].occurred_at == record.occurred_at:
        return (*orders[:index], record, *orders[index + 1 :])
    others = [known for place, known in enumerate(orders) if place != index]
    insort(others, record, key=_by_time)
    return tuple(others)


def check_horizon(member: Member, order: OrderEvent) -> None:
    """
    Refuse an order that is too late to know whether it was counted already.

    Raises: InvalidEvent with reason `beyond-horizon`.
    """
    if order.occurred_at <= member.horizon_at:
        raise InvalidEvent(
            "beyond-horizon",
            f"order of {order.occurred_at} arrived after the member's orders up to "
            f"{member.horizon_at} were closed",
        )


def unknown_order(order: OrderEvent) -> OrderRecord:
    """Record of an order of which only a refund or cancellation has arrived."""
    return OrderRecord(
        order.order_id, order.occurred_at, SUBTOTAL_UNKNOWN, 0, 0, 0, False, ()
    )


def refunded(record: OrderRecord, refund: Refund) -> OrderRecord:
    """
    Record after one more refund.

    Raises: InvalidEvent when it has had too many.
    """
    return noted(record, refund.refund_id)._replace(
        refunded_minor=record.refunded_minor + refund.amount_minor
    )


def noted(record: OrderRecord, change_id: str) -> OrderRecord:
    """
    Record that remembers a change, so that its repeat changes nothing.

    Raises: InvalidEvent when it has had too many.
    """
    if len(record.refund_ids) >= ORDER_CHANGES_MAX:
        raise InvalidEvent(
            "too-many-changes",
            f"order {record.order_id} has had {ORDER_CHANGES_MAX} refunds and "
            "adjustments",
        )
    return record._replace(refund_ids=(*record.refund_ids, change_id))


def forget(
    orders: tuple[OrderRecord, ...],
    horizon_at: int,
    clock_at: int,
    *,
    program: Program,
) -> tuple[tuple[OrderRecord, ...], int]:
    """Orders still in the return window, and the time up to which all are closed."""
    closed_at = clock_at - program.return_window_days * DAY_MS
    excess = len(orders) - ORDERS_MAX
    if excess <= 0 and (not orders or orders[0].occurred_at >= closed_at):
        return orders, horizon_at
    count = max(excess, 0)
    while count < len(orders) and orders[count].occurred_at < closed_at:
        count += 1
    return orders[count:], max(horizon_at, orders[count - 1].occurred_at)


def _by_time(record: OrderRecord) -> int:
    return record.occurred_at
