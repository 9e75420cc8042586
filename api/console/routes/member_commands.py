"""What the service desk does for a member: put right, merge, part, forget."""

import re
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.console.desk_commands import asked_of, reason_of, sent, wish_of
from api.console.doors import Form, PagesOf, needs
from api.console.outcomes import outcome_of
from api.console.routes.members import Again, search_page
from api.console.viewers import ERASE_MEMBERS, READ_MEMBERS, SERVE_MEMBERS, Viewer
from api.dependencies import Desk, Identified, MemberId, Now, Views
from api.problems import InvalidRequest
from api.redirects import merged_with
from loyalty.events import Attribute
from loyalty.limits import ADJUST_POINTS_MAX

_WHOLE: Final = re.compile(r"[+-]?\d{1,9}", re.ASCII)

router = APIRouter(dependencies=[needs(READ_MEMBERS)])


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
        "reason": reason_of(form, viewer, pages),
    }
    if form.get("wallet"):
        attributes["wallet"] = form["wallet"]
    wish = wish_of(member_id, "points.adjust", attributes)
    return await sent(desk, wish, key=form.get("key", ""), now=now, viewer=viewer)


@router.post("/members/{member_id}/void", dependencies=[needs(SERVE_MEMBERS)])
async def void(
    *, request: Request, member_id: MemberId, form: Form, desk: Desk, now: Now
) -> RedirectResponse:
    """Make an earlier command undone, in the viewer's name."""
    command_id = form.get("command_id", "")
    wish = wish_of(member_id, "points.void", {"command_id": command_id})
    # A command is voided once, so it is its own key.
    key = f"void-{command_id}"
    viewer: Viewer = request.state.viewer
    return await sent(desk, wish, key=key, now=now, viewer=viewer)


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
    reason = reason_of(form, viewer, pages)
    wish = wish_of(member_id, "member.merge", {"from": other, "reason": reason})
    return await sent(desk, wish, key=form.get("key", ""), now=now, viewer=viewer)


@router.post("/members/{member_id}/unmerge", dependencies=[needs(SERVE_MEMBERS)])
async def unmerge(
    *,
    request: Request,
    member_id: MemberId,
    form: Form,
    desk: Desk,
    pages: PagesOf,
    now: Now,
) -> RedirectResponse:
    """Let a merged member be itself again, once its id was typed."""
    other = form.get("from", "")
    if not other or form.get("typed", "").strip() != other:
        raise InvalidRequest(pages.texts("member.erase_typed_wrong"))
    viewer: Viewer = request.state.viewer
    reason = reason_of(form, viewer, pages)
    wish = wish_of(member_id, "member.unmerge", {"from": other, "reason": reason})
    return await sent(desk, wish, key=form.get("key", ""), now=now, viewer=viewer)


@router.post("/members/{member_id}/erase", dependencies=[needs(ERASE_MEMBERS)])
async def erase(
    *,
    request: Request,
    member_id: MemberId,
    form: Form,
    desk: Desk,
    views: Views,
    identified: Identified,
    pages: PagesOf,
    now: Now,
) -> Response:
    """Forget a member for good, in the viewer's name, once the id was typed."""
    if form.get("typed", "").strip() != member_id:
        raise InvalidRequest(pages.texts("member.erase_typed_wrong"))
    viewer: Viewer = request.state.viewer
    reason = reason_of(form, viewer, pages)
    wish = wish_of(member_id, "member.erase", {"keep_points": False, "reason": reason})
    key = form.get("key", "")
    merged = await merged_with(member_id, views)
    answer = await asked_of(desk, wish, key=key, now=now, viewer=viewer)
    told = outcome_of(answer, pages.texts)
    if answer.result is None:
        told = told._replace(
            text=pages.texts("members.erase_pending", member=member_id)
        )
        again = Again(member_id, key, form["reason"])
        return search_page(request, pages, "", told=told, again=again)
    if answer.result["status"] == "done":
        for one_id, version in ((member_id, answer.result["version"]), *merged):
            await identified.identities.forget(one_id, version)
        told = told._replace(text=pages.texts("members.erased", member=member_id))
    return search_page(request, pages, "", told=told)
