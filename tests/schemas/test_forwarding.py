"""Events that members of a merge pass on: whole, under the right name, not for ever."""

import pytest

from loyalty.decision import Decision, Forward
from loyalty.events import ActivityEvent, Command, InvalidEvent, OrderEvent
from loyalty.member import NEW_MEMBER
from schemas.events import EventCodec, check_outside_command
from schemas.forwarding import (
    ACTIVITY,
    HOPS_MAX,
    ORDER,
    Addressed,
    addressed,
    forwarded,
)
from schemas.framing import MalformedRecord
from tests.builders import NOON, an_activity, an_order

CODEC = EventCodec()


def passed_on(event: OrderEvent | ActivityEvent, forward: Forward) -> Command:
    sender = NEW_MEMBER._replace(clock_at=NOON)
    decision = Decision(sender, (), (), (), "", "", "", forward=forward)
    meant = Addressed("guest", event)
    return forwarded(CODEC, "guest", decision, addressed=meant)


@pytest.mark.parametrize(
    "event",
    [an_order(member_id="guest"), an_activity(member_id="guest")],
    ids=["order", "act"],
)
@pytest.mark.parametrize(("is_final", "name"), [(False, "ann"), (True, "guest")])
def test_an_event_arrives_whole_and_named_for_its_way(
    event: OrderEvent | ActivityEvent, is_final: bool, name: str
) -> None:
    command = passed_on(event, Forward("ann", is_final))
    value = CODEC.encode_command(command)
    again = CODEC.decode_command(b"ann", value, NOON)

    assert addressed(CODEC, again, NOON) == Addressed(
        "ann", event._replace(member_id=name), 1
    )


def test_any_other_command_is_its_own() -> None:
    command = Command("c", "ann", "points.adjust", NOON, "desk", {"points": 1})

    assert addressed(CODEC, command, NOON) == Addressed("ann", command)


@pytest.mark.parametrize(
    ("attributes", "reason"),
    [
        ({"event": "%%%", "hops": 1}, "undecodable"),
        ({"event": "AAAA", "hops": 1}, "wrong-magic"),
        ({"hops": HOPS_MAX + 1}, "merge-loop"),
    ],
    ids=["no text of ours", "no event", "round and round"],
)
def test_what_cannot_be_judged_is_refused(attributes: dict, reason: str) -> None:
    command = Command("c", "ann", ORDER, NOON, "engine", attributes)

    with pytest.raises(MalformedRecord) as refused:
        addressed(CODEC, command, NOON)

    assert refused.value.reason == reason


@pytest.mark.parametrize("kind", [ORDER, ACTIVITY, "merge.close", "merge.take"])
def test_nobody_outside_sends_a_step_of_a_merge(kind: str) -> None:
    command = Command("c", "ann", kind, NOON, "desk", {})

    with pytest.raises((MalformedRecord, InvalidEvent), match=r"merge\."):
        check_outside_command(command, NOON)
