"""The way out of e-mails: no token is asked for but the one in the link."""

from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Path
from fastapi.responses import HTMLResponse

from api.commands import Answer, CommandDesk, Wish
from api.delivery_problems import DeliveryNotKept, LinkInvalid
from api.dependencies import Desk, Now, Sends, Views
from api.errors import problem_responses
from api.problems import InvalidRequest, MemberNotFound, Problem, Unavailable
from api.redirects import survivor_of
from api.sending import Sending
from delivery.unsubscribing import TOKEN_LENGTH_MAX, Unsubscription, wish_of
from loyalty.messages import EMAIL

CLIENT: Final = "unsubscribe"
HOUR_MS: Final = 3_600_000
# Nothing is loaded and nothing runs; the form goes where the page came from.
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; form-action 'self'; "
    "style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}
PAGE: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width"></head>
<body style="font: 1rem/1.5 sans-serif; max-width: 30rem; margin: 4rem auto">
<h1>{title}</h1>{body}</body></html>
"""
ASKED: Final = PAGE.format(
    title="No more e-mails?",
    body='<form method="post"><button>Unsubscribe</button></form>',
)
DONE: Final = PAGE.format(
    title="Done", body="<p>No more e-mails of this kind will be sent to you.</p>"
)
SENT: Final = PAGE.format(
    title="On its way",
    body="<p>It is noted, and takes effect soon: from then on no more e-mails of this "
    "kind will be sent to you.</p>",
)

router = APIRouter(
    prefix="/unsubscribe",
    tags=["delivery"],
    responses=problem_responses(
        InvalidRequest,
        LinkInvalid,
        MemberNotFound,
        DeliveryNotKept,
        Unavailable,
        Problem,
    ),
)
Token = Annotated[str, Path(min_length=1, max_length=TOKEN_LENGTH_MAX)]


@router.get("/{token}", response_class=HTMLResponse)
async def ask_to_unsubscribe(*, token: Token, sends: Sends) -> HTMLResponse:
    """Ask first: programs that look at links would unsubscribe everybody."""
    _checked(token, sends)
    return HTMLResponse(ASKED, headers=HEADERS)


@router.post(
    "/{token}",
    response_class=HTMLResponse,
    responses={
        202: {
            "description": "On its way, and not decided yet",
            "content": {"text/html": {"schema": {"type": "string"}}},
        }
    },
)
async def unsubscribe(
    *, token: Token, sends: Sends, views: Views, desk: Desk, now: Now
) -> HTMLResponse:
    """Withdraw the consent to e-mails, with one click of a mail program (RFC 8058)."""
    wish = _checked(token, sends)
    # Whoever was merged since is written to as the one who has the consents now.
    member_id = await survivor_of(wish.member_id, views)
    answer = await _withdraw(wish._replace(member_id=member_id), desk, now)
    if answer.result is None:
        return HTMLResponse(SENT, HTTPStatus.ACCEPTED, HEADERS)
    if answer.result["status"] == "refused":
        raise LinkInvalid("nothing was changed: use the link of the newest e-mail")
    return HTMLResponse(DONE, headers=HEADERS)


async def _withdraw(wish: Unsubscription, desk: CommandDesk, now: int) -> Answer:
    # Who has consented again since may use an old link again.
    key = f"{wish.message_id}:{now // HOUR_MS}"
    return await desk.ask(
        Wish(
            CLIENT,
            wish.member_id,
            "unsubscribe",
            wish.member_id,
            "consent.set",
            {
                "channel": EMAIL,
                "purpose": wish.purpose,
                "given": False,
                "source": "list-unsubscribe",
            },
        ),
        key,
        now,
    )


def _checked(token: str, sends: Sending) -> Unsubscription:
    wish = wish_of(token, sends.key)
    if wish is None:
        raise LinkInvalid("the link was changed on its way, or is another's")
    return wish
