"""Campaigns: written by one person, started by another, paused and stopped by any."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query

from api.campaign_asking import STEP, CampaignAsked
from api.campaign_plans import audience_of, plan_of
from api.campaign_problems import (
    CampaignExists,
    CampaignInvalid,
    CampaignNotFound,
    CampaignUnseen,
    TooManyCampaigns,
)
from api.campaign_requests import (
    CAMPAIGN_ID,
    CampaignCountIn,
    CampaignIn,
    CampaignPlanIn,
    WakeIn,
)
from api.campaign_responses import (
    CampaignCountOut,
    CampaignOut,
    CampaignsOut,
    campaign_out,
    count_out,
)
from api.commands import checked_key, command_id_of
from api.dependencies import (
    AllAudiences,
    AllCampaigns,
    AllPrograms,
    IdempotencyKey,
    JsonOnly,
    Now,
)
from api.errors import problem_responses
from api.gate import Caller, requires
from api.problems import (
    BodyTooLarge,
    IdempotencyKeyInvalid,
    InvalidRequest,
    Problem,
    Unavailable,
    UnsupportedMediaType,
)
from api.rule_problems import SelfApproval
from loyalty.campaign_pace import CampaignPace
from loyalty.campaigns import WAKE
from stores import campaigns_contract as contract
from stores.audiences_contract import ALL, Audience

PAGE_MAX: Final = 100
WAKE_NAME: Final = "Look at all members"
WAKES: Final = "\0/v1/campaigns/wakes"
READ: Final = requires("rules:read", for_members=False)
WRITE: Final = requires("rules:write", for_members=False)
APPROVE: Final = requires("rules:approve", for_members=False)
RUN: Final = requires("rules:write", "rules:approve", for_members=False)
BODY: Final = problem_responses(CampaignInvalid, BodyTooLarge, UnsupportedMediaType)
CampaignId = Annotated[str, Path(pattern=CAMPAIGN_ID, examples=["spring-2026"])]

router = APIRouter(
    prefix="/v1/campaigns",
    tags=["campaigns"],
    responses=problem_responses(InvalidRequest, Unavailable, Problem),
)


@router.get("", dependencies=[READ])
async def list_campaigns(
    *,
    campaigns: AllCampaigns,
    cursor: Annotated[str | None, Query(pattern=CAMPAIGN_ID, max_length=64)] = None,
    limit: Annotated[int, Query(ge=1, le=PAGE_MAX)] = 20,
) -> CampaignsOut:
    """Campaigns, newest first; the cursor is the last one of the page before."""
    before = None
    if cursor is not None:
        last = await campaigns.find(cursor)
        if last is None:
            raise InvalidRequest("the cursor is not one of ours")
        before = (last.created_at, last.campaign_id)
    rows = await campaigns.page(before=before, limit=limit + 1)
    shown = [campaign_out(row) for row in rows[:limit]]
    more = len(rows) > limit
    return CampaignsOut(
        items=shown, next_cursor=shown[-1].campaign_id if more else None
    )


@router.post(
    "",
    status_code=201,
    dependencies=[WRITE, JsonOnly],
    responses=BODY | problem_responses(CampaignExists),
)
async def create_campaign(
    body: CampaignIn, asked: CampaignAsked, programs: AllPrograms
) -> CampaignOut:
    """Write a campaign: a draft that reaches nobody yet."""
    return await asked.create(
        body.campaign_id, plan_of(body, programs.latest, asked.now)
    )


@router.post("/counts", dependencies=[READ, JsonOnly], responses=BODY)
async def count_members(
    *, body: CampaignCountIn, audiences: AllAudiences, programs: AllPrograms, now: Now
) -> CampaignCountOut:
    """Count who belongs to an audience now, and how long all of them would take."""
    audience = audience_of(body.audience, programs.latest)
    pace = CampaignPace(body.rate_per_second, body.ramp_seconds)
    return count_out(await audiences.count(audience, now), pace)


@router.post(
    "/wakes",
    status_code=202,
    dependencies=[RUN, JsonOnly],
    responses=problem_responses(
        IdempotencyKeyInvalid, TooManyCampaigns, BodyTooLarge, UnsupportedMediaType
    ),
)
async def wake_members(
    *,
    body: WakeIn,
    caller: Caller,
    asked: CampaignAsked,
    idempotency_key: IdempotencyKey = None,
) -> CampaignOut:
    """
    Let the engine look at every member once: rules of time reach the dormant too.

    After a trigger such as `lapsed` or `birthday` was published. The same key again is
    the same campaign.
    """
    key = checked_key(idempotency_key)
    name = command_id_of(key, client_id=caller.client_id, scope=WAKES)
    pace = CampaignPace(body.rate_per_second, body.ramp_seconds)
    plan = contract.Plan(WAKE_NAME, contract.WAKE, Audience(ALL), pace, activity=WAKE)
    return await asked.wake(f"wake-{name.removeprefix('api-')}", plan)


@router.get(
    "/{campaign_id}", dependencies=[READ], responses=problem_responses(CampaignNotFound)
)
async def get_campaign(campaign_id: CampaignId, asked: CampaignAsked) -> CampaignOut:
    """A campaign as it stands, and how far it is; `ETag` is its revision."""
    return await asked.found(campaign_id)


@router.put(
    "/{campaign_id}",
    dependencies=[WRITE, JsonOnly],
    responses=STEP | BODY | problem_responses(CampaignUnseen),
)
async def write_campaign(
    campaign_id: CampaignId,
    body: CampaignPlanIn,
    asked: CampaignAsked,
    *,
    programs: AllPrograms,
) -> CampaignOut:
    """Write a draft anew; what was started does not change."""
    plan = plan_of(body, programs.latest, asked.now)
    return await asked.write(campaign_id, plan)


@router.post(
    "/{campaign_id}/start",
    dependencies=[APPROVE],
    responses=STEP | problem_responses(SelfApproval, TooManyCampaigns),
)
async def start_campaign(campaign_id: CampaignId, asked: CampaignAsked) -> CampaignOut:
    """Approve what somebody else wrote: it begins at its time, or now."""
    return await asked.start(campaign_id)


@router.post("/{campaign_id}/pause", dependencies=[RUN], responses=STEP)
async def pause_campaign(campaign_id: CampaignId, asked: CampaignAsked) -> CampaignOut:
    """Send nothing more, within a second; it can go on where it was."""
    return await asked.pause(campaign_id)


@router.post("/{campaign_id}/resume", dependencies=[RUN], responses=STEP)
async def resume_campaign(campaign_id: CampaignId, asked: CampaignAsked) -> CampaignOut:
    """Let a paused campaign go on."""
    return await asked.resume(campaign_id)


@router.post("/{campaign_id}/stop", dependencies=[RUN], responses=STEP)
async def stop_campaign(campaign_id: CampaignId, asked: CampaignAsked) -> CampaignOut:
    """End a campaign for good, within a second; a draft is given up."""
    return await asked.stop(campaign_id)
