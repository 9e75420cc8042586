"""What each kind of order event does to a member, before `decide` settles it."""

from loyalty.book import BudgetUse
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
from loyalty.limits import ORDER_CHANGES_MAX
from loyalty.member import SUBTOTAL_UNKNOWN, ActFact, OrderFact, RefundFact
from loyalty.program import Program
from loyalty.returns import gains_left
from loyalty.turn import NOT_FOUND, Turn


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
    if order.kind == PLACED:
        return _placed(turn, place, order, program=program)
    if order.kind == REFUNDED:
        return _refunded(turn, place, order)
    if order.kind == CANCELLED:
        return _cancelled(turn, place, order)
    assert order.kind == ADJUSTED, "the schema has no other kind"
    return _adjusted(turn, place, order, program=program)


def _placed(
    turn: Turn, place: int, order: OrderEvent, *, program: Program
) -> str | Duplicate:
    fact = _fact(turn, order, program=program)
    if place == NOT_FOUND:
        turn.add_order(fact)
        return _why(turn, order.order_id)
    known = turn.orders[place]
    if known.subtotal_minor != SUBTOTAL_UNKNOWN:
        return _repeated(known, order)
    # Its return came first and has waited for it.
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


def _adjusted(
    turn: Turn, place: int, order: OrderEvent, *, program: Program
) -> str | Duplicate:
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
    fact = _fact(turn, at_its_time, program=turn.programs.at(known.at))
    fact = fact._replace(
        refunds=known.refunds,
        cancelled=known.cancelled,
        adjust_ids=(*known.adjust_ids, order.event_id),
        holds=known.holds,
    )
    return _return(turn, place, fact)


def _return(turn: Turn, place: int, fact: OrderFact) -> str:
    """Let an order have been less than it was."""
    if place == NOT_FOUND:
        turn.add_order(fact)
        return "kept until the order arrives"
    acts = turn.acts
    if fact.cancelled:
        acts = _without_holds(acts, fact.holds)
    acts = _scaled_grants(turn, acts, place, fact)
    turn.rewrite(
        turn.replace_order(place, fact), acts, own_id=fact.order_id, is_return=True
    )
    taken = -sum(m.points for m in turn.movements if m.order_id == fact.order_id)
    back = sum(m.points for m in turn.movements if m.kind == "REINSTATE")
    why = f"{taken} points of order {fact.order_id} taken back"
    return f"{why}, {back} used ones given back" if back else why


def _without_holds(
    acts: tuple[ActFact, ...], holds: tuple[str, ...]
) -> tuple[ActFact, ...]:
    """Acts without what was set aside for an order that is cancelled."""
    if not holds:
        return acts
    return tuple(
        act for act in acts if act.fact_id not in holds and act.target not in holds
    )


def _scaled_grants(
    turn: Turn, acts: tuple[ActFact, ...], place: int, fact: OrderFact
) -> tuple[ActFact, ...]:
    """Grants of budgets for an order, down to the share that is left of its gains."""
    if not any(act.kind == "grant" and act.target == fact.order_id for act in acts):
        return acts
    program = turn.programs.at(fact.at)
    before = {gain.rule_id: gain.points for gain in turn.orders[place].gains}
    left = {gain.rule_id: gain.points for gain in gains_left(fact, program)}
    scaled = []
    for act in acts:
        now = act
        if act.kind == "grant" and act.target == fact.order_id:
            whole = max(before.get(act.rule_id, 0), 1)
            # The grant as it was first, times what is left: no rounding adds up.
            points = min(act.until * left.get(act.rule_id, 0) // whole, act.points)
            rule = program.rules[act.rule_id]
            if points < act.points:
                budget_id = getattr(rule, "budget_id", "")
                freed = act.points - points
                use = BudgetUse(
                    budget_id, fact.order_id, act.rule_id, freed, fact.at, act.store_id
                )
                turn.releases.append(use)
                now = act._replace(points=points)
        scaled.append(now)
    return tuple(scaled)


def _known(turn: Turn, place: int, order: OrderEvent) -> OrderFact:
    """Order that a return speaks of; one that is still to come if unknown."""
    if place != NOT_FOUND:
        return turn.orders[place]
    return OrderFact(order.occurred_at, order.order_id, 0, SUBTOTAL_UNKNOWN)


def _fact(turn: Turn, order: OrderEvent, *, program: Program) -> OrderFact:
    gains, lines = gains_of_order(order, program, turn.profile)
    holds = tuple(
        applied.reservation_id for applied in order.applied if applied.reservation_id
    )
    return OrderFact(
        order.occurred_at,
        order.order_id,
        program.version,
        order.subtotal_minor,
        gains,
        lines,
        holds=holds,
    )


def _repeated(known: OrderFact, order: OrderEvent) -> Duplicate:
    if known.subtotal_minor != order.subtotal_minor and not known.adjust_ids:
        raise InvalidEvent(
            "order-conflict",
            f"order {order.order_id} is known with subtotal {known.subtotal_minor}, "
            f"this one says {order.subtotal_minor}; the first one counts",
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
    parts = [
        f"{movement.points} by {movement.rule_id}"
        for movement in turn.movements
        if movement.order_id == order_id and movement.points > 0
    ]
    return "earned " + ", ".join(parts) if parts else "earned nothing"
