"""What a member allows: messages of a purpose on a channel, with its proof."""

from fastapi import APIRouter

from api.asking import ANSWERS, Asked
from api.command_responses import CommandOut
from api.dependencies import JsonOnly, MemberId, Views
from api.errors import problem_responses
from api.gate import requires
from api.member_responses import ConsentsOut, consents_out
from api.problems import (
    InvalidRequest,
    MemberNotFound,
    Problem,
    Unavailable,
    no_such_member,
)
from api.profile_requests import ConsentIn
from schemas.views import decode_view

router = APIRouter(prefix="/v1/members")


@router.get(
    "/{member_id}/consents",
    tags=["members"],
    dependencies=[requires("members:read")],
    responses=problem_responses(InvalidRequest, MemberNotFound, Unavailable, Problem),
)
async def list_consents(member_id: MemberId, views: Views) -> ConsentsOut:
    """What the member said last about each channel and purpose."""
    stored = await views.get(member_id)
    if stored is None:
        raise no_such_member(member_id)
    return ConsentsOut(items=consents_out(decode_view(stored.document)))


@router.put(
    "/{member_id}/consents",
    tags=["commands"],
    dependencies=[JsonOnly, requires("members:write")],
    responses=ANSWERS,
    response_model_exclude_none=True,
)
async def set_consent(member_id: MemberId, body: ConsentIn, asked: Asked) -> CommandOut:
    """Note a consent or its withdrawal; every one stays in the member's history."""
    return await asked.of(member_id, "consent.set", body.attributes())
