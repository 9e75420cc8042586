"""Views that somebody saved: pages with their days and filters, by a name."""

from datetime import date
from functools import partial
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.console.doors import Form, PagesOf, needs
from api.console.filters import FILTERS
from api.console.navigation import GROUPS
from api.console.pages import Pages
from api.console.places import PREFIX
from api.console.sessions import new_token
from api.console.viewers import READ_ANALYTICS, Viewer
from api.dependencies import Saved
from api.problems import InvalidRequest
from stores.saved_views import VIEWS_MAX, SavedView

NAME_LENGTH_MAX: Final = 60
ADDRESS_LENGTH_MAX: Final = 500
DAYS: Final = ("from", "until")
# Pages that can be saved: those whose address says what they show.
PATHS: Final = frozenset(place.path for place in GROUPS[0][1])

router = APIRouter(dependencies=[needs(READ_ANALYTICS)])


@router.get("/saved")
async def saved(request: Request, views: Saved, pages: PagesOf) -> HTMLResponse:
    """The viewer's own views."""
    viewer: Viewer = request.state.viewer
    found = await views.all_of(viewer.subject)
    values = {"here": "saved", "views": found, "told": partial(_told, pages)}
    return pages.page(request, "saved.html", values)


@router.post("/saved")
async def save(request: Request, form: Form, views: Saved, pages: PagesOf) -> Response:
    """Keep the page that the form is on."""
    viewer: Viewer = request.state.viewer
    name, address = form.get("name", "").strip(), form.get("address", "")
    path = address.partition("?")[0]
    if not 0 < len(name) <= NAME_LENGTH_MAX or not name.isprintable():
        raise InvalidRequest(pages.texts("saved.name_wrong", most=NAME_LENGTH_MAX))
    if path not in PATHS or len(address) > ADDRESS_LENGTH_MAX:
        raise InvalidRequest(pages.texts("saved.address_wrong"))
    view = SavedView(new_token(), name, address)
    if not await views.keep(viewer.subject, view):
        raise InvalidRequest(pages.texts("saved.full", most=VIEWS_MAX))
    return _to_saved()


@router.post("/saved/drop")
async def drop(request: Request, form: Form, views: Saved) -> Response:
    """Give up one of the viewer's views."""
    viewer: Viewer = request.state.viewer
    await views.drop(viewer.subject, form.get("view", ""))
    return _to_saved()


def _told(pages: Pages, address: str) -> str:
    """Which page an address leads to, and which days it shows."""
    path, _, query = address.partition("?")
    name = next((one.name for one in GROUPS[0][1] if one.path == path), "")
    found = parse_qs(query)
    # The page, then the stores, franchises and way to order that it is about.
    about = [value for key in FILTERS for value in found.get(key, []) if value]
    page = ", ".join([pages.texts.of("nav", name), *about])
    asked = {key: values[0] for key, values in found.items()}
    try:
        days = [pages.shown.day(date.fromisoformat(asked[key])) for key in DAYS]
    except (KeyError, ValueError):
        count = asked.get("days", "")
        if not count.isdecimal():
            return page
        return f"{page}, {pages.texts('span.choice', days=count)}"
    return f"{page}, {pages.texts('span.head', first=days[0], last=days[1])}"


def _to_saved() -> Response:
    return RedirectResponse(f"{PREFIX}/saved", HTTPStatus.SEE_OTHER)
