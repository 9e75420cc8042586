"""What each kind of order event does to a member, before `decide` settles it."""

from loyalty.assigning import Exposure
from loyalty.decision import Duplicate
from loyalty.earning import gains_of_order
from loyalty.events import (
    ADJUSTED,
    CANCELLED,
    PLACED,
    REFUNDED,
    InvalidEvent,
    OrderEvent,
)
from loyalty.exposing import expose
from loyalty.facts import SUBTOTAL_UNKNOWN, OrderFact, RefundFact
from loyalty.forwarding import forwards_order
from loyalty.limits import ORDER_CHANGES_MAX
from loyalty.matching import paid_with_points_minor
from loyalty.movements import kept_back
from loyalty.program import Program
from loyalty.replay import Journal
from loyalty.returns import money_left
from loyalty.stock import units_of_undone
from loyalty.turn import NOT_FOUND, Turn
from loyalty.undoing import scaled_grants, without_holds


def order_step(turn: Turn, order: OrderEvent) -> str | Duplicate:
    """
    Apply an order event; return why, in a sentence.

    Raises: InvalidEvent when the order cannot be judged.
    """
    program = turn.programs.at(order.occurred_at)
    if order.currency != program.currency:
        raise InvalidEvent(
            "currency",
            f"order in {order.currency}, the program is in {program.currency}",
        )
    place = turn.find_order(order.order_id)
    if turn.merging.links and forwards_order(turn, order, place):
        return "passed on to where its books are"
    if order.kind == PLACED:
        return _placed(turn, place, order, program=program)
    if order.kind == REFUNDED:
        return _refunded(turn, place, order)
    if order.kind == CANCELLED:
        return _cancelled(turn, place, order)
    assert order.kind == ADJUSTED, "the schema has no other kind"
    return _adjusted(turn, place, order)


def _placed(
    turn: Turn, place: int, order: OrderEvent, *, program: Program
) -> str | Duplicate:
    fact, exposures = _fact(turn, order, program=program)
    if place == NOT_FOUND:
        turn.add_order(fact)
        if exposures:
            expose(turn, exposures, order.occurred_at)
        return _why(turn, order.order_id)
    known = turn.orders[place]
    if known.subtotal_minor != SUBTOTAL_UNKNOWN:
        return _repeated(known, order, counted_minor=fact.subtotal_minor)
    # Its return came first and has waited for it, but not for ever.
    turn.check_horizon(fact.at)
    turn.check_room(len(fact.gains))
    fact = fact._replace(
        refunds=known.refunds, cancelled=known.cancelled, adjust_ids=known.adjust_ids
    )
    turn.rewrite(
        turn.replace_order(place, fact),
        turn.acts,
        own_id=order.order_id,
        is_return=True,
    )
    return f"{_why(turn, order.order_id)}, after its return"


def _refunded(turn: Turn, place: int, order: OrderEvent) -> str | Duplicate:
    known = _known(turn, place, order)
    assert order.refund is not None, "check_order refuses a refund without its part"
    refund_id = order.refund.refund_id
    if any(refund.refund_id == refund_id for refund in known.refunds):
        return Duplicate(f"refund {refund_id} is known")
    _check_changes(known)
    lines = tuple((line.line_id, line.quantity) for line in order.refund.lines)
    refund = RefundFact(refund_id, order.refund.amount_minor, lines)
    return _return(turn, place, known._replace(refunds=(*known.refunds, refund)))


def _cancelled(turn: Turn, place: int, order: OrderEvent) -> str | Duplicate:
    known = _known(turn, place, order)
    if known.cancelled:
        return Duplicate(f"order {order.order_id} is cancelled already")
    return _return(turn, place, known._replace(cancelled=True))


