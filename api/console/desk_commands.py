"""Commands that the service desk gives, each in the name of whoever sits there."""

import logging
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from starlette.responses import RedirectResponse

from api.commands import SERVICE, Answer, CommandDesk, Wish
from api.console.pages import Pages
from api.console.places import PREFIX
from api.console.viewers import SERVE_MEMBERS, Viewer
from api.principals import Principal
from api.problems import InvalidRequest
from loyalty.events import Attribute

logger = logging.getLogger(__name__)

# Within what idempotency keys are one, beside the member.
CLIENT: Final = "console"
REASON_LENGTH_MAX: Final = 80
# What was asked for in anybody's name at this desk, all at it may look up.
AT_THE_DESK: Final = Principal(CLIENT, CLIENT, frozenset({SERVE_MEMBERS}))


def reason_of(form: dict[str, str], viewer: Viewer, pages: Pages) -> str:
    """
    Reason that a form must give, and whose it is.

    Raises: InvalidRequest.
    """
    reason = form.get("reason", "").strip()
    if not reason:
        raise InvalidRequest(pages.texts("member.invalid_reason"))
    return f"{reason[:REASON_LENGTH_MAX]} ({viewer.name})"


def wish_of(member_id: str, kind: str, attributes: dict[str, Attribute]) -> Wish:
    """What the desk wants of a member."""
    return Wish(
        CLIENT, member_id, f"console {kind}", member_id, kind, attributes, SERVICE
    )


async def asked_of(
    desk: CommandDesk, wish: Wish, *, key: str, now: int, viewer: Viewer
) -> Answer:
    """Ask the engine, and keep who it was that asked."""
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


async def sent(
    desk: CommandDesk, wish: Wish, *, key: str, now: int, viewer: Viewer
) -> RedirectResponse:
    """Ask the engine, and lead to the member, who tells what came of it."""
    answer = await asked_of(desk, wish, key=key, now=now, viewer=viewer)
    return to_member(wish.member_id, f"?command={quote(answer.command_id)}")


def to_member(member_id: str, more: str = "") -> RedirectResponse:
    """Lead to the page of a member."""
    address = f"{PREFIX}/members/{quote(member_id, safe='')}{more}"
    return RedirectResponse(address, HTTPStatus.SEE_OTHER)
