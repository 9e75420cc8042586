"""The code that a member shows at a till."""

from fastapi import APIRouter

from api.dependencies import Identified, MemberId, Now, Views
from api.errors import problem_responses
from api.gate import requires
from api.pos_responses import CodeOut, code_out
from api.problems import (
    IdentityNotKept,
    InvalidRequest,
    MemberNotFound,
    Problem,
    Unavailable,
    no_such_member,
)

router = APIRouter(
    prefix="/v1/members",
    tags=["members"],
    dependencies=[requires("members:read")],
    responses=problem_responses(
        MemberNotFound, InvalidRequest, IdentityNotKept, Unavailable, Problem
    ),
)


@router.get("/{member_id}/code")
async def get_code(
    member_id: MemberId, views: Views, identified: Identified, now: Now
) -> CodeOut:
    """Digits to type and a text for a QR code, new each minute, good for two."""
    codes = identified.codes
    if await views.get(member_id) is None:
        raise no_such_member(member_id)
    return code_out(await codes.show(member_id, now / 1_000))
