"""Commands: each is sent once, decided by the engine, and answered with its result."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Request, Response

from api.command_requests import (
    AdjustmentIn,
    EnrolIn,
    PoolIn,
    ProfileIn,
    RedemptionIn,
    ReinstatementIn,
    ReservationIn,
    TransferIn,
    VoidIn,
)
from api.command_responses import CommandOut, command_out
from api.commands import (
    APP,
    SERVICE,
    Wish,
    checked_key,
    command_id_of,
)
from api.dependencies import (
    Desk,
    IdempotencyKey,
    JsonOnly,
    MemberId,
    NamedId,
    Now,
    Views,
)
from api.errors import (
    BodyTooLarge,
    CommandRefused,
    IdempotencyKeyInvalid,
    InvalidRequest,
    MemberNotFound,
    Problem,
    TargetNotFound,
    Unavailable,
    UnsupportedMediaType,
    problem_responses,
)
from api.refusals import refusal
from api.reservation_ids import RESERVATION_ID_LENGTH_MAX, reservation_of

NEW: Final = 1
# No member's id begins with NUL, so no member can be taken for the route.
ENROLMENTS: Final = "\0/v1/members"
LATER: Final[dict[int | str, dict[str, Any]]] = {
    202: {"description": "Not decided yet: ask `Location`", "model": CommandOut}
}
router = APIRouter(
    prefix="/v1",
    tags=["commands"],
    responses={
        **problem_responses(
            IdempotencyKeyInvalid,
            MemberNotFound,
            CommandRefused,
            BodyTooLarge,
            UnsupportedMediaType,
            InvalidRequest,
            Unavailable,
            Problem,
        ),
        **LATER,
    },
)
ReservationId = Annotated[str, Path(min_length=1, max_length=RESERVATION_ID_LENGTH_MAX)]


class _Asked:
    """One request that is a command, on its way to its answer."""

    def __init__(
        self,
        *,
        request: Request,
        response: Response,
        desk: Desk,
        now: Now,
        key: IdempotencyKey = None,
    ) -> None:
        self._request = request
        self._response = response
        self._desk = desk
        self._now = now
        self.key = key

    async def of(
        self, member_id: str, command_type: str, attributes: dict[str, Any], **more: Any
    ) -> CommandOut:
        """Answer with what a member's command came to; raises what it refuses."""
        route = f"{self._request.method} {self._request.url.path}"
        wish = Wish(member_id, route, member_id, command_type, attributes)
        answer = await self._desk.ask(wish._replace(**more), self.key, self._now)
        out = command_out(answer)
        headers = {"Idempotency-Replayed": "true"} if answer.is_replayed else {}
        if out.status == "refused":
            assert answer.result is not None, "a refusal is a result"
            detail = (answer.result["result"] or {}).get("detail", out.why or "")
            problem = refusal(out.reason or "", detail, command_id=out.command_id)
            problem.headers |= headers
            raise problem
        if out.status == "pending":
            self._response.status_code = 202
            headers["Location"] = f"/v1/commands/{out.command_id}"
        self._response.headers.update(headers)
        return out

    async def of_reservation(self, given_id: str, command_type: str) -> CommandOut:
        """Answer with what the command of a reservation came to."""
        found = reservation_of(given_id)
        if found is None:
            raise TargetNotFound("the id is not one of ours")
        attributes = {"reservation_id": found.hold_id}
        return await self.of(found.member_id, command_type, attributes)


Asked = Annotated[_Asked, Depends(_Asked)]


@router.post(
    "/members",
    status_code=201,
    dependencies=[JsonOnly],
    responses={200: {"description": "Was a member already", "model": CommandOut}},
    response_model_exclude_none=True,
)
async def enrol_member(body: EnrolIn, asked: Asked, response: Response) -> CommandOut:
    """Enrol a member; of one who is there already the profile is changed."""
    made_id = "m-" + command_id_of(ENROLMENTS, checked_key(asked.key))[len("api-") :]
    out = await asked.of(
        body.member_id or made_id,
        "member.update",
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
    response_model_exclude_none=True,
)
async def change_profile(
    member_id: MemberId, body: ProfileIn, asked: Asked
) -> CommandOut:
    """Change what is known of a member; a birthday is changed as the service desk."""
    actor = SERVICE if body.birthday is not None else APP
    return await asked.of(member_id, "member.update", body.attributes(), actor=actor)


@router.post(
    "/members/{member_id}/reservations",
    status_code=201,
    dependencies=[JsonOnly],
    response_model_exclude_none=True,
)
async def reserve(member_id: MemberId, body: ReservationIn, asked: Asked) -> CommandOut:
    """Set points or a reward aside; what is neither confirmed nor released ends."""
    return await asked.of(member_id, "points.reserve", body.attributes())


@router.post(
    "/reservations/{reservation_id}/confirm",
    responses=problem_responses(TargetNotFound),
    response_model_exclude_none=True,
)
async def confirm_reservation(
    reservation_id: ReservationId, asked: Asked
) -> CommandOut:
    """Use what was set aside."""
    return await asked.of_reservation(reservation_id, "points.confirm")


@router.delete(
    "/reservations/{reservation_id}",
    responses=problem_responses(TargetNotFound),
    response_model_exclude_none=True,
)
async def release_reservation(
    reservation_id: ReservationId, asked: Asked
) -> CommandOut:
    """Give back what was set aside."""
    return await asked.of_reservation(reservation_id, "points.release")


@router.post(
    "/members/{member_id}/redemptions",
    dependencies=[JsonOnly],
    response_model_exclude_none=True,
)
async def redeem(member_id: MemberId, body: RedemptionIn, asked: Asked) -> CommandOut:
    """Use points or take a reward at once."""
    return await asked.of(member_id, "points.redeem", body.attributes())


@router.post(
    "/members/{member_id}/adjustments",
    dependencies=[JsonOnly],
    response_model_exclude_none=True,
)
async def adjust(member_id: MemberId, body: AdjustmentIn, asked: Asked) -> CommandOut:
    """Correct a balance, as the service desk."""
    attributes = body.attributes()
    return await asked.of(member_id, "points.adjust", attributes, actor=SERVICE)


@router.post(
    "/members/{member_id}/transfers",
    dependencies=[JsonOnly],
    response_model_exclude_none=True,
)
async def transfer(
    member_id: MemberId, body: TransferIn, asked: Asked, views: Views
) -> CommandOut:
    """Give points to another member; they have them a moment later."""
    if await views.get(body.to) is None:
        raise MemberNotFound(f"there is no member {body.to!r} to give to")
    return await asked.of(member_id, "points.transfer", body.attributes())


@router.post(
    "/members/{member_id}/void",
    dependencies=[JsonOnly],
    response_model_exclude_none=True,
)
async def void(member_id: MemberId, body: VoidIn, asked: Asked) -> CommandOut:
    """Make an earlier command undone, as the service desk."""
    attributes = body.attributes()
    return await asked.of(member_id, "points.void", attributes, actor=SERVICE)


@router.post(
    "/members/{member_id}/reinstatements",
    dependencies=[JsonOnly],
    response_model_exclude_none=True,
)
async def reinstate(
    member_id: MemberId, body: ReinstatementIn, asked: Asked
) -> CommandOut:
    """Bring back points that expired lately, as the service desk."""
    attributes = body.attributes()
    return await asked.of(member_id, "points.reinstate", attributes, actor=SERVICE)


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
