"""Commands about the member: enrolment, profile, challenges, a shared account."""

from typing import Final

from fastapi import APIRouter, Response

from api.asking import ANSWERS, Asked
from api.command_responses import CommandOut
from api.commands import checked_key, command_id_of
from api.dependencies import JsonOnly, MemberId, NamedId
from api.errors import problem_responses
from api.gate import check_member, requires
from api.problems import IdentityNotKept, TargetNotFound
from api.profile_requests import EnrolIn, PoolIn, ProfileIn

NEW: Final = 1
# No member's id begins with NUL, so no member can be taken for the route.
ENROLMENTS: Final = "\0/v1/members"
router = APIRouter(
    prefix="/v1",
    tags=["commands"],
    dependencies=[requires("members:write")],
    responses=ANSWERS,
)


@router.post(
    "/members",
    status_code=201,
    dependencies=[JsonOnly],
    responses={
        200: {"description": "Was a member already", "model": CommandOut},
        **problem_responses(IdentityNotKept),
    },
    response_model_exclude_none=True,
)
async def enrol_member(body: EnrolIn, asked: Asked, response: Response) -> CommandOut:
    """Enrol a member; of one who is there already the profile is changed."""
    caller = asked.caller
    made_id = command_id_of(
        checked_key(asked.key), client_id=caller.client_id, scope=ENROLMENTS
    )
    member_id = body.member_id or caller.member_id or "m-" + made_id[len("api-") :]
    check_member(caller, member_id)
    out = await asked.of_contacts(
        member_id,
        body.contacts(),
        body.attributes(),
        scope=ENROLMENTS,
        makes_member=True,
    )
    if out.status == "done":
        response.status_code = 201 if out.version == NEW else 200
    return out


@router.patch(
    "/members/{member_id}",
    dependencies=[JsonOnly],
    responses=problem_responses(IdentityNotKept),
    response_model_exclude_none=True,
)
async def change_profile(
    member_id: MemberId, body: ProfileIn, asked: Asked
) -> CommandOut:
    """Change what is known of a member; a birthday that is told, the service desk."""
    return await asked.of_contacts(
        member_id, body.contacts(), body.attributes(), actor=asked.desk_actor
    )


@router.put(
    "/members/{member_id}/challenges/{challenge_id}",
    responses=problem_responses(TargetNotFound),
    response_model_exclude_none=True,
)
async def join_challenge(
    member_id: MemberId, challenge_id: NamedId, asked: Asked
) -> CommandOut:
    """Join a challenge."""
    return await asked.of(member_id, "challenge.join", {"challenge_id": challenge_id})


@router.delete(
    "/members/{member_id}/challenges/{challenge_id}",
    responses=problem_responses(TargetNotFound),
    response_model_exclude_none=True,
)
async def leave_challenge(
    member_id: MemberId, challenge_id: NamedId, asked: Asked
) -> CommandOut:
    """Leave a challenge."""
    return await asked.of(member_id, "challenge.leave", {"challenge_id": challenge_id})


@router.put(
    "/members/{member_id}/pool",
    dependencies=[JsonOnly],
    response_model_exclude_none=True,
)
async def join_pool(member_id: MemberId, body: PoolIn, asked: Asked) -> CommandOut:
    """Let what the member earns from now on go to a shared account."""
    return await asked.of(member_id, "pool.join", body.attributes())


@router.delete(
    "/members/{member_id}/pool",
    response_model_exclude_none=True,
)
async def leave_pool(member_id: MemberId, asked: Asked) -> CommandOut:
    """Let what the member earns from now on be the member's own."""
    return await asked.of(member_id, "pool.join", {"pool_id": ""})
