"""Events in: checked as the engine checks them, then the broker has the word."""

from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import APIRouter

from api.dependencies import Codec, JsonOnly, Log, Now
from api.errors import problem_responses
from api.gate import Caller, check_member, requires
from api.problems import (
    BodyTooLarge,
    EventRefused,
    InvalidRequest,
    MemberNotFound,
    Problem,
    Unavailable,
    UnsupportedMediaType,
)
from api.requests import ActivityIn, OrderIn
from api.responses import AcceptedOut
from loyalty.events import InvalidEvent, check_activity, check_order
from schemas.events import check_key
from schemas.framing import MalformedRecord
from schemas.topics import ACTIVITY, ORDERS, SOURCE_BYTES_MAX
from stores.publisher import Published, Publisher

router = APIRouter(
    prefix="/v1",
    tags=["events"],
    dependencies=[requires("events:write"), JsonOnly],
    responses=problem_responses(
        MemberNotFound,
        BodyTooLarge,
        UnsupportedMediaType,
        InvalidRequest,
        Unavailable,
        Problem,
    ),
)


@router.post("/orders", status_code=202)
async def post_order(
    *, order: OrderIn, caller: Caller, log: Log, codec: Codec, now: Now
) -> AcceptedOut:
    """Take an order; 202 says that the broker has it and the engine will decide it."""
    event = order.event()
    check_member(caller, event.member_id)
    with _refused_as_the_engine_would():
        check_key(event.member_id.encode(), event.member_id)
        check_order(event, now)
    value = codec.encode_order(event)
    place = await _publish(log, topic=ORDERS.name, key=event.member_id, value=value)
    return AcceptedOut(event_id=event.event_id, **place._asdict())


@router.post("/activity", status_code=202)
async def post_activity(
    *, activity: ActivityIn, caller: Caller, log: Log, codec: Codec, now: Now
) -> AcceptedOut:
    """Take an act; 202 says that the broker has it and the engine will decide it."""
    event = activity.event()
    check_member(caller, event.member_id)
    with _refused_as_the_engine_would():
        check_key(event.member_id.encode(), event.member_id)
        check_activity(event, now)
    value = codec.encode_activity(event)
    place = await _publish(log, topic=ACTIVITY.name, key=event.member_id, value=value)
    return AcceptedOut(event_id=event.event_id, **place._asdict())


@contextmanager
def _refused_as_the_engine_would() -> Iterator[None]:
    """Tell now what would otherwise be a dead letter after a 202."""
    try:
        yield
    except (InvalidEvent, MalformedRecord) as fault:
        raise EventRefused(fault.detail, reason=fault.reason) from fault


async def _publish(log: Publisher, *, topic: str, key: str, value: bytes) -> Published:
    if len(value) > SOURCE_BYTES_MAX:
        detail = f"the event has {len(value)} bytes, at most {SOURCE_BYTES_MAX}"
        raise BodyTooLarge(detail)
    return await log.publish(topic, key=key.encode(), value=value)
