"""Everything that goes wrong, as RFC 9457 problem documents."""

import logging
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from stores.unavailable import StoreUnavailable

logger = logging.getLogger(__name__)

PROBLEM_JSON: Final = "application/problem+json"
RETRY_AFTER_SECONDS: Final = 2
FAULTS_MAX: Final = 20


class Problem(Exception):
    """An answer that is not the one hoped for; docs/problems.md explains each."""

    status = HTTPStatus.INTERNAL_SERVER_ERROR
    name = "internal"
    title = "Something failed on our side"

    def __init__(self, detail: str = "", **extra: Any) -> None:
        """`detail` helps the client; `extra` are members of the document."""
        super().__init__(detail)
        self.detail = detail
        self.extra = extra


class MemberNotFound(Problem):
    """No member has this id."""

    status = HTTPStatus.NOT_FOUND
    name = "member-not-found"
    title = "No such member"


class EventRefused(Problem):
    """An event outside the published bounds."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    name = "event-refused"
    title = "The event is outside the published bounds"


class InvalidRequest(Problem):
    """A request that is not of the documented form."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    name = "invalid-request"
    title = "The request is not of the documented form"


class UnsupportedMediaType(Problem):
    """A body of another type than the route takes."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    name = "unsupported-media-type"
    title = "The body must be application/json"


class BodyTooLarge(Problem):
    """A body over the limit."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    name = "body-too-large"
    title = "The body is too large"


class Unavailable(Problem):
    """A store behind the API does not answer now."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    name = "unavailable"
    title = "Not available just now"


KINDS: Final = (
    MemberNotFound,
    EventRefused,
    InvalidRequest,
    UnsupportedMediaType,
    BodyTooLarge,
    Unavailable,
    Problem,
)


def document(problem: Problem, instance: str) -> dict[str, Any]:
    """Problem as a document."""
    return {
        "type": f"/problems/{problem.name}",
        "title": problem.title,
        "status": int(problem.status),
        "detail": problem.detail or problem.title,
        "instance": instance,
    } | problem.extra


def response(problem: Problem, instance: str) -> JSONResponse:
    """Problem as a response."""
    headers = {}
    if problem.status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return JSONResponse(
        document(problem, instance),
        int(problem.status),
        headers=headers,
        media_type=PROBLEM_JSON,
    )


def problem_responses(*kinds: type[Problem]) -> dict[int | str, dict[str, Any]]:
    """What a route may answer besides success, for OpenAPI."""
    return {
        int(kind.status): {
            "description": kind.title,
            "content": {
                PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}
            },
        }
        for kind in kinds
    }


def handle_problems(app: FastAPI) -> None:
    """Answer every failure with a problem document, and tell nothing else."""

    @app.exception_handler(Problem)
    async def on_problem(request: Request, problem: Problem) -> JSONResponse:
        return response(problem, request.url.path)

    @app.exception_handler(StoreUnavailable)
    async def on_unavailable(request: Request, error: StoreUnavailable) -> JSONResponse:
        logger.warning("store unavailable", extra={"store": error.store})
        detail = f"{error.store} does not answer; try again"
        return response(Unavailable(detail), request.url.path)

    @app.exception_handler(RequestValidationError)
    async def on_invalid(
        request: Request, error: RequestValidationError
    ) -> JSONResponse:
        faults = [
            {"pointer": _pointer(fault["loc"]), "detail": fault["msg"]}
            for fault in error.errors()[:FAULTS_MAX]
        ]
        detail = f"{len(faults)} fault(s), see errors"
        return response(InvalidRequest(detail, errors=faults), request.url.path)

    @app.exception_handler(HTTPException)
    async def on_http(request: Request, error: HTTPException) -> JSONResponse:
        problem = Problem(str(error.detail))
        problem.status = HTTPStatus(error.status_code)
        problem.name = problem.status.phrase.lower().replace(" ", "-")
        problem.title = problem.status.phrase
        answer = response(problem, request.url.path)
        answer.headers.update(error.headers or {})
        return answer

    @app.exception_handler(Exception)
    async def on_fault(request: Request, error: Exception) -> JSONResponse:
        logger.error("request failed", exc_info=error)
        return response(Problem(), request.url.path)


def _pointer(location: tuple[int | str, ...]) -> str:
    """JSON pointer into the body, or the name of a parameter."""
    if location and location[0] == "body":
        return "".join(f"/{part}" for part in location[1:])
    return "/".join(str(part) for part in location)
