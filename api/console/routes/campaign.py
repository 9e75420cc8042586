"""One campaign: what it does, how far it is, its buttons; and the look at everybody."""

from typing import Any, Final

from fastapi import APIRouter, Request, Response
from starlette.responses import HTMLResponse, RedirectResponse

from api.campaign_requests import WakeIn
from api.campaign_responses import campaign_out, count_out
from api.console.campaign_asks import asking_of, caller_of, to_campaign
from api.console.campaign_forms import number_of
from api.console.doors import Form, NotYours, PagesOf, needs
from api.console.pages import Pages
from api.console.routes.rules import told_problem
from api.console.viewers import APPROVE_RULES, READ_RULES, WRITE_RULES, Viewer
from api.dependencies import AllAudiences, AllCampaigns, Now
from api.problems import InvalidRequest, Problem
from api.routes.campaigns import CampaignId, wake_members
from loyalty.campaign_pace import RATE_MAX
from stores.audiences_contract import Audiences
from stores.campaigns_contract import DRAFT, PAUSED, RUNNING, SCHEDULED, Campaign

ONCE_LENGTH_MAX: Final = 64
RUN: Final = (WRITE_RULES, APPROVE_RULES)
# Steps that the page offers: who may take each, and whether an id must be typed.
STEPS: Final[dict[str, tuple[str, ...]]] = {
    "start": (APPROVE_RULES,),
    "pause": RUN,
    "resume": RUN,
    "stop": RUN,
}
OF_STATE: Final = {
    DRAFT: ("start", "stop"),
    SCHEDULED: ("pause", "stop"),
    RUNNING: ("pause", "stop"),
    PAUSED: ("resume", "stop"),
}
TYPED: Final = frozenset({"start"})
MOVING: Final = frozenset({SCHEDULED, RUNNING})
router = APIRouter(dependencies=[needs(READ_RULES)])


@router.get("/campaigns/{campaign_id}")
async def campaign_page(
    *,
    request: Request,
    campaign_id: CampaignId,
    pages: PagesOf,
    campaigns: AllCampaigns,
    audiences: AllAudiences,
    now: Now,
) -> HTMLResponse:
    """One campaign: what it does, how far it is, and what may be done."""
    one = await asking_of(request, campaigns, now=now).known(campaign_id)
    return await _shown(request, pages, one, audiences=audiences, now=now)


@router.get("/campaigns/{campaign_id}/progress")
async def progress(
    *,
    request: Request,
    campaign_id: CampaignId,
    pages: PagesOf,
    campaigns: AllCampaigns,
    now: Now,
) -> HTMLResponse:
    """The part of the page that changes while it goes on."""
    one = await asking_of(request, campaigns, now=now).known(campaign_id)
    return pages.page(request, "campaign_part.html", _values(request, one))


@router.post("/campaigns/{campaign_id}/steps/{step}")
async def take_step(
    *,
    request: Request,
    campaign_id: CampaignId,
    step: str,
    form: Form,
    pages: PagesOf,
    campaigns: AllCampaigns,
    audiences: AllAudiences,
    now: Now,
) -> Response:
    """Take a step in the viewer's name, or say why it was not taken."""
    scopes = STEPS.get(step)
    if scopes is None:
        raise InvalidRequest(pages.texts("campaign.no_step"))
    viewer: Viewer = request.state.viewer
    if not any(viewer.may(scope) for scope in scopes):
        raise NotYours(scopes[0])
    revision = form.get("revision", "")
    asking = asking_of(request, campaigns, now=now, revision=revision)
    try:
        if step in TYPED and form.get("typed", "").strip() != campaign_id:
            raise InvalidRequest(pages.texts("campaign.typed_wrong", id=campaign_id))
        await getattr(asking, step)(campaign_id)
    except Problem as problem:
        one = await asking_of(request, campaigns, now=now).known(campaign_id)
        why = told_problem(problem, pages)
        return await _shown(
            request, pages, one, audiences=audiences, now=now, fault=why
        )
    return to_campaign(campaign_id)


@router.post("/wake")
async def wake(
    *,
    request: Request,
    form: Form,
    campaigns: AllCampaigns,
    now: Now,
) -> RedirectResponse:
    """Let the engine look at every member, at the pace of a form."""
    viewer: Viewer = request.state.viewer
    if not any(viewer.may(scope) for scope in RUN):
        raise NotYours(WRITE_RULES)
    rate = number_of(form, "rate")
    if not isinstance(rate, int) or not 1 <= rate <= RATE_MAX:
        raise InvalidRequest(f"1 to {RATE_MAX}")
    out = await wake_members(
        body=WakeIn(rate_per_second=rate),
        caller=caller_of(viewer),
        asked=asking_of(request, campaigns, now=now),
        idempotency_key=form.get("once", "")[:ONCE_LENGTH_MAX],
    )
    return to_campaign(out.campaign_id)


async def _shown(
    request: Request,
    pages: Pages,
    one: Campaign,
    *,
    audiences: Audiences,
    now: int,
    fault: str = "",
) -> HTMLResponse:
    """A campaign's page; before it begins with how many it would reach now."""
    values = _values(request, one) | {"here": "campaigns", "fault": fault}
    values["reach"] = None
    if one.state in (DRAFT, SCHEDULED):
        found = await audiences.count(one.plan.audience, now)
        values["reach"] = count_out(found, one.plan.pace)
    return pages.page(request, "campaign.html", values)


def _values(request: Request, one: Campaign) -> dict[str, Any]:
    viewer: Viewer = request.state.viewer
    is_own = one.written_by == viewer.subject
    offered = [
        step
        for step in OF_STATE.get(one.state, ())
        if any(viewer.may(scope) for scope in STEPS[step])
        and not (step == "start" and is_own)
    ]
    return {
        "one": one,
        "seconds_left": campaign_out(one).progress.seconds_left,
        "offered": offered,
        "typed": TYPED,
        "is_own": is_own,
        "is_moving": one.state in MOVING,
    }