def _adjusted(turn: Turn, place: int, order: OrderEvent) -> str | Duplicate:
    """Let the order be, and have been, as it is said to be now."""
    if place == NOT_FOUND or turn.orders[place].subtotal_minor == SUBTOTAL_UNKNOWN:
        raise InvalidEvent(
            "order-unknown", f"order {order.order_id} to adjust is not known"
        )
    known = turn.orders[place]
    if order.event_id in known.adjust_ids:
        return Duplicate(f"adjustment {order.event_id} is known")
    _check_changes(known)
    at_its_time = order._replace(occurred_at=known.at)
    fact, _ = _fact(turn, at_its_time, program=turn.programs.at(known.at))
    fact = fact._replace(
        refunds=known.refunds,
        cancelled=known.cancelled,
        adjust_ids=(*known.adjust_ids, order.event_id),
        holds=known.holds,
    )
    return _return(turn, place, fact, is_adjusted=True)


def _return(
    turn: Turn, place: int, fact: OrderFact, *, is_adjusted: bool = False
) -> str:
    """Let an order have been less than it was, or another."""
    if place == NOT_FOUND:
        turn.add_order(fact)
        return "kept until the order arrives"
    acts = turn.acts
    if money_left(fact, turn.programs.at(fact.at)) is None:
        # All or nothing: points that paid come back when nothing is left to pay.
        acts = without_holds(acts, fact.holds)
        turn.releases += units_of_undone(turn.acts, acts) if fact.holds else ()
    orders = turn.replace_order(place, fact)
    journal = Journal(orders, acts)
    acts = scaled_grants(turn, journal, fact, is_adjusted=is_adjusted)
    turn.rewrite(orders, acts, own_id=fact.order_id, is_return=True)
    taken = -sum(m.points for m in turn.movements if m.order_id == fact.order_id)
    back = sum(m.points for m in turn.movements if m.kind == "REINSTATE")
    why = f"{taken} points of order {fact.order_id} taken back"
    return f"{why}, {back} used ones given back" if back else why


def _known(turn: Turn, place: int, order: OrderEvent) -> OrderFact:
    """Order that a return speaks of; one that is still to come if unknown."""
    if place != NOT_FOUND:
        return turn.orders[place]
    return OrderFact(order.occurred_at, order.order_id, 0, SUBTOTAL_UNKNOWN)


def _fact(
    turn: Turn, order: OrderEvent, *, program: Program
) -> tuple[OrderFact, tuple[Exposure, ...]]:
    trail = turn.trail
    if trail is None:
        found = gains_of_order(order, program, turn.profile)
    else:
        found = trail.gains_of(order, program, turn.profile)
    gains, lines, exposures = found
    holds: tuple[str, ...] = ()
    if order.applied:
        named = [applied.reservation_id for applied in order.applied]
        holds = tuple(hold for hold in named if hold)
    fact = OrderFact(
        order.occurred_at,
        order.order_id,
        program.version,
        order.subtotal_minor - paid_with_points_minor(order, program),
        gains,
        lines,
        (),
        False,
        (),
        holds,
    )
    return fact, exposures


def _repeated(known: OrderFact, order: OrderEvent, *, counted_minor: int) -> Duplicate:
    if known.subtotal_minor != counted_minor and not known.adjust_ids:
        raise InvalidEvent(
            "order-conflict",
            f"order {order.order_id} is known with subtotal {known.subtotal_minor}, "
            f"this one says {counted_minor}; the first one counts",
        )
    return Duplicate(f"order {order.order_id} is known")


def _check_changes(known: OrderFact) -> None:
    if len(known.refunds) + len(known.adjust_ids) >= ORDER_CHANGES_MAX:
        raise InvalidEvent(
            "too-many-changes",
            f"order {known.order_id} has had {ORDER_CHANGES_MAX} refunds and "
            "adjustments",
        )


def _why(turn: Turn, order_id: str) -> str:
    """Points that an order earned, by rule, in a sentence."""
    earned = ""
    for moved in turn.movements:
        if moved.points > 0 and moved.order_id == order_id:
            before = f"{earned}, " if earned else "earned "
            earned = f"{before}{moved.points} by {moved.rule_id}"
    earned = earned or "earned nothing"
    if not turn.trims:
        return earned
    return "; ".join([earned, *kept_back(turn.trims, order_id)])
