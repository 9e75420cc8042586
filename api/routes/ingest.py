"""Events in: checked as the engine checks them, then the broker has the word."""

from fastapi import APIRouter

from api.dependencies import Codec, JsonOnly, Log, Now
from api.errors import (
    BodyTooLarge,
    EventRefused,
    InvalidRequest,
    Unavailable,
    UnsupportedMediaType,
    problem_responses,
)
from api.requests import ActivityIn, OrderIn
from api.responses import AcceptedOut
from loyalty.events import InvalidEvent, check_activity, check_order
from schemas.topics import ACTIVITY, ORDERS

router = APIRouter(
    prefix="/v1",
    tags=["events"],
    dependencies=[JsonOnly],
    responses=problem_responses(
        BodyTooLarge, UnsupportedMediaType, InvalidRequest, Unavailable
    ),
)


@router.post("/orders", status_code=202)
async def post_order(order: OrderIn, log: Log, codec: Codec, now: Now) -> AcceptedOut:
    """Take an order; 202 says that the broker has it and the engine will decide it."""
    event = order.event()
    try:
        check_order(event, now)
    except InvalidEvent as invalid:
        raise EventRefused(invalid.detail, reason=invalid.reason) from invalid
    placed = await log.publish(
        ORDERS.name, key=event.member_id.encode(), value=codec.encode_order(event)
    )
    return AcceptedOut(event_id=event.event_id, **placed._asdict())


@router.post("/activity", status_code=202)
async def post_activity(
    activity: ActivityIn, log: Log, codec: Codec, now: Now
) -> AcceptedOut:
    """Take an act; 202 says that the broker has it and the engine will decide it."""
    event = activity.event()
    try:
        check_activity(event, now)
    except InvalidEvent as invalid:
        raise EventRefused(invalid.detail, reason=invalid.reason) from invalid
    placed = await log.publish(
        ACTIVITY.name, key=event.member_id.encode(), value=codec.encode_activity(event)
    )
    return AcceptedOut(event_id=event.event_id, **placed._asdict())
