"""CloudEvents in: orders and acts in the envelope that other systems send."""

import asyncio
from typing import Any, Final

from fastapi import APIRouter, Request

from api.cloud_event_documents import BODY, HEADERS
from api.cloud_events import events_of
from api.dependencies import Codec, Log, Now
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
from api.responses import AllAcceptedOut
from schemas.event_bodies import OrderIn

router = APIRouter(
    prefix="/v1",
    tags=["events"],
    dependencies=[requires("events:write")],
    responses=problem_responses(
        MemberNotFound,
        BodyTooLarge,
        UnsupportedMediaType,
        InvalidRequest,
        Unavailable,
        Problem,
    ),
)
DOCUMENTED: Final[dict[str, Any]] = {"requestBody": BODY, "parameters": HEADERS}


# The contract's name of it.
@router.post("/events", status_code=202, include_in_schema=False)
@router.post("/cloudevents", status_code=202, openapi_extra=DOCUMENTED)
async def post_cloud_events(
    *, request: Request, caller: Caller, log: Log, codec: Codec, now: Now
) -> AllAcceptedOut:
    """
    Take CloudEvents: one, a batch, or one in headers (structured, batch, binary).

    All of them are checked before the first is sent. 202 says that the broker has all;
    after 503 it may have some: send all again, each counts once.
    """
    body = await request.body()
    content_type = request.headers.get("content-type", "")
    intake = Intake(caller, codec, now)
    checked = [
        intake.order(one) if isinstance(one, OrderIn) else intake.act(one)
        for one in events_of(content_type, request.headers, body)
    ]
    # In their order: each is on its way before the next one is begun.
    sending = [publish(log, one) for one in checked]
    return AllAcceptedOut(items=list(await asyncio.gather(*sending)))
