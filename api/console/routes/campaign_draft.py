"""A draft of a campaign, written anew; another person still starts it."""

from fastapi import APIRouter, Request, Response

from api.campaign_plans import plan_of
from api.campaign_problems import CampaignNotNow
from api.console.campaign_asks import asking_of, to_campaign
from api.console.campaign_forms import body_of, choices_of, told_fault
from api.console.campaign_writing import form_of, form_page, kept_list, list_of
from api.console.doors import Form, PagesOf, needs
from api.console.viewers import WRITE_RULES
from api.dependencies import AllAudiences, AllCampaigns, AllPrograms, Now, RuleLog
from api.problems import Problem
from api.routes.campaigns import CampaignId
from stores.campaigns_contract import DRAFT, Campaign

router = APIRouter(dependencies=[needs(WRITE_RULES)])


@router.get("/campaigns/{campaign_id}/draft")
async def draft_page(
    *,
    request: Request,
    campaign_id: CampaignId,
    pages: PagesOf,
    campaigns: AllCampaigns,
    programs: AllPrograms,
    desk: RuleLog,
    now: Now,
) -> Response:
    """The form of a draft, with what it says now."""
    one = await asking_of(request, campaigns, now=now).known(campaign_id)
    _check_draft(one)
    choices = choices_of(programs.latest, desk)
    form = form_of(one.plan, pages.shown)
    return form_page(request, pages, choices, form=form, fault="", draft=one)


@router.post("/campaigns/{campaign_id}/draft")
async def write_draft(
    *,
    request: Request,
    campaign_id: CampaignId,
    form: Form,
    pages: PagesOf,
    campaigns: AllCampaigns,
    audiences: AllAudiences,
    programs: AllPrograms,
    desk: RuleLog,
    now: Now,
) -> Response:
    """Keep what a form says of a draft, or say what is wrong with it."""
    revision = form.get("revision", "")
    asking = asking_of(request, campaigns, now=now, revision=revision)
    one = await asking.known(campaign_id)
    _check_draft(one)
    try:
        known = list_of(one.plan)
        list_id = await kept_list(form, audiences, pages, known=known)
        body = body_of(form, list_id, pages=pages, now=now, campaign_id=campaign_id)
        await asking.write(campaign_id, plan_of(body, programs.latest, now))
    except Problem as problem:
        return form_page(
            request,
            pages,
            choices_of(programs.latest, desk),
            form=form,
            fault=told_fault(problem, pages),
            draft=one,
        )
    return to_campaign(campaign_id)


def _check_draft(one: Campaign) -> None:
    """Raise CampaignNotNow for what is no draft any more, or has nothing to write."""
    if one.state != DRAFT or not one.plan.trigger_id:
        raise CampaignNotNow(f"one that is {one.state} cannot be written")
