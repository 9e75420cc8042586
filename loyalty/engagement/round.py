"""One event's round through a member's triggers: what arises, what fires, what goes."""

from typing import Final

from loyalty.decision import TriggerEvent
from loyalty.engagement.acts import occasion_of, values_of
from loyalty.engagement.campaigns import is_of_journey, trigger_of
from loyalty.engagement.dues import delayed
from loyalty.engagement.looks import Look
from loyalty.engagement.memory import Memory, member_zone
from loyalty.engagement.remembered import Waiting
from loyalty.engagement.rules import DERIVED, Trigger
from loyalty.engagement.sending import (
    NO_ROOM,
    UNTRUE,
)
from loyalty.events import MemberEvent, OrderEvent
from loyalty.member import FiredTrigger
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
        self.fired: dict[str, int] = dict(turn.member.fired)
        self.events: list[TriggerEvent] = []
        self.messages: list[Message] = []
        self.set_zone()

    @property
    def occasion(self) -> str:
        """Short name of the event; few rounds need one."""
        return occasion_of(self.event)

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
        self.wait_for_step(trigger, first, wait_ms=wait_ms)

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

    def wait_for_step(
        self, trigger: Trigger, waiting: Waiting, *, wait_ms: int = 0
    ) -> None:
        """Let a step wait until its delay is over."""
        delay = trigger.steps[waiting.step].delay
        due_at = delayed(
            waiting.occurred_at + wait_ms,
            ms=delay.ms,
            days=delay.days,
            at_minute=delay.at_minute,
            zone=self.zone,
        )
        self.hold(waiting._replace(due_at=due_at))

    def hold(self, waiting: Waiting) -> None:
        """Let something wait; what there is no room for is told."""
        for gone in self.memory.wait(waiting, self.priority_of):
            self.tell("withheld", gone, f"{NO_ROOM}: too much waits")

    def rule_of(self, waiting: Waiting) -> Trigger | None:
        """Trigger of what waits, also where it is a journey's; None if it is gone."""
        trigger = self.program.trigger_index.by_id.get(waiting.trigger_id)
        if trigger is None and is_of_journey(waiting):
            return trigger_of(waiting, self.program, self.turn.programs)
        return trigger

    def priority_of(self, waiting: Waiting) -> int:
        """Priority of what waits: its trigger's or journey's, -1 where that is gone."""
        trigger = self.rule_of(waiting)
        return -1 if trigger is None else trigger.priority

    def fired_triggers(self) -> tuple[FiredTrigger, ...]:
        """Triggers that cool down, as the member keeps them."""
        if self.fired == dict(self.turn.member.fired):
            return self.turn.member.fired
        return tuple([FiredTrigger(name, at) for name, at in self.fired.items()])

    def untrue(self, waiting: Waiting, why: str) -> None:
        """Cancel what is no longer so."""
        self.drop(waiting, UNTRUE, why)
