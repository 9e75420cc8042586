"""The service desk: find a member, see why, put right."""

import logging
import re
from http import HTTPStatus
from typing import Annotated, Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.commands import SERVICE, Answer, CommandDesk, Wish
from api.console.doors import Form, PagesOf, needs
from api.console.outcomes import Outcome, outcome_of
from api.console.pages import Pages
from api.console.places import PREFIX
from api.console.sessions import new_token
from api.console.telling import told_of
from api.console.timelines import timeline_of
from api.console.viewers import ERASE_MEMBERS, READ_MEMBERS, SERVE_MEMBERS, Viewer
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
    Views,
)
from api.principals import Principal
from api.problems import InvalidRequest, MemberNotFound
from loyalty.events import Attribute
from loyalty.limits import ADJUST_POINTS_MAX, ID_LENGTH_MAX
from loyalty.program import Program
from loyalty.view_shapes import MemberView
from schemas.views import decode_view
from stores.unavailable import StoreUnavailable

logger = logging.getLogger(__name__)

# Within what idempotency keys are one, beside the member.
CLIENT: Final = "console"
REASON_LENGTH_MAX: Final = 80
# What was asked for in anybody's name at this desk, all at it may look up.
_DESK: Final = Principal(CLIENT, CLIENT, frozenset({SERVE_MEMBERS}))
_WHOLE: Final = re.compile(r"[+-]?\d{1,9}", re.ASCII)

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
        return _to_member(asked)  # type: ignore[return-value] # FastAPI passes a response on as it is
    return _search(request, pages, asked)


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
        return _to_member(asked) if asked else _search(request, pages, asked)
    found = await identified.recognise(asked, now=now / 1_000)
    if found is not None and await views.get(found) is not None:
        return _to_member(found)
    return _search(request, pages, asked)


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
    pages: PagesOf,
    cursor: Cursor = None,
    command: Annotated[str, Query(max_length=ID_LENGTH_MAX)] = "",
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
    answer = await desk.find(command, _DESK) if command else None
    messages = await told_of(analytics, sends.stores.inbox, member_id)
    values = {
        "here": "members",
        "member_id": member_id,
        "view": view,
        "timeline": timeline,
        "messages": messages,
        "told": answer and outcome_of(answer, pages.texts),
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


@router.post("/members/{member_id}/adjust", dependencies=[needs(SERVE_MEMBERS)])
async def adjust(
    *,
    request: Request,
    member_id: MemberId,
    form: Form,
    desk: Desk,
    pages: PagesOf,
    now: Now,
) -> RedirectResponse:
    """Correct a balance, in the viewer's name."""
    text = form.get("points", "").strip()
    if not _WHOLE.fullmatch(text) or not 0 < abs(int(text)) <= ADJUST_POINTS_MAX:
        most = pages.shown.number(ADJUST_POINTS_MAX)
        raise InvalidRequest(pages.texts("member.invalid_points", most=most))
    viewer: Viewer = request.state.viewer
    attributes: dict[str, Attribute] = {
        "points": int(text),
        "reason": _reason(form, viewer, pages),
    }
    if form.get("wallet"):
        attributes["wallet"] = form["wallet"]
    wish = _wish(member_id, "points.adjust", attributes)
    return await _sent(desk, wish, key=form.get("key", ""), now=now, viewer=viewer)


@router.post("/members/{member_id}/void", dependencies=[needs(SERVE_MEMBERS)])
async def void(
    *, request: Request, member_id: MemberId, form: Form, desk: Desk, now: Now
) -> RedirectResponse:
    """Make an earlier command undone, in the viewer's name."""
    command_id = form.get("command_id", "")
    wish = _wish(member_id, "points.void", {"command_id": command_id})
    # A command is voided once, so it is its own key.
    key = f"void-{command_id}"
    viewer: Viewer = request.state.viewer
    return await _sent(desk, wish, key=key, now=now, viewer=viewer)


@router.post("/members/{member_id}/merge", dependencies=[needs(SERVE_MEMBERS)])
async def merge(
    *,
    request: Request,
    member_id: MemberId,
    form: Form,
    views: Views,
    desk: Desk,
    pages: PagesOf,
    now: Now,
) -> RedirectResponse:
    """Let another member become part of this one, in the viewer's name."""
    other = form.get("from", "").strip()
    if other == member_id or await views.get(other) is None:
        raise InvalidRequest(pages.texts("member.merge_unknown", member=other))
    viewer: Viewer = request.state.viewer
    reason = _reason(form, viewer, pages)
    wish = _wish(member_id, "member.merge", {"from": other, "reason": reason})
    return await _sent(desk, wish, key=form.get("key", ""), now=now, viewer=viewer)


@router.post("/members/{member_id}/erase", dependencies=[needs(ERASE_MEMBERS)])
async def erase(
    *,
    request: Request,
    member_id: MemberId,
    form: Form,
    desk: Desk,
    identified: Identified,
    pages: PagesOf,
    now: Now,
) -> Response:
    """Forget a member for good, in the viewer's name, once the id was typed."""
    if form.get("typed", "").strip() != member_id:
        raise InvalidRequest(pages.texts("member.erase_typed_wrong"))
    wish = _wish(member_id, "member.erase", {"keep_points": False})
    viewer: Viewer = request.state.viewer
    answer = await _asked(desk, wish, key=form.get("key", ""), now=now, viewer=viewer)
    told = outcome_of(answer, pages.texts)
    if answer.result is not None and answer.result["status"] == "done":
        version = answer.result["version"]
        await identified.identities.forget(member_id, version)
        text = pages.texts("members.erased", member=member_id)
        told = told._replace(text=text)
    return _search(request, pages, "", told=told)


def _reason(form: Form, viewer: Viewer, pages: PagesOf) -> str:
    """Reason that a form must give, and whose it is."""
    reason = form.get("reason", "").strip()
    if not reason:
        raise InvalidRequest(pages.texts("member.invalid_reason"))
    return f"{reason[:REASON_LENGTH_MAX]} ({viewer.name})"


def _wish(member_id: str, kind: str, attributes: dict[str, Attribute]) -> Wish:
    return Wish(
        CLIENT, member_id, f"console {kind}", member_id, kind, attributes, SERVICE
    )


async def _sent(
    desk: CommandDesk, wish: Wish, *, key: str, now: int, viewer: Viewer
) -> RedirectResponse:
    answer = await _asked(desk, wish, key=key, now=now, viewer=viewer)
    return _to_member(wish.member_id, f"?command={quote(answer.command_id)}")


async def _asked(
    desk: CommandDesk, wish: Wish, *, key: str, now: int, viewer: Viewer
) -> Answer:
    answer = await desk.ask(wish, key, now)
    logger.info(
        "service command",
        extra={
            "subject": viewer.subject,
            "command_id": answer.command_id,
            "member_id": wish.member_id,
            "type": wish.type,
        },
    )
    return answer


def _search(
    request: Request, pages: Pages, asked: str, *, told: Outcome | None = None
) -> HTMLResponse:
    """The page that one searches on; what was asked for is not there."""
    values = {"here": "members", "asked": asked, "told": told}
    status = HTTPStatus.NOT_FOUND if asked else HTTPStatus.OK
    return pages.page(request, "members.html", values, status=status)


def _to_member(member_id: str, more: str = "") -> RedirectResponse:
    address = f"{PREFIX}/members/{quote(member_id, safe='')}{more}"
    return RedirectResponse(address, HTTPStatus.SEE_OTHER)


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
