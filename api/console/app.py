"""The console as an application of its own, mounted into the API's."""

from http import HTTPStatus
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from api.console.doors import BadForm, NotYours, SignInNeeded, viewer_of
from api.console.oidc import SignInFailed
from api.console.pages import Pages
from api.console.places import PREFIX, STATIC
from api.console.routes import (
    campaign,
    campaign_draft,
    campaigns,
    code_pools,
    dashboards,
    deliveries,
    experiments,
    front,
    journeys,
    latency,
    letters,
    member_commands,
    member_messages,
    members,
    operations,
    rows,
    rule_figures,
    rule_results,
    rule_trials,
    rule_writing,
    rules,
    saved,
    sql,
    stores,
)
from api.console.routes.front import door_page
from api.console.sessions import Sessions
from api.console.ways import WayIn
from api.problems import Problem
from stores.log_watch import LogWatch
from stores.unavailable import StoreUnavailable

ROUTES: Final = (
    front,
    dashboards,
    stores,
    latency,
    journeys,
    experiments,
    rows,
    members,
    member_commands,
    member_messages,
    rules,
    rule_writing,
    rule_figures,
    rule_results,
    rule_trials,
    code_pools,
    campaign,
    campaign_draft,
    campaigns,
    saved,
    sql,
    deliveries,
    operations,
    letters,
)
KEPT: Final = "public, max-age=31536000, immutable"
TEXTS: Final = {400, 403, 404, 500, 503}


class ConsoleParts(NamedTuple):
    """What the console needs besides what the API has already."""

    log_watch: LogWatch
    way_in: WayIn
    secret: str = ""
    told_settings: tuple[tuple[str, str], ...] = ()


class _Kept(StaticFiles):
    """Files whose address changes with their content: browsers may keep them."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if response.status_code == HTTPStatus.OK and scope["query_string"]:
            response.headers["Cache-Control"] = KEPT
        return response


def mount_console(app: FastAPI, parts: ConsoleParts) -> None:
    """Put the console under its prefix; it shares the API's stores and clock."""
    console = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    # The same state: what a route may ask for is what the API has.
    console.state = app.state
    app.state.log_watch = parts.log_watch
    app.state.way_in = parts.way_in
    app.state.told_settings = parts.told_settings
    app.state.version = app.version
    app.state.pages = Pages(app.state.programs)
    app.state.sessions = Sessions(parts.secret, app.state.clock)
    _handle(console)
    for routes in ROUTES:
        console.include_router(routes.router)
    console.mount("/static", _Kept(directory=STATIC))
    app.mount(PREFIX, console)

    @app.get("/", include_in_schema=False)
    async def to_console() -> RedirectResponse:
        """Lead people who come by browser to the console."""
        return RedirectResponse(f"{PREFIX}/", HTTPStatus.SEE_OTHER)


def _handle(console: FastAPI) -> None:
    """Answer every failure with a page that says what, and what to do."""

    @console.exception_handler(SignInNeeded)
    async def on_nobody(request: Request, _: SignInNeeded) -> Response:
        path = request.url.path
        if request.url.query:
            path += f"?{request.url.query}"
        wanted = path if request.method == "GET" else f"{PREFIX}/"
        address = f"{PREFIX}/sign-in?next={quote(wanted, safe='/')}"
        return RedirectResponse(address, HTTPStatus.SEE_OTHER)

    @console.exception_handler(SignInFailed)
    async def on_stranger(request: Request, error: SignInFailed) -> Response:
        pages: Pages = request.app.state.pages
        answer = door_page(request, pages, request.app.state.sessions, why=str(error))
        answer.status_code = HTTPStatus.FORBIDDEN
        return answer

    @console.exception_handler(NotYours)
    async def on_not_yours(request: Request, error: NotYours) -> Response:
        return _page(request, 403, scope=error.scope)

    @console.exception_handler(BadForm)
    async def on_bad_form(request: Request, error: BadForm) -> Response:
        return _page(request, 400, why=str(error) or _texts(request)("error.csrf"))

    @console.exception_handler(StoreUnavailable)
    async def on_unavailable(request: Request, error: StoreUnavailable) -> Response:
        return _page(request, 503, why=f"{error.store} does not answer.")

    @console.exception_handler(Problem)
    async def on_problem(request: Request, problem: Problem) -> Response:
        status = int(problem.status)
        return _page(request, status, why=problem.detail or problem.title)

    @console.exception_handler(RequestValidationError)
    async def on_invalid(request: Request, _: RequestValidationError) -> Response:
        return _page(request, 400, why="")

    @console.exception_handler(HTTPException)
    async def on_http(request: Request, error: HTTPException) -> Response:
        return _page(request, error.status_code, why=str(error.detail))

    @console.exception_handler(Exception)
    async def on_failure(request: Request, _: Exception) -> Response:
        return _page(request, 500)


def _texts(request: Request) -> Any:
    return request.app.state.pages.texts


def _page(request: Request, status: int, **values: str) -> Response:
    # What has no words of its own is told in those of its kind.
    kind = status if status in TEXTS else 500 if status >= 500 else 400  # noqa: PLR2004 - HTTP's own classes
    viewer_of(request)
    text = _texts(request)(f"error.text_{kind}", **values)
    told = {"status": kind, "text": text, "here": ""}
    pages: Pages = request.app.state.pages
    return pages.page(request, "error.html", told, status=status)
