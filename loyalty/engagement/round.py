"""One event's round through a member's triggers: what arises, what fires, what goes."""

from typing import Final

from loyalty.decision import TriggerEvent
from loyalty.engagement.acts import occasion_of, values_of
from loyalty.engagement.dues import Look, delayed, due_of
from loyalty.engagement.hours import next_habit
from loyalty.engagement.memory import Memory, member_zone
from loyalty.engagement.remembered import Sent, Waiting
from loyalty.engagement.rules import DERIVED, NEAR_REWARD, Trigger, TriggerStep
from loyalty.engagement.sending import (
    EXPIRED,
    HABIT,
    HELD_OUT,
    NO_CONSENT,
    NO_ROOM,
    REACH_MS,
    RULE_GONE,
    UNTRUE,
    held_out,
    may_speak,
    verdict_of,
)
from loyalty.events import InvalidEvent, MemberEvent, OrderEvent
from loyalty.facts import ActFact
from loyalty.limits import DAY_MS, MESSAGES_MAX
from loyalty.member import FiredTrigger, balance_of
from loyalty.messages import Message, MessageValue
from loyalty.moments import Moment, holds
from loyalty.program import Program
from loyalty.turn import Turn

MS: Final = 1


class Round:
    """
    What one event does to a member's triggers; it never leaves `decide`.

    An occasion arises, and its steps wait for their time. A step fires once: it is
    told, gives its points, and its message goes, or waits, or is withheld and told.
    """

    __slots__ = (
        "at",
        "event",
        "events",
        "fired",
        "memory",
        "messages",
        "occasion",
        "policy",
        "program",
        "store_id",
        "turn",
        "zone",
    )

    def __init__(self, turn: Turn, event: MemberEvent, program: Program) -> None:
        """Begin with what is known."""
        self.turn = turn
        self.event = event
        self.program = program
        self.policy = program.engagement
        self.at: int = turn.clock_at
        self.memory = Memory(turn.engagement)
        self.occasion: str = occasion_of(event)
        self.fired: dict[str, int] = dict(turn.member.fired)
        self.events: list[TriggerEvent] = []
        self.messages: list[Message] = []
        self.set_zone()

    def set_zone(self) -> None:
        """Take the member's zone anew: an order may have told of a store."""
        store_id = self.memory.store_id
        self.zone = member_zone(self.turn.profile, store_id, self.program)

    def look(self) -> Look:
        """The member as triggers see it now."""
        turn = self.turn
        return Look(self.at, self.zone, turn.state, turn.profile, self.program)

    def suits(self, trigger: Trigger) -> bool:
        """Whether a trigger's conditions hold for the event and the member."""
        when = trigger.when
        if when.tiers and self.turn.state.tier not in when.tiers:
            return False
        event = self.event
        at, store_id, channel = self.at, self.memory.store_id, ""
        if isinstance(event, OrderEvent) and trigger.kind not in DERIVED:
            at, store_id, channel = event.occurred_at, event.store_id, event.channel
        moment = Moment(at, store_id, channel, self.turn.profile)
        return holds(when, moment, self.program)

    def begin(
        self,
        trigger: Trigger,
        occasion: str,
        occurred_at: int,
        *,
        subject: str = "",
        values: tuple[MessageValue, ...] | None = None,
        wait_ms: int = 0,
    ) -> None:
        """Let an occasion arise: its first step waits, if only for this round."""
        if not self.suits(trigger):
            return
        found = values_of(self.event) if values is None else values
        first = Waiting(0, trigger.trigger_id, occasion, 0, occurred_at, subject, found)
        self._wait_for_step(trigger, first, wait_ms=wait_ms)

    def review_dues(self) -> int:
        """Let arise whose time has come by itself; return when the next one is."""
        next_at = 0
        look = self.look()
        for trigger in self.program.trigger_index.derived:
            for _ in range(2):
                due = due_of(trigger, self.memory, look)
                mark = self.memory.mark(trigger.trigger_id)
                if due is None or due.occasion <= mark.occasion:
                    break
                if due.due_at > self.at:
                    next_at = min(next_at, due.due_at) if next_at else due.due_at
                    break
                self.memory.put_mark(mark._replace(occasion=due.occasion))
                # Long over: its steps count from now, not all at once.
                is_late = due.due_at + DAY_MS <= self.at
                self.begin(
                    trigger,
                    str(due.occasion),
                    self.at if is_late else due.due_at,
                    subject=due.subject,
                    values=due.values,
                )
        return next_at

    def drop(self, waiting: Waiting, why: str, detail: str) -> None:
        """Forget what waits; what had been due, or was near it, is told."""
        self.memory.waiting = tuple(
            one for one in self.memory.waiting if one is not waiting
        )
        self.tell("withheld", waiting, f"{why}: {detail}")

    def tell(self, what: str, waiting: Waiting, why: str) -> None:
        """Say what became of a step that did not simply go out."""
        step = f"{waiting.occasion}/{waiting.step}"
        self.events.append(
            TriggerEvent(f"{what}:{waiting.trigger_id}", f"{why} ({step})")
        )

    def settle(self) -> None:
        """Let fire and go what is due, the highest priority first."""
        rules = self.program.trigger_index.by_id
        for waiting in self.memory.waiting:
            if waiting.trigger_id not in rules:
                self.drop(waiting, RULE_GONE, "the program no longer has it")
        while due := [one for one in self.memory.waiting if one.due_at <= self.at]:
            due.sort(key=lambda one: (-rules[one.trigger_id].priority, one))
            self.memory.waiting = tuple(
                one for one in self.memory.waiting if one.due_at > self.at
            )
            for waiting in due:
                self._act(waiting, rules[waiting.trigger_id])

    def _act(self, waiting: Waiting, trigger: Trigger) -> None:
        if waiting.step >= len(trigger.steps):
            self.tell("withheld", waiting, f"{RULE_GONE}: it has fewer steps now")
            return
        step = trigger.steps[waiting.step]
        if waiting.channels:
            self._send(waiting, trigger, step)
        else:
            self._fire(waiting, trigger, step)

    def _fire(self, waiting: Waiting, trigger: Trigger, step: TriggerStep) -> None:
        if waiting.step == 0:
            fired_at = self.fired.get(trigger.trigger_id)
            if fired_at is not None and self.at < fired_at + trigger.cooldown_ms:
                return
            if trigger.cooldown_ms or trigger.is_plain:
                self.fired[trigger.trigger_id] = self.at
        self.events.append(TriggerEvent(trigger.trigger_id, _reason(waiting, trigger)))
        if step.points:
            self._give(waiting, trigger, step)
        message = step.message
        if message is not None:
            expires_at = waiting.due_at + message.expires_ms
            waiting = waiting._replace(channels=message.channels, expires_at=expires_at)
            go_at = self.at
            if message.by_habit:
                go_at = next_habit(self.memory.habit, self.at, self.zone)
            if go_at > self.at:
                self._hold(waiting._replace(due_at=go_at, held_for=HABIT))
            else:
                self._send(waiting, trigger, step)
        if waiting.step + 1 < len(trigger.steps):
            following = waiting._replace(
                step=waiting.step + 1, channels=(), expires_at=0, held_for=""
            )
            self._wait_for_step(trigger, following)

    def _give(self, waiting: Waiting, trigger: Trigger, step: TriggerStep) -> None:
        """Give a step's points, by the same code as all others."""
        turn = self.turn
        if held_out(trigger, self.policy, turn.member_id):
            self.tell(HELD_OUT, waiting, f"{step.points} points")
            return
        at = turn.latest_at(self.at)
        fact = ActFact(
            at,
            f"{trigger.trigger_id}/{waiting.occasion}/{waiting.step}",
            "award",
            self.program.version,
            step.points,
            step.wallet,
            rule_id=trigger.trigger_id,
        )
        turn.clock_at = max(turn.clock_at, at)
        try:
            turn.add_act(fact)
        except InvalidEvent as full:
            # As a gift: who has no room gets none, and the event still counts.
            self.tell("withheld", waiting, f"{NO_ROOM}: {full.detail}")

    def _send(self, waiting: Waiting, trigger: Trigger, step: TriggerStep) -> None:
        """Send on each channel, or let it wait, or withhold and tell it."""
        message = step.message
        assert message is not None, "only steps with a message have channels"
        purpose = self.program.purpose_of(message.template_id)
        later: dict[tuple[int, str], list[str]] = {}
        for channel in waiting.channels:
            if not may_speak(self.memory, self.policy, channel, purpose=purpose):
                self.tell("withheld", waiting, f"{NO_CONSENT}: {channel}, {purpose}")
                continue
            go_at, held_for = self.at, ""
            if not message.urgent:
                go_at, held_for = verdict_of(
                    self.memory,
                    self.policy,
                    self.at,
                    channel=channel,
                    purpose=purpose,
                    zone=self.zone,
                )
            if go_at == self.at and len(self.messages) >= MESSAGES_MAX:
                go_at, held_for = self.at + MS, NO_ROOM
            if go_at < 0 or max(go_at, self.at) >= waiting.expires_at:
                why = held_for or waiting.held_for or EXPIRED
                self.tell("withheld", waiting, f"{why}: {channel}, too late")
            elif go_at > self.at:
                later.setdefault((go_at, held_for), []).append(channel)
            else:
                self._go(waiting, trigger, channel=channel, purpose=purpose)
        for (due_at, why), channels in sorted(later.items()):
            held = waiting._replace(
                due_at=due_at, channels=tuple(channels), held_for=why
            )
            if why != waiting.held_for:
                self.tell("held", held, f"{why}: {', '.join(channels)}")
            self._hold(held)

    def _go(
        self, waiting: Waiting, trigger: Trigger, *, channel: str, purpose: str
    ) -> None:
        """Send one message now; of who is held out, tell that one would have gone."""
        message = trigger.steps[waiting.step].message
        assert message is not None, "it has channels"
        if self.policy.caps and not message.urgent:
            # Also of who is held out: both groups meet the same caps.
            sent = Sent(self.at, channel, purpose)
            self.memory.note_sent(sent, self.at - REACH_MS)
        if held_out(trigger, self.policy, self.turn.member_id):
            self.tell(HELD_OUT, waiting, channel)
            return
        key = f"{waiting.trigger_id}/{waiting.occasion}/{waiting.step}/{channel}"
        self.messages.append(
            Message(
                key,
                waiting.trigger_id,
                channel,
                purpose,
                message.template_id,
                self._values(waiting, message.values),
                self.at,
                waiting.expires_at,
                waiting.held_for,
            )
        )

    def _values(
        self, waiting: Waiting, own: tuple[MessageValue, ...]
    ) -> tuple[MessageValue, ...]:
        """What stands for a template's names: of the rule, the occasion, the member."""
        state = self.turn.state
        found = {
            "balance": str(balance_of(state.lots, self.program.wallet_id)),
            "tier": state.tier,
        }
        found.update(waiting.values)
        found.update(own)
        return tuple([MessageValue(name, found[name]) for name in sorted(found)])

    def _wait_for_step(
        self, trigger: Trigger, waiting: Waiting, *, wait_ms: int = 0
    ) -> None:
        delay = trigger.steps[waiting.step].delay
        due_at = delayed(
            waiting.occurred_at + wait_ms,
            ms=delay.ms,
            days=delay.days,
            at_minute=delay.at_minute,
            zone=self.zone,
        )
        self._hold(waiting._replace(due_at=due_at))

    def _hold(self, waiting: Waiting) -> None:
        rules = self.program.trigger_index.by_id
        for gone in self.memory.wait(waiting, rules):
            self.tell("withheld", gone, f"{NO_ROOM}: too much waits")

    def fired_triggers(self) -> tuple[FiredTrigger, ...]:
        """Triggers that cool down, as the member keeps them."""
        if self.fired == dict(self.turn.member.fired):
            return self.turn.member.fired
        return tuple([FiredTrigger(name, at) for name, at in self.fired.items()])

    def untrue(self, waiting: Waiting, why: str) -> None:
        """Cancel what is no longer so."""
        self.drop(waiting, UNTRUE, why)


def _reason(waiting: Waiting, trigger: Trigger) -> str:
    """Why a trigger fires, in a sentence."""
    if trigger.kind == NEAR_REWARD:
        missing = waiting.values[1].value
        return f"{missing} points are missing for {trigger.offer_id}"
    told = ", ".join([f"{one.name} {one.value}" for one in waiting.values])
    return told or f"occasion {waiting.occasion}"
