"""
Events of members who are part of another one: judged where their books are.

The order that a merged member knows, it judges itself, and hands on what comes
of it. What it does not know goes to the survivor. And what the survivor is told
of an order whose books stayed, goes back there, to stay.
"""

from loyalty.decision import Forward
from loyalty.events import ActivityEvent, OrderEvent
from loyalty.turn import NOT_FOUND, Turn


def forwards_order(turn: Turn, order: OrderEvent, place: int) -> bool:
    """
    Whether another member has to judge an order.

    Raises: InvalidEvent when it is too late to know whether it is a repeat.
    """
    if place != NOT_FOUND:
        return False
    keeper = turn.merging.keeper_of(order.order_id)
    if keeper:
        turn.forward = Forward(keeper, is_final=True)
        return True
    return _forwards(turn, order)


def forwards_activity(turn: Turn, activity: ActivityEvent) -> bool:
    """Whether another member has to judge an act; it is no repeat."""
    return _forwards(turn, activity)


def _forwards(turn: Turn, event: OrderEvent | ActivityEvent) -> bool:
    # What came back from the survivor under its name is not sent there again.
    is_final = event.member_id != turn.member_id
    if not turn.merging.into or is_final:
        return False
    turn.check_horizon(event.occurred_at)
    turn.forward = Forward(turn.merging.into, is_final=False)
    return True
