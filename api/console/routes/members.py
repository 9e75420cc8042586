"""The service desk: find a member, and see why."""

from http import HTTPStatus
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse, Response

from api.console.desk_commands import AT_THE_DESK, to_member
from api.console.doors import Form, PagesOf, needs
from api.console.outcomes import Outcome, outcome_of
from api.console.pages import Pages
from api.console.resending import RESENDS_MAX
from api.console.sessions import new_token
from api.console.telling import told_of
from api.console.timelines import timeline_of
from api.console.viewers import READ_MEMBERS
from api.contacts import CONTACT_LENGTH_MAX
from api.cursors import CURSOR_LENGTH_MAX
from api.dependencies import (
    AllPrograms,
    AnalyticsStore,
    Desk,
    Identified,
    MemberId,
    Now,
    Sends,
    States,
    Views,
)
from api.problems import MemberNotFound
from loyalty.limits import ID_LENGTH_MAX
from loyalty.links import NO_MERGING, Merging
from loyalty.program import Program
from loyalty.unmerging import parted_until
from loyalty.view_shapes import MemberView
from schemas.views import decode_view
from stores.unavailable import StoreUnavailable

router = APIRouter(dependencies=[needs(READ_MEMBERS)])
Cursor = Annotated[str | None, Query(max_length=CURSOR_LENGTH_MAX)]


@router.get("/members")
async def find(
    request: Request,
    views: Views,
    pages: PagesOf,
    q: Annotated[str, Query(max_length=ID_LENGTH_MAX)] = "",
) -> HTMLResponse:
    """Lead to the member who is asked for."""
    asked = q.strip()
    if asked and await views.get(asked) is not None:
        return to_member(asked)  # type: ignore[return-value] # FastAPI passes a response on as it is
    return search_page(request, pages, asked)


@router.post("/members")
async def look_up(
    *,
    request: Request,
    form: Form,
    views: Views,
    identified: Identified,
    pages: PagesOf,
    now: Now,
) -> Response:
    """Lead to the member of an id, a phone number, an address, a card or a code."""
    # Not in an address: those are written down on the way, and contacts never are.
    asked = form.get("q", "").strip()[:CONTACT_LENGTH_MAX]
    if not asked or await views.get(asked) is not None:
        return to_member(asked) if asked else search_page(request, pages, asked)
    found = await identified.recognise(asked, now=now / 1_000)
    if found is not None and await views.get(found) is not None:
        return to_member(found)
    return search_page(request, pages, asked)


@router.get("/members/{member_id}")
async def member(
    *,
    request: Request,
    member_id: MemberId,
    views: Views,
    analytics: AnalyticsStore,
    programs: AllPrograms,
    desk: Desk,
    sends: Sends,
    states: States,
    pages: PagesOf,
    now: Now,
    cursor: Cursor = None,
    command: Annotated[str, Query(max_length=ID_LENGTH_MAX)] = "",
    resent: Annotated[int | None, Query(ge=0, le=1)] = None,
) -> HTMLResponse:
    """Everything about a member on one page."""
    stored = await views.get(member_id)
    if stored is None or not stored.document:
        raise MemberNotFound(f"there is no member {member_id!r}")
    program = programs.latest
    view = decode_view(stored.document)
    try:
        timeline = await timeline_of(analytics, program, member_id, cursor=cursor)
    except StoreUnavailable:
        timeline = None
    state = await views.get_state(member_id) if view.merged else None
    merging = states.decode_member(state.state).merging if state else NO_MERGING
    answer = await desk.find(command, AT_THE_DESK) if command else None
    messages = await told_of(analytics, sends.stores.inbox, member_id, now=now)
    values = {
        "here": "members",
        "member_id": member_id,
        "view": view,
        "timeline": timeline,
        "messages": messages,
        "partings": _partings(merging, program, now),
        "told": answer and outcome_of(answer, pages.texts),
        "resent": resent,
        "resends_max": RESENDS_MAX,
        "key": new_token(),
        **_names(view, program),
    }
    return pages.page(request, "member.html", values)


@router.get("/members/{member_id}/timeline")
async def timeline_part(
    *,
    request: Request,
    member_id: MemberId,
    analytics: AnalyticsStore,
    programs: AllPrograms,
    pages: PagesOf,
    cursor: Cursor = None,
) -> HTMLResponse:
    """Earlier events, for a page that shows the later ones."""
    found = await timeline_of(analytics, programs.latest, member_id, cursor=cursor)
    values = {"member_id": member_id, "timeline": found}
    return pages.page(request, "timeline.html", values)


class Again(NamedTuple):
    """An erasure that is not decided yet, as it was asked for: to ask once more."""

    member_id: str
    key: str
    reason: str


def search_page(
    request: Request,
    pages: Pages,
    asked: str,
    *,
    told: Outcome | None = None,
    again: Again | None = None,
) -> HTMLResponse:
    """The page that one searches on; what was asked for is not there."""
    values = {"here": "members", "asked": asked, "told": told, "again": again}
    status = HTTPStatus.NOT_FOUND if asked else HTTPStatus.OK
    return pages.page(request, "members.html", values, status=status)


def _names(view: MemberView, program: Program) -> dict[str, Any]:
    """What things are called; and the stamp cards, with how full they are."""
    tiers = {tier.tier_id: tier.name for tier in program.tiers}
    wallets = {wallet.wallet_id: wallet for wallet in view.wallets}
    cards = [
        {
            "name": wallets[card.wallet].name,
            "stamps": wallets[card.wallet].balance,
            "target": card.every,
        }
        for card in program.auto_redeem
        if card.wallet in wallets
    ]
    return {
        "tier_name": tiers.get(view.tier, view.tier),
        "tier_names": tiers,
        "cards": cards,
    }


def _partings(merging: Merging, program: Program, now: int) -> list[tuple[str, int]]:
    """Members who are part of this one and can be parted, and until when (ms)."""
    ends = [
        (link.member_id, parted_until(link, program))
        for link in merging.links
        if link.merged_at
    ]
    return [(member_id, until) for member_id, until in ends if until >= now]
