"""What a console route may ask for: who looks, what they sent, where to ask."""

import secrets
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Annotated, Any, Final, cast
from urllib.parse import parse_qsl

from fastapi import Depends, Query, Request

from api.console.answers import Board
from api.console.pages import Pages
from api.console.sessions import Sessions
from api.console.viewers import Viewer
from loyalty.program import Programs
from stores.log_watch import LogWatch

FIELDS_MAX: Final = 1_000
FORM_TYPE: Final = "application/x-www-form-urlencoded"
# A browser says where a request comes from; other clients say nothing.
OWN_SITE: Final = ("", "same-origin", "none")


class SignInNeeded(Exception):
    """Nobody is signed in."""


class NotYours(Exception):
    """The viewer has not the right that a page needs."""

    def __init__(self, scope: str) -> None:
        """Name the right."""
        super().__init__(scope)
        self.scope = scope


class BadForm(Exception):
    """A form that is not ours, or not of this session."""

    status = HTTPStatus.BAD_REQUEST


def needs(scope: str) -> Any:
    """Let in whoever has a right; the others are told what it is."""

    async def check(request: Request) -> Viewer:
        viewer = viewer_of(request)
        if viewer is None:
            raise SignInNeeded
        if scope and not viewer.may(scope):
            raise NotYours(scope)
        return viewer

    return Depends(check)


def viewer_of(request: Request) -> Viewer | None:
    """Who is signed in; templates find them in the request too."""
    sessions = cast("Sessions", request.app.state.sessions)
    viewer = sessions.viewer(request)
    request.state.viewer = viewer
    return viewer


async def form_of(request: Request) -> dict[str, str]:
    """
    Fields of a form.

    Raises: BadForm for what no form of ours sends.
    """
    check_sender(request, FORM_TYPE)
    try:
        text = (await request.body()).decode()
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=FIELDS_MAX))
    except ValueError as error:
        raise BadForm("this is not a form") from error


def check_sender(request: Request, expected: str) -> None:
    """Refuse a form of another site, or of another content type; raises BadForm."""
    if request.headers.get("sec-fetch-site", "") not in OWN_SITE:
        raise BadForm("another site sent this form")
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind != expected:
        raise BadForm("this is not a form")


def check_session(request: Request, told: str) -> None:
    """Refuse a form that is not of the viewer's session; raises BadForm."""
    viewer: Viewer | None = request.state.viewer
    if viewer is None or not is_same(told, viewer.csrf):
        raise BadForm


async def _form(request: Request) -> dict[str, str]:
    """Fields of a form of this session."""
    fields = await form_of(request)
    check_session(request, fields.get("csrf", ""))
    return fields


def is_same(one: str, other: str) -> bool:
    """Whether two secrets are one, in a time that tells nothing."""
    return secrets.compare_digest(one.encode(), other.encode())


async def _pages(request: Request) -> Pages:
    return cast("Pages", request.app.state.pages)


async def _sessions(request: Request) -> Sessions:
    return cast("Sessions", request.app.state.sessions)


async def _log_watch(request: Request) -> LogWatch:
    return cast("LogWatch", request.app.state.log_watch)


async def _board(request: Request) -> Board:
    programs = cast("Programs", request.app.state.programs)
    return Board(request.app.state.questions, programs.latest)


PagesOf = Annotated[Pages, Depends(_pages)]
SessionsOf = Annotated[Sessions, Depends(_sessions)]
Watch = Annotated[LogWatch, Depends(_log_watch)]
Asked = Annotated[Board, Depends(_board)]
# After `needs`: the form is the viewer's.
Form = Annotated[dict[str, str], Depends(_form)]
# A word that a page is told in its address.
Filter = Annotated[str, Query(max_length=20)]
Check = Callable[[Request], Awaitable[Viewer]]
