"""Commands about points: sent once, decided by the engine, answered with its result."""

from typing import Annotated

from fastapi import APIRouter, Path

from api.asking import ANSWERS, Asked
from api.command_requests import (
    AdjustmentIn,
    RedemptionIn,
    ReinstatementIn,
    ReservationIn,
    TransferIn,
    VoidIn,
)
from api.command_responses import CommandOut
from api.commands import SERVICE
from api.dependencies import JsonOnly, MemberId, Views
from api.errors import problem_responses
from api.gate import requires
from api.problems import MemberNotFound, TargetNotFound
from schemas.reservation_ids import RESERVATION_ID_LENGTH_MAX

router = APIRouter(prefix="/v1", tags=["commands"], responses=ANSWERS)
POINTS = requires("points:write")
DESK = requires("service:write", for_members=False)
ReservationId = Annotated[str, Path(min_length=1, max_length=RESERVATION_ID_LENGTH_MAX)]


@router.post(
    "/members/{member_id}/reservations",
    status_code=201,
    dependencies=[POINTS, JsonOnly],
    response_model_exclude_none=True,
)
async def reserve(member_id: MemberId, body: ReservationIn, asked: Asked) -> CommandOut:
    """Set points or a reward aside; what is neither confirmed nor released ends."""
    return await asked.of(member_id, "points.reserve", body.attributes())


@router.post(
    "/reservations/{reservation_id}/confirm",
    dependencies=[POINTS],
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
    dependencies=[POINTS],
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
    dependencies=[POINTS, JsonOnly],
    response_model_exclude_none=True,
)
async def redeem(member_id: MemberId, body: RedemptionIn, asked: Asked) -> CommandOut:
    """Use points or take a reward at once."""
    return await asked.of(member_id, "points.redeem", body.attributes())


@router.post(
    "/members/{member_id}/adjustments",
    dependencies=[DESK, JsonOnly],
    response_model_exclude_none=True,
)
async def adjust(member_id: MemberId, body: AdjustmentIn, asked: Asked) -> CommandOut:
    """Correct a balance, as the service desk."""
    attributes = body.attributes()
    return await asked.of(member_id, "points.adjust", attributes, actor=SERVICE)


@router.post(
    "/members/{member_id}/transfers",
    dependencies=[POINTS, JsonOnly],
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
    dependencies=[DESK, JsonOnly],
    response_model_exclude_none=True,
)
async def void(member_id: MemberId, body: VoidIn, asked: Asked) -> CommandOut:
    """Make an earlier command undone, as the service desk."""
    attributes = body.attributes()
    return await asked.of(member_id, "points.void", attributes, actor=SERVICE)


@router.post(
    "/members/{member_id}/reinstatements",
    dependencies=[DESK, JsonOnly],
    response_model_exclude_none=True,
)
async def reinstate(
    member_id: MemberId, body: ReinstatementIn, asked: Asked
) -> CommandOut:
    """Bring back points that expired lately, as the service desk."""
    attributes = body.attributes()
    return await asked.of(member_id, "points.reinstate", attributes, actor=SERVICE)
