"""What we answer about campaigns: how they stand, and how far they are."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from api import campaign_examples as examples
from api.responses import shown
from loyalty.campaign_pace import CampaignPace, seconds_for
from stores.audiences_contract import Frozen
from stores.campaigns_contract import Campaign

AudienceKind = Literal["all", "tier", "segment", "idle", "list"]
State = Literal["draft", "scheduled", "running", "paused", "stopped", "done"]


class CampaignAudienceOut(BaseModel):
    """Who is meant."""

    kind: AudienceKind
    name: str | None
    days: int | None


class CampaignProgressOut(BaseModel):
    """
    How far a campaign is; all 0 before its audience was frozen.

    `refused` are ids of a list that are no members. Whom the engine then tells
    nothing, and why, stands with its trigger.
    """

    audience: int
    sent: int
    left: int
    refused: int
    seconds_left: int


class CampaignStepOut(BaseModel):
    """Who did what with it, and when."""

    at: str
    by: str
    what: str


class CampaignOut(BaseModel):
    """A campaign as it stands; `ETag` is its revision, which progress leaves alone."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.CAMPAIGN]})

    campaign_id: str
    name: str
    kind: Literal["message", "wake"]
    state: State
    revision: int
    trigger: str | None
    activity: str | None
    audience: CampaignAudienceOut
    starts_at: str | None
    ends_at: str | None
    rate_per_second: int
    ramp_seconds: int
    created_at: str
    written_by: str
    approved_by: str | None
    started_at: str | None
    ended_at: str | None
    progress: CampaignProgressOut
    detail: str | None
    steps: list[CampaignStepOut]


class CampaignsOut(BaseModel):
    """A page of campaigns, newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.CAMPAIGNS]})

    items: list[CampaignOut]
    next_cursor: str | None


class CampaignCountOut(BaseModel):
    """Members of an audience just now, and how long the campaign would take."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.COUNT]})

    members: int
    refused: int
    seconds: int


class CampaignListFaultOut(BaseModel):
    """Why a row was not taken: its line, a JSON pointer into it, and what is wrong."""

    row: int
    pointer: str
    detail: str


class CampaignListOut(BaseModel):
    """A list of members that was taken; `faults` are of the first refused rows."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.LIST]})

    list_id: str
    taken: int
    refused: int
    faults: list[CampaignListFaultOut]


def campaign_out(campaign: Campaign) -> CampaignOut:
    """Campaign as the API shows it."""
    plan = campaign.plan
    return CampaignOut.model_validate(
        {
            "campaign_id": campaign.campaign_id,
            "name": plan.name,
            "kind": plan.kind,
            "state": campaign.state,
            "revision": campaign.revision,
            "trigger": plan.trigger_id or None,
            "activity": plan.activity or None,
            "audience": {
                "kind": plan.audience.kind,
                "name": plan.audience.name or None,
                "days": plan.audience.idle_days or None,
            },
            "starts_at": _shown(plan.starts_at),
            "ends_at": _shown(plan.ends_at),
            "rate_per_second": plan.pace.per_second,
            "ramp_seconds": plan.pace.ramp_seconds,
            "created_at": shown(campaign.created_at),
            "written_by": campaign.written_by,
            "approved_by": campaign.approved_by or None,
            "started_at": _shown(campaign.started_at),
            "ended_at": _shown(campaign.ended_at),
            "progress": _progress(campaign),
            "detail": campaign.detail or None,
            "steps": [
                {"at": shown(one.at), "by": one.by, "what": one.what}
                for one in campaign.steps
            ],
        }
    )


def count_out(found: Frozen, pace: CampaignPace) -> CampaignCountOut:
    """Size of an audience as the API shows it."""
    seconds = seconds_for(found.members, pace)
    return CampaignCountOut(
        members=found.members, refused=found.refused, seconds=seconds
    )


def _progress(campaign: Campaign) -> dict[str, int]:
    progress = campaign.progress
    pace = CampaignPace(campaign.plan.pace.per_second)
    left = 0 if campaign.is_over else progress.left
    return {
        "audience": progress.audience,
        "sent": progress.sent,
        "left": progress.left,
        "refused": progress.refused,
        "seconds_left": seconds_for(left, pace),
    }


def _shown(at: int) -> str | None:
    return shown(at) if at else None
