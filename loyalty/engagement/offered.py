"""Offers as occasions: they come, are seen, and end by being used or in time."""

from loyalty.decision import GRANTED, WITHDRAWN, OfferEvent
from loyalty.engagement.round import Round
from loyalty.engagement.rules import OF_OFFERS, OFFER_VIEWED, Trigger
from loyalty.events import Command, OrderEvent
from loyalty.messages import MessageValue
from loyalty.personal_rules import EXPIRED, REDEEMED

# What ends a reward, or a personal offer, before its reminder goes.
ENDED = {
    WITHDRAWN: "it is no longer to be had",
    REDEEMED: "it was redeemed",
    EXPIRED: "it has ended",
}
REDEEMING = frozenset({"redeem", "confirm", "stocked"})


def arise_of_offers(this: Round, offer_events: tuple[OfferEvent, ...]) -> None:
    """Let arise, and end, what offers that came and went are an occasion for."""
    for happening in offer_events:
        offer_id = happening.offer_id
        if happening.kind in ENDED:
            end_offer(this, offer_id, ENDED[happening.kind])
        elif happening.kind == GRANTED:
            for trigger in this.program.trigger_index.of_offers:
                is_meant = trigger.offer_id in ("", offer_id)
                if is_meant and trigger.kind != OFFER_VIEWED:
                    came(this, trigger, offer_id, at=this.at)


def came(this: Round, trigger: Trigger, offer_id: str, *, at: int) -> None:
    """An offer came, or was seen; what was used before that, or waits, is no news."""
    for known in this.memory.waiting:
        if known.trigger_id == trigger.trigger_id and known.subject == offer_id:
            return
    mark = this.memory.mark(trigger.trigger_id)
    if at <= mark.without_at:
        return
    this.begin(
        trigger,
        f"{offer_id}-{at}",
        at,
        subject=offer_id,
        values=(MessageValue("offer", offer_id),),
        wait_ms=trigger.within_ms,
    )


def has(this: Round, offer_id: str) -> bool:
    """Whether a member has a reward in reach, or a personal offer."""
    if any(one.offer_id == offer_id for one in this.turn.member.offers):
        return True
    return any(one.offer_id == offer_id and not one.waits for one in this.turn.personal)


def end_offer(this: Round, offer_id: str, why: str) -> None:
    """Drop reminders of an offer, and whatever would still arise of before this."""
    rules = this.program.trigger_index.by_id
    for waiting in this.memory.waiting:
        trigger = rules.get(waiting.trigger_id)
        if trigger and trigger.kind in OF_OFFERS and waiting.subject == offer_id:
            this.untrue(waiting, why)
            mark = this.memory.mark(trigger.trigger_id)
            this.memory.put_mark(mark._replace(without_at=this.at))


def redeemed(this: Round) -> list[str]:
    """Offers that the event used."""
    event, turn = this.event, this.turn
    if isinstance(event, OrderEvent):
        return [one.offer_id for one in event.applied if one.offer_id]
    if not isinstance(event, Command) or turn.acts is turn.member.acts:
        return []
    known = {one.fact_id for one in turn.member.acts}
    return [
        act.rule_id
        for act in turn.acts
        if act.kind in REDEEMING and act.rule_id and act.fact_id not in known
    ]
