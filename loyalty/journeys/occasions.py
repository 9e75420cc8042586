"""What an event is to journeys, and whether it is what they look for."""

from collections.abc import Mapping
from typing import NamedTuple

from loyalty.conditions import ANY_TIME, When
from loyalty.events import (
    CANCELLED,
    PLACED,
    REFUNDED,
    ActivityEvent,
    Attribute,
    Command,
    MemberEvent,
    OrderEvent,
)
from loyalty.journeys.steps import (
    ACTIVITY,
    COMMAND,
    ORDER,
    RETURN,
    SEGMENT,
    TIER,
    TRIGGER,
    Occasion,
)
from loyalty.moments import Moment, holds
from loyalty.program import Program
from loyalty.turn import Turn


class Happened(NamedTuple):
    """Something that has happened to a member; `at` is its own time (ms)."""

    kind: str
    name: str
    at: int
    store_id: str = ""
    channel: str = ""
    amount_minor: int = 0
    order_id: str = ""
    attributes: Mapping[str, Attribute] = {}
    joined: frozenset[str] = frozenset()
    left: frozenset[str] = frozenset()

    @property
    def words(self) -> str:
        """What it is, for people."""
        if self.kind == SEGMENT:
            moves = [f"joined {name}" for name in sorted(self.joined)]
            moves += [f"left {name}" for name in sorted(self.left)]
            return f"{self.kind} {', '.join(moves)}"
        return f"{self.kind} {self.name}".rstrip()


def happened_in(turn: Turn, event: MemberEvent) -> tuple[Happened, ...]:
    """What one event is, and the changes of segments and tier that it led to."""
    found: tuple[Happened, ...] = ()
    if isinstance(event, OrderEvent):
        found = _of_order(event)
    elif isinstance(event, ActivityEvent):
        found = (
            Happened(
                ACTIVITY,
                event.type,
                event.occurred_at,
                store_id=event.store_id or "",
                order_id=str(event.attributes.get("order_id", "")),
                attributes=event.attributes,
            ),
        )
    elif isinstance(event, Command) and not turn.refusal:
        found = (
            Happened(
                COMMAND, event.type, event.occurred_at, attributes=event.attributes
            ),
        )
    found += _of_segments(turn)
    before, tier = turn.member.state.tier, turn.state.tier
    # The tier that a new member begins in is no change.
    if before and tier and tier != before:
        found = (*found, Happened(TIER, tier, turn.clock_at))
    return found


def _of_segments(turn: Turn) -> tuple[Happened, ...]:
    """All that one event did to a member's segments is one thing that happened."""
    was, now = turn.member.profile.segments, turn.profile.segments
    is_forgotten = turn.merging.erased_at != turn.member.merging.erased_at
    if was == now or is_forgotten:
        # Who is forgotten has left nothing.
        return ()
    joined = frozenset(now).difference(was)
    left = frozenset(was).difference(now)
    return (Happened(SEGMENT, "", turn.clock_at, joined=joined, left=left),)


def _of_order(event: OrderEvent) -> tuple[Happened, ...]:
    if event.kind == PLACED:
        kind = ORDER
    elif event.kind in (REFUNDED, CANCELLED):
        kind = RETURN
    else:
        return ()
    return (
        Happened(
            kind,
            "",
            event.occurred_at,
            store_id=event.store_id,
            channel=event.channel,
            amount_minor=event.subtotal_minor,
            order_id=event.order_id,
        ),
    )


def told_as(trigger_id: str, at: int) -> Happened:
    """A trigger that fired."""
    return Happened(TRIGGER, trigger_id, at)


def is_meant(
    occasion: Occasion, happened: Happened, turn: Turn, *, program: Program
) -> bool:
    """Whether what happened is what a journey looks for, for this member now."""
    if occasion.kind != happened.kind:
        return False
    if occasion.name and occasion.name != happened.name:
        return False
    if occasion.kind == TIER and occasion.tiers:
        if happened.name not in occasion.tiers:
            return False
    elif occasion.kind == SEGMENT:
        came = not occasion.joins.isdisjoint(happened.joined)
        if not came and occasion.leaves.isdisjoint(happened.left):
            return False
    elif happened.amount_minor < occasion.minimum_minor:
        return False
    for name, value in occasion.attributes:
        if str(happened.attributes.get(name)) != value:
            return False
    return occasion.when is ANY_TIME or _suits(
        occasion.when, happened, turn, program=program
    )


def _suits(when: When, happened: Happened, turn: Turn, *, program: Program) -> bool:
    moment = Moment(happened.at, happened.store_id, happened.channel, turn.profile)
    if not holds(when, moment, program):
        return False
    count = turn.state.order_count
    if when.tiers and turn.state.tier not in when.tiers:
        return False
    if when.order_number and count != when.order_number:
        return False
    return not when.every_order or count % when.every_order == 0
