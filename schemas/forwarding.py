"""Events that another member has to judge, as commands from member to member."""

from base64 import b64decode, b64encode
from typing import Final, NamedTuple

from loyalty.decision import Decision, Forward
from loyalty.events import (
    ENGINE,
    ActivityEvent,
    Command,
    MemberEvent,
    OrderEvent,
)
from loyalty.limits import MERGE_CHAIN_MAX
from schemas.events import EventCodec
from schemas.framing import MalformedRecord

ORDER: Final = "merge.order"
ACTIVITY: Final = "merge.activity"
HOPS_MAX: Final = 2 * MERGE_CHAIN_MAX


class Addressed(NamedTuple):
    """An event, who is to judge it, and how many have passed it on."""

    member_id: str
    event: MemberEvent
    hops: int = 0


def forwarded(
    codec: EventCodec, sender_id: str, decision: Decision, *, addressed: Addressed
) -> Command:
    """
    Command that takes an event to who has to judge it.

    What goes to the keeper of an order's books goes under the sender's name: it
    is not passed on as what nobody knows.
    """
    assert decision.forward is not None, "only what is passed on is sent"
    event, forward = addressed.event, decision.forward
    assert isinstance(event, OrderEvent | ActivityEvent), "ticks and commands stay"
    named = event._replace(member_id=_name(sender_id, forward))
    if isinstance(named, OrderEvent):
        kind, value = ORDER, codec.encode_order(named)
    else:
        kind, value = ACTIVITY, codec.encode_activity(named)
    return Command(
        f"{sender_id}:{decision.member.version}:forward",
        forward.member_id,
        kind,
        decision.member.clock_at,
        ENGINE,
        {"event": b64encode(value).decode(), "hops": addressed.hops + 1},
    )


def addressed(codec: EventCodec, command: Command, recorded_at: int) -> Addressed:
    """
    Event that a command brings, or the command itself.

    Raises: MalformedRecord, also for what went round and round.
    """
    if command.type not in (ORDER, ACTIVITY):
        return Addressed(command.member_id, command)
    hops = int(command.attributes.get("hops", 0))
    if hops > HOPS_MAX:
        raise MalformedRecord("merge-loop", f"passed on {hops} times")
    try:
        value = b64decode(str(command.attributes.get("event", "")), validate=True)
    except ValueError as error:
        raise MalformedRecord("undecodable", f"forwarded event: {error}") from error
    event: OrderEvent | ActivityEvent
    if command.type == ORDER:
        event = codec.read_order(value, recorded_at)
    else:
        event = codec.read_activity(value, recorded_at)
    return Addressed(command.member_id, event, hops)


def _name(sender_id: str, forward: Forward) -> str:
    return sender_id if forward.is_final else forward.member_id
