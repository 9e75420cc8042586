"""Which engagement triggers fire."""

from loyalty.balances import Balances
from loyalty.decision import TriggerEvent
from loyalty.engagement.rules import Trigger
from loyalty.member import FiredTrigger, Member, State
from loyalty.program import Program


def review_triggers(
    member: Member, state: State, at: int, *, program: Program, balances: Balances
) -> tuple[tuple[FiredTrigger, ...], tuple[TriggerEvent, ...]]:
    """
    Triggers that the change of a member's balance to that of a state fires.

    A trigger fires on entering its range, not while staying in it, and not
    again before its cooldown is over.
    """
    fired = member.fired
    if not program.triggers:
        return fired, ()
    before = balances.of(member.state.lots, program.wallet_id)
    after = balances.of(state.lots, program.wallet_id)
    events = []
    for trigger in program.triggers:
        cost = _cost(trigger, program)
        if not _near(trigger, cost, after) or _near(trigger, cost, before):
            continue
        if _cooling(fired, trigger, at):
            continue
        reason = f"{cost - after} points are missing for {trigger.offer_id}"
        events.append(TriggerEvent(trigger.trigger_id, reason))
    if not events:
        return fired, ()
    now = {event.trigger_id for event in events}
    kept = [known for known in fired if known.trigger_id not in now]
    kept.extend(FiredTrigger(event.trigger_id, at) for event in events)
    return tuple(kept), tuple(events)


def _cost(trigger: Trigger, program: Program) -> int:
    for offer in program.offers:
        if offer.offer_id == trigger.offer_id:
            return offer.cost_points
    return 0


def _near(trigger: Trigger, cost: int, balance: int) -> bool:
    return 0 < cost - balance <= trigger.within_points


def _cooling(fired: tuple[FiredTrigger, ...], trigger: Trigger, clock_at: int) -> bool:
    for known in fired:
        if known.trigger_id == trigger.trigger_id:
            return clock_at < known.fired_at + trigger.cooldown_ms
    return False
