"""Everything that goes wrong, as RFC 9457 problem documents."""

import logging
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.allowed_methods import AllowedMethods
from api.problems import InvalidRequest, Problem, Unavailable
from stores.unavailable import StoreUnavailable

logger = logging.getLogger(__name__)

PROBLEM_JSON: Final = "application/problem+json"
RETRY_AFTER_SECONDS: Final = 2
FAULTS_MAX: Final = 20
POINTER_LENGTH_MAX: Final = 512


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
    headers = dict(problem.headers)
    if problem.status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers.setdefault("Retry-After", str(RETRY_AFTER_SECONDS))
    return JSONResponse(
        document(problem, instance),
        int(problem.status),
        headers=headers,
        media_type=PROBLEM_JSON,
    )


def unavailable(error: StoreUnavailable, request_id: str) -> Unavailable:
    """Problem of a store that does not answer, told in the log too."""
    if not error.retry_after_seconds:
        # What a guard refuses is counted: a line of each would be too many.
        extra = {"store": error.store, "request_id": request_id}
        logger.warning("store unavailable", extra=extra)
    problem = Unavailable(f"{error.store} does not answer; try again")
    wait = max(error.retry_after_seconds, RETRY_AFTER_SECONDS)
    problem.headers["Retry-After"] = str(wait)
    return problem


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
    allowed = AllowedMethods(app)

    @app.exception_handler(Problem)
    async def on_problem(request: Request, problem: Problem) -> JSONResponse:
        return response(problem, request.url.path)

    @app.exception_handler(StoreUnavailable)
    async def on_unavailable(request: Request, error: StoreUnavailable) -> JSONResponse:
        problem = unavailable(error, request.state.request_id)
        return response(problem, request.url.path)

    @app.exception_handler(RequestValidationError)
    async def on_invalid(
        request: Request, error: RequestValidationError
    ) -> JSONResponse:
        faults = [_fault(fault, error.body) for fault in error.errors()[:FAULTS_MAX]]
        return response(_invalid(faults), request.url.path)

    @app.exception_handler(HTTPException)
    async def on_http(request: Request, error: HTTPException) -> JSONResponse:
        if error.status_code == HTTPStatus.BAD_REQUEST:
            # Nested too deep, or a number of too many digits: not of our form.
            fault = {"pointer": "", "detail": "The body cannot be read as JSON"}
            return response(_invalid([fault]), request.url.path)
        problem = Problem(str(error.detail))
        problem.status = HTTPStatus(error.status_code)
        problem.name = problem.status.phrase.lower().replace(" ", "-")
        problem.title = problem.status.phrase
        answer = response(problem, request.url.path)
        answer.headers.update(error.headers or {})
        methods = allowed.of(request.url.path)
        if problem.status == HTTPStatus.METHOD_NOT_ALLOWED and methods:
            answer.headers["Allow"] = methods
        return answer


def _invalid(faults: list[dict[str, str]]) -> InvalidRequest:
    return InvalidRequest(f"{len(faults)} fault(s), see errors", errors=faults)


def _fault(fault: Any, body: Any) -> dict[str, str]:
    kind, location = fault["type"], fault["loc"]
    if kind == "json_invalid":
        detail = f"Not JSON at character {location[-1]}: {fault['ctx']['error']}"
        return {"pointer": "", "detail": detail}
    if location[:1] != ("body",):
        pointer = "/".join(str(part) for part in location)
    else:
        pointer = _pointer(location[1:], body, is_missing=kind == "missing")
    return {"pointer": pointer[:POINTER_LENGTH_MAX], "detail": fault["msg"]}


def _pointer(location: tuple[int | str, ...], body: Any, *, is_missing: bool) -> str:
    """JSON pointer (RFC 6901) to what is there, or to the field that is missing."""
    pointer, value = "", body
    for place, part in enumerate(location):
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            # Such a part names one of our types, or the field that is missing.
            if not is_missing or place < len(location) - 1:
                continue
        pointer += _step(part)
    return pointer


def _step(part: int | str) -> str:
    return "/" + str(part).replace("~", "~0").replace("/", "~1")
