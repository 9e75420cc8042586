"""A member's new versions as they come, as server-sent events (WHATWG)."""

from typing import Annotated, Final

from fastapi import APIRouter, Header

from api.dependencies import MemberId, Streams
from api.errors import problem_responses
from api.event_stream import DOCUMENTED, EventStream
from api.flow_problems import TooManyStreams
from api.gate import requires
from api.problems import InvalidRequest, MemberNotFound, Problem, Unavailable

VERSION_MAX: Final = 2**53

router = APIRouter(
    prefix="/v1/members",
    tags=["members"],
    dependencies=[requires("members:read")],
    responses=problem_responses(
        MemberNotFound, InvalidRequest, TooManyStreams, Unavailable, Problem
    ),
)


# The contract's name of it.
@router.get("/{member_id}/stream", response_class=EventStream, include_in_schema=False)
@router.get(
    "/{member_id}/events", response_class=EventStream, responses={200: DOCUMENTED}
)
async def stream_member(
    *,
    member_id: MemberId,
    streams: Streams,
    last_event_id: Annotated[int | None, Header(ge=0, le=VERSION_MAX)] = None,
) -> EventStream:
    """
    Tell each new version of a member: balance, tier, offers, and what changed them.

    With `Last-Event-ID` from there on, or `reset` if that is too long ago; without it
    from the version of now. It ends after ten minutes: connect again.
    """
    return streams.open(member_id, last_event_id)
