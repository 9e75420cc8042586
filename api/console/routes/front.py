"""Signing in and out, and the way to the first page."""

from http import HTTPStatus
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse

from api.console.doors import (
    BadForm,
    Form,
    PagesOf,
    SessionsOf,
    SignInNeeded,
    form_of,
    is_same,
    needs,
    viewer_of,
)
from api.console.navigation import first_path
from api.console.oidc import OidcClient, SignInFailed
from api.console.pages import Pages
from api.console.places import PREFIX
from api.console.sessions import Door, Sessions, new_token
from api.console.viewers import ALL_SCOPES, ROLES, Viewer
from api.console.ways import LOCAL, OIDC, WayIn, is_from_here, own_path

NAME_LENGTH_MAX: Final = 40
EVERYTHING: Final = "everything"

router = APIRouter()


@router.get("/")
async def first(request: Request) -> RedirectResponse:
    """Lead to the first page that the viewer may open."""
    viewer = viewer_of(request)
    if viewer is None:
        raise SignInNeeded
    return RedirectResponse(PREFIX + first_path(viewer), HTTPStatus.SEE_OTHER)


@router.get("/sign-in")
async def sign_in(
    request: Request, pages: PagesOf, sessions: SessionsOf
) -> HTMLResponse:
    """The page before all others."""
    return door_page(request, pages, sessions)


@router.post("/sign-in")
async def choose(
    request: Request, pages: PagesOf, sessions: SessionsOf
) -> RedirectResponse:
    """Sign in as whom somebody at this machine chooses to be."""
    fields = await form_of(request)
    door = sessions.door(request)
    if _way(request).kind != LOCAL:
        raise BadForm(pages.texts("sign_in.closed"))
    if door is None or not is_same(fields.get("csrf", ""), door.csrf):
        raise BadForm(pages.texts("error.csrf"))
    name = fields.get("name", "").strip()[:NAME_LENGTH_MAX]
    role = fields.get("role", "")
    scopes = ALL_SCOPES if role == EVERYTHING else ROLES.get(role)
    if not name or scopes is None:
        raise BadForm(pages.texts("sign_in.closed"))
    viewer = Viewer(f"local:{name}", name, scopes, new_token())
    path = own_path(door.next, PREFIX)
    response = RedirectResponse(path, HTTPStatus.SEE_OTHER)
    sessions.start(response, request, viewer)
    return response


@router.get("/sign-in/start")
async def start(
    request: Request, pages: PagesOf, sessions: SessionsOf
) -> RedirectResponse:
    """Send somebody to the issuer."""
    oidc = _oidc(request, pages)
    door = Door(new_token(), request.query_params.get("next", ""), new_token() * 2)
    response = RedirectResponse(
        await oidc.address(door.csrf, door.verifier), HTTPStatus.SEE_OTHER
    )
    sessions.open_door(response, request, door)
    return response


@router.get("/sign-in/return")
async def come_back(
    request: Request, pages: PagesOf, sessions: SessionsOf
) -> RedirectResponse:
    """Sign in whom the issuer sends back, if it was we who sent them."""
    oidc, told = _oidc(request, pages), request.query_params
    door = sessions.door(request)
    if door is None or not is_same(told.get("state", ""), door.csrf):
        raise SignInFailed(pages.texts("sign_in.stranger"))
    if "code" not in told:
        raise SignInFailed(told.get("error_description", told.get("error", ""))[:200])
    principal, name = await oidc.somebody(told["code"], door.verifier)
    scopes = principal.scopes & ALL_SCOPES
    viewer = Viewer(principal.subject, name, scopes, new_token())
    response = RedirectResponse(own_path(door.next, PREFIX), HTTPStatus.SEE_OTHER)
    sessions.start(response, request, viewer)
    return response


@router.post("/sign-out", dependencies=[needs("")])
async def sign_out(form: Form, sessions: SessionsOf) -> RedirectResponse:
    """Sign out."""
    del form
    response = RedirectResponse(f"{PREFIX}/sign-in", HTTPStatus.SEE_OTHER)
    sessions.end(response)
    return response


def door_page(
    request: Request, pages: Pages, sessions: Sessions, *, why: str = ""
) -> HTMLResponse:
    """The page before all others; `why` says what went wrong before."""
    door = Door(new_token(), own_path(request.query_params.get("next", ""), PREFIX))
    way = _way(request)
    values: dict[str, Any] = {
        "csrf": door.csrf,
        "next": door.next,
        "why": why,
        "way": way.kind,
        "issuer": way.oidc.client.issuer if way.oidc else "",
        "roles": [*ROLES, EVERYTHING],
    }
    response = pages.page(request, "sign_in.html", values)
    sessions.open_door(response, request, door)
    return response


def _way(request: Request) -> WayIn:
    way: WayIn = request.app.state.way_in
    # Whoever is not at this machine does not choose whom they are.
    if way.kind == LOCAL and not is_from_here(request):
        return WayIn()
    return way


def _oidc(request: Request, pages: Pages) -> OidcClient:
    way = _way(request)
    if way.kind != OIDC or way.oidc is None:
        raise BadForm(pages.texts("sign_in.closed"))
    return way.oidc
