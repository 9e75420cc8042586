"""
Events of members who are part of another one: judged where their books are.

The order that a merged member knows, it judges itself, and hands on what comes
of it. What it does not know goes to the survivor, who keeps it even when they
part again. And what the survivor is told of an order whose books stayed with
the other one, goes back there.
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
    if keeper and keeper != order.member_id:
        turn.forward = Forward(keeper, is_final=True)
        return True
    if not _forwards(turn, order):
        return False
    link = turn.merging.link(turn.merging.into)
    turn.merging = turn.merging.with_link(link.keeping([order.order_id]))
    return True


def forwards_activity(turn: Turn, activity: ActivityEvent) -> bool:
    """Whether another member has to judge an act; it is no repeat."""
    return _forwards(turn, activity)


def _forwards(turn: Turn, event: OrderEvent | ActivityEvent) -> bool:
    # What comes under another member's name was sent here to be judged.
    is_final = event.member_id != turn.member_id
    if not turn.merging.into or is_final:
        return False
    turn.check_horizon(event.occurred_at)
    turn.forward = Forward(turn.merging.into, is_final=False)
    return True
