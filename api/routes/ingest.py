"""Events in: checked as the engine checks them, then the broker has the word."""

from fastapi import APIRouter

from api.dependencies import Codec, JsonOnly, Log, Now
from api.errors import problem_responses
from api.gate import Caller, requires
from api.ingesting import Intake, publish
from api.problems import (
    BodyTooLarge,
    InvalidRequest,
    MemberNotFound,
    Problem,
    Unavailable,
    UnsupportedMediaType,
)
from api.responses import AcceptedOut
from schemas.event_bodies import ActivityIn, OrderIn

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
    return await publish(log, Intake(caller, codec, now).order(order))


@router.post("/activity", status_code=202)
async def post_activity(
    *, activity: ActivityIn, caller: Caller, log: Log, codec: Codec, now: Now
) -> AcceptedOut:
    """Take an act; 202 says that the broker has it and the engine will decide it."""
    return await publish(log, Intake(caller, codec, now).act(activity))
