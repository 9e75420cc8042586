"""Occasions that an event is: what it starts, ends and makes untrue."""

from loyalty.engagement.acts import (
    has_attributes,
    short,
)
from loyalty.engagement.offered import came, end_offer, has, redeemed
from loyalty.engagement.round import Round
from loyalty.engagement.rules import OFFER_VIEWED, Trigger
from loyalty.engagement.sequences import arise_of_sequence, note_sequence
from loyalty.engagement.truth import cost_of, is_near
from loyalty.events import (
    CANCELLED,
    PLACED,
    ActivityEvent,
    OrderEvent,
)
from loyalty.messages import MessageValue
from loyalty.tier_outlook import place_of
from loyalty.turn import NOT_FOUND


def note(this: Round) -> None:
    """Remember what an event tells of habits, sequences and used offers."""
    event, memory = this.event, this.memory
    if not memory.order_ats and this.turn.orders:
        _note_earlier(this)
    if isinstance(event, OrderEvent):
        if event.kind == PLACED:
            memory.note_order(event.occurred_at, event.store_id)
            this.set_zone()
            memory.note_hour(event.occurred_at, this.zone)
        elif event.kind == CANCELLED:
            place = this.turn.find_order(event.order_id)
            if place != NOT_FOUND:
                memory.forget_order(this.turn.orders[place].at)
    if isinstance(event, OrderEvent | ActivityEvent):
        for trigger in this.program.trigger_index.of_sequences:
            note_sequence(this, trigger, event)
    if this.program.trigger_index.of_offers:
        for offer_id in redeemed(this):
            end_offer(this, offer_id, "it was redeemed")


def _note_earlier(this: Round) -> None:
    """Orders from before there were triggers are a habit, too."""
    event = this.event
    own_id, store_id = "", this.memory.store_id
    if isinstance(event, OrderEvent):
        own_id, store_id = event.order_id, event.store_id
    for fact in this.turn.orders:
        if fact.order_id != own_id and not fact.cancelled:
            this.memory.note_order(fact.at, store_id)


def arise(this: Round) -> None:
    """Let arise what the event itself is an occasion for."""
    event, index = this.event, this.program.trigger_index
    if isinstance(event, OrderEvent):
        if event.kind == PLACED:
            for trigger in index.of_orders:
                _order(this, trigger, event)
    elif isinstance(event, ActivityEvent):
        for trigger in index.of_acts.get(event.type, ()):
            if has_attributes(trigger.first, event):
                _act(this, trigger, event)
    for trigger in index.of_sequences:
        arise_of_sequence(this, trigger)


def arise_of_state(this: Round) -> None:
    """Let arise what the change of tier and balance is an occasion for."""
    index, program = this.program.trigger_index, this.program
    before, after = this.turn.member.state, this.turn.state
    if index.of_tiers and before.tier != after.tier:
        from_place = max(place_of(before.tier, program), 0)
        if place_of(after.tier, program) > from_place:
            for trigger in index.of_tiers:
                _tier_up(this, trigger)
    if not index.near or before.lots is after.lots:
        return
    was = this.turn.balances.of(before.lots, program.wallet_id)
    now = this.turn.balances.of(after.lots, program.wallet_id)
    for trigger in index.near:
        cost = cost_of(trigger, program)
        if is_near(trigger, cost, now) and not is_near(trigger, cost, was):
            values = (
                MessageValue("offer", trigger.offer_id),
                MessageValue("points_missing", str(cost - now)),
            )
            this.begin(trigger, this.occasion, this.at, values=values)


def _order(this: Round, trigger: Trigger, event: OrderEvent) -> None:
    if event.subtotal_minor < trigger.minimum_minor:
        return
    when, count = trigger.when, this.turn.state.order_count
    occasion = short(event.order_id)
    if when.order_number or when.every_order:
        mark = this.memory.mark(trigger.trigger_id)
        is_one = count == when.order_number or (
            when.every_order > 0 and count % when.every_order == 0
        )
        # A count that came back after a return is no other occasion.
        if not is_one or count <= mark.occasion:
            return
        this.memory.put_mark(mark._replace(occasion=count))
        occasion = f"order-{count}"
    this.begin(trigger, occasion, event.occurred_at, subject=event.order_id)


def _act(this: Round, trigger: Trigger, event: ActivityEvent) -> None:
    if trigger.kind == OFFER_VIEWED:
        offer_id = str(event.attributes.get("offer_id", ""))
        if has(this, offer_id) and trigger.offer_id in ("", offer_id):
            came(this, trigger, offer_id, at=event.occurred_at)
        return
    this.begin(trigger, this.occasion, event.occurred_at)


def _tier_up(this: Round, trigger: Trigger) -> None:
    state = this.turn.state
    mark = this.memory.mark(trigger.trigger_id)
    if state.tier_since <= mark.occasion:
        return
    this.memory.put_mark(mark._replace(occasion=state.tier_since))
    this.begin(
        trigger,
        f"{state.tier}-{state.tier_since}",
        this.at,
        subject=state.tier,
        values=(MessageValue("tier", state.tier),),
    )
