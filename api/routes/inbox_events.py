"""A member's inbox as it changes, as server-sent events (WHATWG)."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Header

from api.dependencies import InboxEvents, MemberId
from api.errors import problem_responses
from api.event_stream import DOCUMENTED, MEDIA_TYPE, EventStream
from api.flow_problems import TooManyStreams
from api.gate import requires
from api.problems import InvalidRequest, MemberNotFound, Problem, Unavailable

VERSION_MAX: Final = 2**53
EXAMPLE: Final = 'id: 4\nevent: inbox\ndata: {"items":[],"unread":0}\n\n'
SHOWN: Final[dict[str, Any]] = DOCUMENTED | {
    "content": {MEDIA_TYPE: DOCUMENTED["content"][MEDIA_TYPE] | {"example": EXAMPLE}}
}

router = APIRouter(
    prefix="/v1/members",
    tags=["members"],
    dependencies=[requires("members:read")],
    responses=problem_responses(
        MemberNotFound, InvalidRequest, TooManyStreams, Unavailable, Problem
    ),
)


@router.get(
    "/{member_id}/inbox/events", response_class=EventStream, responses={200: SHOWN}
)
async def stream_inbox(
    *,
    member_id: MemberId,
    streams: InboxEvents,
    last_event_id: Annotated[int | None, Header(ge=0, le=VERSION_MAX)] = None,
) -> EventStream:
    """
    Tell what comes into an inbox, and what is read or dismissed there.

    With `Last-Event-ID` each message that changed since, as it is now; without it,
    or with one that never was, the whole inbox first. It ends after ten minutes:
    connect again.
    """
    return streams.open(member_id, last_event_id)
