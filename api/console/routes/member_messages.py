"""Messages of a member that the service desk sends again."""

import logging
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse

from api.console.desk_commands import reason_of, to_member
from api.console.doors import Form, PagesOf, needs
from api.console.resending import RESENDS_MAX, NotResent, Resending, Wanted
from api.console.viewers import SERVE_MEMBERS, Viewer
from api.dependencies import AllPrograms, AnalyticsStore, MemberId, Now, Sends, Views
from api.problems import InvalidRequest, MemberNotFound
from schemas.views import decode_view

logger = logging.getLogger(__name__)

NUMBERS: Final = frozenset(str(number) for number in range(1, RESENDS_MAX + 1))

router = APIRouter(dependencies=[needs(SERVE_MEMBERS)])


@router.post("/members/{member_id}/resend")
async def resend(
    *,
    request: Request,
    member_id: MemberId,
    form: Form,
    views: Views,
    analytics: AnalyticsStore,
    programs: AllPrograms,
    sends: Sends,
    pages: PagesOf,
    now: Now,
) -> RedirectResponse:
    """Send one message to a member again, in the viewer's name."""
    stored = await views.get(member_id)
    if stored is None or not stored.document:
        raise MemberNotFound(f"there is no member {member_id!r}")
    viewer: Viewer = request.state.viewer
    reason = reason_of(form, viewer, pages)
    number = form.get("number", "")
    wanted = Wanted(
        form.get("delivery_id", ""),
        int(number) if number in NUMBERS else RESENDS_MAX + 1,
        reason,
    )
    resending = Resending(sends, analytics, programs)
    try:
        view = decode_view(stored.document)
        is_new = await resending.resend(member_id, view, wanted, now=now)
    except NotResent as error:
        raise InvalidRequest(pages.texts.of("resend", error.why)) from error
    logger.info(
        "message sent again",
        extra={
            "subject": viewer.subject,
            "member_id": member_id,
            "delivery_id": wanted.delivery_id,
            "number": wanted.number,
            "reason": reason,
            "is_new": is_new,
        },
    )
    return to_member(member_id, f"?resent={'1' if is_new else '0'}#messages")
