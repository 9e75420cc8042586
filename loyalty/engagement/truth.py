"""Whether what waits is still so: late orders and returns make much of it untrue."""

from loyalty.engagement.dues import due_of
from loyalty.engagement.looks import Look
from loyalty.engagement.memory import Memory
from loyalty.engagement.remembered import Waiting
from loyalty.engagement.rules import (
    LAPSED,
    NEAR_REWARD,
    OF_OFFERS,
    OF_SEQUENCES,
    ORDER,
    POINTS_EXPIRING,
    STREAK_AT_RISK,
    TIER_EXPIRING,
    TIER_UP,
    Trigger,
)
from loyalty.limits import DAY_MS
from loyalty.program import Program
from loyalty.tier_outlook import place_of
from loyalty.turn import NOT_FOUND, Turn


def why_untrue(
    waiting: Waiting, trigger: Trigger, *, memory: Memory, look: Look, turn: Turn
) -> str:
    """Why something is no longer so, in a sentence; empty while it is."""
    kind = trigger.kind
    if kind in OF_SEQUENCES:
        return _sequence(waiting, trigger, memory)
    if kind in OF_OFFERS:
        # What ends at this very moment is told after this look.
        is_over = any(
            one.offer_id == waiting.subject and one.expires_at <= look.at
            for one in turn.personal
            if not one.waits
        )
        return "it has ended" if is_over else ""
    if kind == LAPSED:
        is_back = memory.last_order_at() > int(waiting.occasion)
        return "the member has ordered" if is_back else ""
    if kind == ORDER:
        place = turn.find_order(waiting.subject)
        fact = None if place == NOT_FOUND else turn.orders[place]
        is_gone = fact is not None and (fact.cancelled or bool(fact.refunds))
        return "the order was returned" if is_gone else ""
    if kind == NEAR_REWARD:
        balance = turn.balances.of(look.state.lots, look.program.wallet_id)
        near = is_near(trigger, cost_of(trigger, look.program), balance)
        return "" if near else f"the balance is {balance}"
    if kind == TIER_UP:
        held = place_of(look.state.tier, look.program)
        is_lower = held < place_of(waiting.subject, look.program)
        return "the tier is a lower one again" if is_lower else ""
    return _derived(waiting, trigger, memory=memory, look=look)


def is_near(trigger: Trigger, cost: int, balance: int) -> bool:
    """Whether a balance is within reach of a cost, and below it."""
    return 0 < cost - balance <= trigger.within_points


def cost_of(trigger: Trigger, program: Program) -> int:
    """What the offer of a trigger costs; 0 if there is none."""
    for offer in program.offers:
        if offer.offer_id == trigger.offer_id:
            return offer.cost_points
    return 0


def _sequence(waiting: Waiting, trigger: Trigger, memory: Memory) -> str:
    first_at, without_at = (
        int(waiting.occasion),
        memory.mark(trigger.trigger_id).without_at,
    )
    # Without a second part, whatever ends it before it goes out is in time.
    until = int(waiting.subject) if trigger.then.type else without_at
    is_ended = first_at <= without_at <= until
    return f"there was {trigger.without.type}" if is_ended else ""


def _derived(waiting: Waiting, trigger: Trigger, *, memory: Memory, look: Look) -> str:
    kind = trigger.kind
    if kind == POINTS_EXPIRING:
        ends_at = int(waiting.occasion)
        for lot in look.state.lots:
            if lot.wallet == trigger.wallet and 0 < lot.expires_at <= ends_at:
                return ""
        return "nothing of it is left"
    if kind == TIER_EXPIRING:
        due = due_of(trigger, memory, look)
        is_safe = due is None or due.due_at > look.at + DAY_MS
        return "the tier is kept" if is_safe else ""
    if kind == STREAK_AT_RISK:
        due = due_of(trigger, memory, look)
        is_safe = due is None or str(due.occasion) != waiting.occasion
        return "the streak goes on, or is over" if is_safe else ""
    return ""
