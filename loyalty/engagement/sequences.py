"""Sequences of acts: the first, then another, without a third; or the first alone."""

from loyalty.engagement.acts import empties, happened, values_of
from loyalty.engagement.remembered import Waiting
from loyalty.engagement.round import Round
from loyalty.engagement.rules import Trigger
from loyalty.events import ActivityEvent, OrderEvent


def note_sequence(
    this: Round, trigger: Trigger, event: OrderEvent | ActivityEvent
) -> None:
    """Note the latest time of each part of a sequence."""
    at, mark = event.occurred_at, this.memory.mark(trigger.trigger_id)
    if happened(trigger.without, event) or empties(trigger.kind, event):
        now = mark._replace(without_at=max(mark.without_at, at))
    elif happened(trigger.then, event):
        now = mark._replace(then_at=max(mark.then_at, at))
    elif happened(trigger.first, event):
        if not trigger.then.type:
            _begun_anew(this, trigger, at)
        now = mark._replace(first_at=max(mark.first_at, at))
    else:
        return
    if now != mark:
        this.memory.put_mark(now)


def _begun_anew(this: Round, trigger: Trigger, at: int) -> None:
    """Drop what waits to go out although its first part came again in time: late."""
    for waiting in this.memory.waiting:
        is_of_it = waiting.trigger_id == trigger.trigger_id and waiting.channels
        if is_of_it and int(waiting.occasion) < at <= int(waiting.subject):
            this.untrue(waiting, f"{trigger.first.type} came again")


def arise_of_sequence(this: Round, trigger: Trigger) -> None:
    """Whether a sequence is complete, or its first part still waits for its end."""
    mark = this.memory.mark(trigger.trigger_id)
    first_at = mark.first_at
    if first_at <= mark.occasion:
        return
    then_at = mark.then_at if trigger.then.type else first_at + trigger.within_ms
    if trigger.then.type:
        is_in_time = first_at <= then_at <= first_at + trigger.within_ms
        if not is_in_time or first_at <= mark.without_at <= then_at:
            return
    elif first_at <= mark.without_at:
        return
    this.memory.put_mark(mark._replace(occasion=first_at))
    # Whoever goes on filling a basket has not left it.
    earlier: list[Waiting] = [
        one
        for one in this.memory.waiting
        if one.trigger_id == trigger.trigger_id and one.step == 0 and not one.channels
    ]
    this.memory.waiting = tuple(w for w in this.memory.waiting if w not in earlier)
    this.begin(
        trigger,
        str(first_at),
        then_at,
        subject=str(then_at),
        values=values_of(this.event),
    )
