"""The form of a campaign: as it is shown, for a new one or a draft; and its list."""

from collections.abc import Mapping
from hashlib import blake2b
from http import HTTPStatus
from typing import Any

from fastapi import Request
from starlette.responses import HTMLResponse

from api.console.campaign_forms import IDLE_DAYS, IDS_MAX, RATE, bad_ids, ids_of
from api.console.pages import Pages
from api.console.showing import Shown
from api.problems import InvalidRequest
from loyalty.campaign_pace import RAMP_SECONDS_MAX, RATE_MAX
from stores.audiences_contract import LIST, PAGE_MAX, SEGMENT, TIER, Audiences
from stores.campaigns_contract import Campaign, Plan


async def kept_list(
    form: Mapping[str, str], audiences: Audiences, pages: Pages, *, known: str = ""
) -> str:
    """
    Id of the list that a form holds, empty for another audience.

    A form that names nobody keeps the `known` list. Raises: InvalidRequest.
    """
    if form.get("kind") != LIST:
        return ""
    ids = ids_of(form)
    if not ids and known:
        return known
    wrong = bad_ids(ids)
    if not ids or len(ids) > IDS_MAX or wrong:
        told = pages.texts("campaign.ids_wrong", most=pages.shown.number(IDS_MAX))
        raise InvalidRequest(f"{told} {wrong[0][:40] if wrong else ''}".strip())
    digest = blake2b("\n".join(ids).encode(), digest_size=16)
    list_id = f"l-{digest.hexdigest()}"
    for first in range(0, len(ids), PAGE_MAX):
        await audiences.add(list_id, ids[first : first + PAGE_MAX])
    return list_id


def list_of(plan: Plan) -> str:
    """Id of the list that a plan is for, empty if it is for others."""
    return plan.audience.name if plan.audience.kind == LIST else ""


def form_of(plan: Plan, shown: Shown) -> dict[str, str]:
    """A plan as its form has it; the members of a list are not shown."""
    audience = plan.audience
    form = {
        "name": plan.name,
        "trigger": plan.trigger_id,
        "kind": audience.kind,
        "starts": _local(plan.starts_at, shown),
        "ends": _local(plan.ends_at, shown),
        "rate": str(plan.pace.per_second),
        "ramp": str(plan.pace.ramp_seconds),
    }
    if audience.kind in (TIER, SEGMENT):
        form[audience.kind] = audience.name
    if audience.idle_days:
        form["days"] = str(audience.idle_days)
    return form


def form_page(
    request: Request,
    pages: Pages,
    choices: Mapping[str, Any],
    *,
    form: Mapping[str, str],
    fault: str,
    draft: Campaign | None = None,
) -> HTMLResponse:
    """The form with what is in it, and what is wrong with that."""
    values = {
        "here": "campaigns",
        "form": form,
        "fault": fault,
        "draft": draft,
        "keeps_list": draft is not None and bool(list_of(draft.plan)),
        "rate": RATE,
        "rate_max": RATE_MAX,
        "ramp_max": RAMP_SECONDS_MAX,
        "idle_days": IDLE_DAYS,
        **choices,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK
    return pages.page(request, "new_campaign.html", values, status=status)


def _local(at: int, shown: Shown) -> str:
    return f"{shown.local(at):%Y-%m-%dT%H:%M}" if at else ""
