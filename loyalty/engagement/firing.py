"""What is due: occasions that come by themselves, steps that fire, messages that go."""

from loyalty.decision import TriggerEvent
from loyalty.engagement.dues import due_of
from loyalty.engagement.hours import next_habit
from loyalty.engagement.remembered import Waiting
from loyalty.engagement.round import Round
from loyalty.engagement.rules import NEAR_REWARD, Trigger, TriggerStep
from loyalty.engagement.sending import HABIT, HELD_OUT, NO_ROOM, RULE_GONE, held_out
from loyalty.engagement.speaking import speak
from loyalty.events import InvalidEvent
from loyalty.facts import ActFact
from loyalty.limits import DAY_MS


def review_dues(this: Round) -> int:
    """Let arise whose time has come by itself; return when the next one is."""
    next_at = 0
    look = this.look()
    for trigger in this.program.trigger_index.derived:
        # Each look is at a later occasion, up to one that is still to come.
        while True:
            due = due_of(trigger, this.memory, look)
            mark = this.memory.mark(trigger.trigger_id)
            if due is None or due.occasion <= mark.occasion:
                break
            if due.due_at > this.at:
                next_at = min(next_at, due.due_at) if next_at else due.due_at
                break
            this.memory.put_mark(mark._replace(occasion=due.occasion))
            # Long over: its steps count from now, not all at once.
            is_late = due.due_at + DAY_MS <= this.at
            this.begin(
                trigger,
                str(due.occasion),
                this.at if is_late else due.due_at,
                subject=due.subject,
                values=due.values,
            )
    return next_at


def settle(this: Round) -> None:
    """Let fire and go what is due, the highest priority first."""
    for waiting in this.memory.waiting:
        if this.rule_of(waiting) is None:
            this.drop(waiting, RULE_GONE, "the program no longer has it")
    while due := [one for one in this.memory.waiting if one.due_at <= this.at]:
        due.sort(key=lambda one: (-this.priority_of(one), one))
        this.memory.waiting = tuple(
            one for one in this.memory.waiting if one.due_at > this.at
        )
        for waiting in due:
            trigger = this.rule_of(waiting)
            assert trigger is not None, "what is gone was dropped"
            _act(this, waiting, trigger)


def _act(this: Round, waiting: Waiting, trigger: Trigger) -> None:
    if waiting.step >= len(trigger.steps):
        this.tell("withheld", waiting, f"{RULE_GONE}: it has fewer steps now")
        return
    step = trigger.steps[waiting.step]
    if waiting.channels:
        speak(this, waiting, trigger, step=step)
    else:
        _fire(this, waiting, trigger, step=step)


def _fire(
    this: Round, waiting: Waiting, trigger: Trigger, *, step: TriggerStep
) -> None:
    if waiting.step == 0:
        fired_at = this.fired.get(trigger.trigger_id)
        if fired_at is not None and this.at < fired_at + trigger.cooldown_ms:
            return
        if trigger.cooldown_ms or trigger.is_plain:
            this.fired[trigger.trigger_id] = this.at
    this.events.append(TriggerEvent(trigger.trigger_id, _reason(waiting, trigger)))
    if step.points:
        _give(this, waiting, trigger, step=step)
    message = step.message
    if message is not None:
        expires_at = waiting.due_at + message.expires_ms
        waiting = waiting._replace(channels=message.channels, expires_at=expires_at)
        go_at = this.at
        if message.by_habit:
            go_at = next_habit(
                this.memory.habit,
                this.at,
                this.zone,
                else_minute=message.else_minute,
            )
        if go_at > this.at:
            this.hold(waiting._replace(due_at=go_at, held_for=HABIT))
        else:
            speak(this, waiting, trigger, step=step)
    if waiting.step + 1 < len(trigger.steps):
        following = waiting._replace(
            step=waiting.step + 1, channels=(), expires_at=0, held_for=""
        )
        this.wait_for_step(trigger, following)


def _give(
    this: Round, waiting: Waiting, trigger: Trigger, *, step: TriggerStep
) -> None:
    """Give a step's points, by the same code as all others."""
    turn = this.turn
    if held_out(trigger, this.policy, turn.member_id):
        this.tell(HELD_OUT, waiting, f"{step.points} points")
        return
    at = turn.latest_at(this.at)
    fact = ActFact(
        at,
        f"{trigger.trigger_id}/{waiting.occasion}/{waiting.step}",
        "award",
        this.program.version,
        step.points,
        step.wallet,
        rule_id=trigger.trigger_id,
    )
    turn.clock_at = max(turn.clock_at, at)
    try:
        turn.add_act(fact)
    except InvalidEvent as full:
        # As a gift: who has no room gets none, and the event still counts.
        this.tell("withheld", waiting, f"{NO_ROOM}: {full.detail}")


def _reason(waiting: Waiting, trigger: Trigger) -> str:
    """Why a trigger fires, in a sentence."""
    if trigger.kind == NEAR_REWARD:
        missing = waiting.values[1].value
        return f"{missing} points are missing for {trigger.offer_id}"
    told = ", ".join([f"{one.name} {one.value}" for one in waiting.values])
    return told or f"occasion {waiting.occasion}"
