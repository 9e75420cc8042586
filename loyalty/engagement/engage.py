"""The only door: what one event does to the triggers of a member."""

from typing import NamedTuple

from loyalty.decision import OfferEvent, TriggerEvent
from loyalty.engagement.arising import arise, arise_of_state, note
from loyalty.engagement.firing import review_dues, settle
from loyalty.engagement.offered import arise_of_offers
from loyalty.engagement.round import Round
from loyalty.engagement.truth import why_untrue
from loyalty.events import MemberEvent
from loyalty.member import FiredTrigger
from loyalty.messages import Message
from loyalty.program import Program
from loyalty.turn import Turn


class Finished(NamedTuple):
    """What a round comes to; at `next_at` something is due, 0 is never."""

    fired: tuple[FiredTrigger, ...]
    events: tuple[TriggerEvent, ...]
    messages: tuple[Message, ...]
    next_at: int


class Engaged:
    """A round of triggers in two halves: before offers are reviewed, and after."""

    __slots__ = ("_next_at", "round")

    def __init__(self, turn: Turn, event: MemberEvent, program: Program) -> None:
        """Let occasions arise, and everything that is due fire and go."""
        this = self.round = Round(turn, event, program)
        if program.engages:
            note(this)
        for waiting in turn.to_send:
            this.hold(waiting)
        self._drop_untrue()
        arise(this)
        self._next_at = review_dues(this)
        state = turn.state
        settle(this)
        arise_of_state(this)
        settle(this)
        if turn.state is not state:
            # Points were given: what is about to end has changed.
            self._next_at = review_dues(this)
            settle(this)

    def finish(self, offer_events: tuple[OfferEvent, ...]) -> Finished:
        """Take in what became of offers, and close the round."""
        this = self.round
        if offer_events and this.program.trigger_index.of_offers:
            arise_of_offers(this, offer_events)
            settle(this)
        next_at = self._next_at
        if this.memory.waiting:
            first_at = min(one.due_at for one in this.memory.waiting)
            next_at = min(next_at, first_at) if next_at else first_at
        this.turn.engagement = this.memory.close()
        assert not next_at or next_at > this.at, "all that is due is done"
        return Finished(
            this.fired_triggers(), _joined(this.events), tuple(this.messages), next_at
        )

    def _drop_untrue(self) -> None:
        this = self.round
        if not this.memory.waiting:
            return
        rules, look = this.program.trigger_index.by_id, this.look()
        for waiting in this.memory.waiting:
            trigger = rules.get(waiting.trigger_id)
            if trigger is None:
                continue
            why = why_untrue(
                waiting, trigger, memory=this.memory, look=look, turn=this.turn
            )
            if why:
                this.untrue(waiting, why)


def _joined(events: list[TriggerEvent]) -> tuple[TriggerEvent, ...]:
    """One event of a kind in a decision, as analysts keep them, with its reasons."""
    reasons: dict[str, list[str]] = {}
    for one in events:
        reasons.setdefault(one.trigger_id, []).append(one.reason)
    return tuple(
        [TriggerEvent(name, "; ".join(found)) for name, found in reasons.items()]
    )
