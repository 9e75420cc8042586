"""Campaigns: all of them, a new one, and one with its progress and its buttons."""

from typing import Any, Final
from uuid import uuid4

from fastapi import APIRouter, Request, Response
from starlette.responses import HTMLResponse

from api.campaign_plans import audience_of, plan_of
from api.campaign_responses import count_out
from api.console.campaign_asks import asking_of, to_campaign
from api.console.campaign_forms import body_of, choices_of, count_of, told_fault
from api.console.campaign_writing import form_page, kept_list
from api.console.doors import Form, PagesOf, needs
from api.console.viewers import APPROVE_RULES, READ_RULES, WRITE_RULES, Viewer
from api.dependencies import (
    AllAudiences,
    AllCampaigns,
    AllPrograms,
    Now,
    RuleLog,
)
from api.problems import Problem
from loyalty.campaign_pace import RATE_MAX, CampaignPace
from stores.audiences_contract import ALL, LIST, Audience

SHOWN_MAX: Final = 50
WAKE_RATE: Final = 200
router = APIRouter()


@router.get("/campaigns", dependencies=[needs(READ_RULES)])
async def campaigns_page(
    *,
    request: Request,
    pages: PagesOf,
    campaigns: AllCampaigns,
    audiences: AllAudiences,
    now: Now,
) -> HTMLResponse:
    """All campaigns, newest first; and the look at all members."""
    rows = await campaigns.page(before=None, limit=SHOWN_MAX)
    viewer: Viewer = request.state.viewer
    values: dict[str, Any] = {"here": "campaigns", "rows": rows, "reach": None}
    if any(viewer.may(scope) for scope in (WRITE_RULES, APPROVE_RULES)):
        found = await audiences.count(Audience(ALL), now)
        values["reach"] = count_out(found, CampaignPace(WAKE_RATE))
    values |= {"wake_rate": WAKE_RATE, "rate_max": RATE_MAX, "once": uuid4().hex}
    return pages.page(request, "campaigns.html", values)


@router.get("/new-campaign", dependencies=[needs(WRITE_RULES)])
async def new_campaign(
    *, request: Request, pages: PagesOf, programs: AllPrograms, desk: RuleLog
) -> HTMLResponse:
    """A form for a campaign."""
    choices = choices_of(programs.latest, desk)
    return form_page(request, pages, choices, form={}, fault="")


@router.post("/new-campaign", dependencies=[needs(WRITE_RULES)])
async def write_campaign(
    *,
    request: Request,
    form: Form,
    pages: PagesOf,
    campaigns: AllCampaigns,
    audiences: AllAudiences,
    programs: AllPrograms,
    desk: RuleLog,
    now: Now,
) -> Response:
    """Keep the campaign of a form as a draft, or say what is wrong with it."""
    try:
        list_id = await kept_list(form, audiences, pages)
        body = body_of(form, list_id, pages=pages, now=now)
        plan = plan_of(body, programs.latest, now)
        out = await asking_of(request, campaigns, now=now).create(
            body.campaign_id, plan
        )
    except Problem as problem:
        choices = choices_of(programs.latest, desk)
        return form_page(
            request, pages, choices, form=form, fault=told_fault(problem, pages)
        )
    return to_campaign(out.campaign_id)


@router.get("/campaign-count", dependencies=[needs(WRITE_RULES)])
async def count(
    *,
    request: Request,
    pages: PagesOf,
    audiences: AllAudiences,
    programs: AllPrograms,
    now: Now,
) -> HTMLResponse:
    """How many members a form means just now, and how long they take."""
    form = dict(request.query_params)
    values: dict[str, Any] = {"out": None, "fault": "", "is_list": False}
    try:
        if form.get("kind") == LIST:
            values["is_list"] = True
        else:
            asked = count_of(form)
            audience = audience_of(asked.audience, programs.latest)
            pace = CampaignPace(asked.rate_per_second, asked.ramp_seconds)
            values["out"] = count_out(await audiences.count(audience, now), pace)
    except Problem as problem:
        values["fault"] = told_fault(problem, pages)
    return pages.page(request, "campaign_count.html", values)
