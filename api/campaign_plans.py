"""What a campaign is to do, held against the program and the clock."""

import re
from typing import Final

from api.campaign_problems import CampaignInvalid
from api.campaign_requests import CampaignAudienceIn, CampaignPlanIn
from loyalty.campaign_pace import CampaignPace
from loyalty.campaigns import listeners
from loyalty.limits import DAY_MS
from loyalty.program import Program
from stores.audiences_contract import (
    ALL,
    IDLE,
    LIST,
    SEGMENT,
    SEGMENTS,
    TIER,
    Audience,
)
from stores.campaigns_contract import MESSAGE, Plan

AHEAD_DAYS_MAX: Final = 365
LIST_ID: Final = re.compile(r"l-[0-9a-f]{32}", re.ASCII)

Faults = list[dict[str, str]]


def plan_of(body: CampaignPlanIn, program: Program, now: int) -> Plan:
    """
    Plan that a body asks for; raises CampaignInvalid with a pointer to each fault.

    A start in the past is now: whoever approves late does not break it.
    """
    faults: Faults = []
    known = {one.trigger_id: one for one in listeners(program)}
    trigger = known.get(body.trigger)
    if trigger is None:
        detail = "is no trigger of the program that listens for campaign.…"
        faults.append({"pointer": "/trigger", "detail": detail})
    audience = _audience(body.audience, program, faults)
    starts_at, ends_at = body.starts_at or 0, body.ends_at or 0
    if starts_at and not 0 < starts_at <= now + AHEAD_DAYS_MAX * DAY_MS:
        detail = f"is more than {AHEAD_DAYS_MAX} days ahead, or before 1970"
        faults.append({"pointer": "/starts_at", "detail": detail})
    if ends_at and ends_at <= max(starts_at, now):
        faults.append({"pointer": "/ends_at", "detail": "is before it begins"})
    if faults or trigger is None:
        raise _invalid(faults)
    return Plan(
        body.name,
        MESSAGE,
        audience,
        CampaignPace(body.rate_per_second, body.ramp_seconds),
        trigger.trigger_id,
        trigger.first.type,
        starts_at,
        ends_at,
    )


def audience_of(body: CampaignAudienceIn, program: Program) -> Audience:
    """Audience that a body asks for; raises CampaignInvalid."""
    faults: Faults = []
    audience = _audience(body, program, faults)
    if faults:
        raise _invalid(faults)
    return audience


def _audience(body: CampaignAudienceIn, program: Program, faults: Faults) -> Audience:
    def fault(field: str, detail: str) -> None:
        faults.append({"pointer": f"/audience/{field}", "detail": detail})

    kind, name = body.kind, body.name or ""
    if kind == TIER and name not in {tier.tier_id for tier in program.tiers}:
        fault("name", "is no tier of the program")
    if kind == SEGMENT and name not in SEGMENTS:
        fault("name", f"expected one of {', '.join(SEGMENTS)}")
    if kind == LIST and LIST_ID.fullmatch(name) is None:
        fault("name", "is no list: upload one, and send its list_id")
    if kind in (ALL, IDLE) and body.name is not None:
        fault("name", f"{kind} has no name")
    if (kind == IDLE) != (body.days is not None):
        fault("days", "idle needs days, and nothing else has them")
    return Audience(kind, name, body.days or 0)


def _invalid(faults: Faults) -> CampaignInvalid:
    return CampaignInvalid(f"{len(faults)} fault(s), see errors", errors=faults)
