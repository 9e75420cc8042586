"""Two members who are one person become one, and are two again if that was wrong."""

from fastapi import APIRouter

from api.asking import ANSWERS, Asked
from api.command_requests import MergeIn
from api.command_responses import CommandOut
from api.commands import SERVICE
from api.dependencies import JsonOnly, MemberId, NamedId, Views
from api.gate import requires
from api.problems import MemberNotFound

router = APIRouter(
    prefix="/v1/members",
    tags=["commands"],
    responses=ANSWERS,
    dependencies=[requires("service:write", for_members=False)],
)


@router.post(
    "/{member_id}/merges",
    dependencies=[JsonOnly],
    response_model_exclude_none=True,
)
async def merge_members(
    member_id: MemberId, body: MergeIn, asked: Asked, views: Views
) -> CommandOut:
    """Let another member become part of this one, with all that it has."""
    if await views.get(body.from_member_id) is None:
        raise MemberNotFound(f"there is no member {body.from_member_id!r} to merge")
    attributes = body.attributes()
    return await asked.of(member_id, "member.merge", attributes, actor=SERVICE)


@router.delete("/{member_id}/merges/{from_member_id}", response_model_exclude_none=True)
async def unmerge_members(
    member_id: MemberId, from_member_id: NamedId, asked: Asked
) -> CommandOut:
    """Let a member be itself again, with what is still there of what it brought."""
    attributes = {"from": from_member_id}
    return await asked.of(member_id, "member.unmerge", attributes, actor=SERVICE)
