"""What every request goes through: limits, headers, an id, metrics."""

import asyncio
import logging
import time
import uuid
from functools import cache
from http import HTTPMethod
from typing import Final

from prometheus_client import Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import response
from api.import_rows import IMPORT_BYTES_MAX
from api.problems import BodyTooLarge, Problem, TookTooLong, Unavailable
from api.short_way import Heard, ShortWay
from runtime import tracing
from runtime.metrics import REQUEST_SECONDS, REQUESTS
from stores.program_log_contract import ProgramLog

logger = logging.getLogger(__name__)

BODY_BYTES_MAX: Final = 1_048_576
# Routes that read a body bit by bit, and what one may have there.
LARGE_BODIES: Final = {
    "/v1/imports": IMPORT_BYTES_MAX,
    "/v1/campaigns/lists": IMPORT_BYTES_MAX,
}
HEADERS: Final = [
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
]
# A browser believes it over https only, and then never asks over http again.
HSTS: Final = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")
REQUEST_SECONDS_MAX: Final = 20.0
# What is read there comes of the log: while that is away, the answer says its age.
READ_OF_LOG: Final = "/v1/members/"
SILENT_SECONDS_MAX: Final = 5.0
# Asked all the time, and nobody wants to read about it.
UNTRACED: Final = ("/health", "/metrics", "/console/static")
METHODS: Final = frozenset(method.value for method in HTTPMethod)


class _TooLarge(Exception):
    """More has come than a body may have."""


class Edge:
    """The outermost layer, plain ASGI so that it costs little."""

    def __init__(
        self,
        app: ASGIApp,
        log: ProgramLog,
        short: ShortWay,
        request_seconds_max: float = REQUEST_SECONDS_MAX,
    ) -> None:
        """Wrap the application; an answer begins within `request_seconds_max`."""
        self._app = app
        self._short = short
        self._log = log
        self._request_seconds_max = request_seconds_max

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        request_id = uuid.uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id
        bytes_max = LARGE_BODIES.get(scope["path"], BODY_BYTES_MAX)
        body = _LimitedBody(receive, bytes_max)
        answer = _Answer(send, request_id, body)
        if scope["scheme"] == "https":
            answer.headers = [*HEADERS, HSTS]
        if scope["method"] == "GET" and scope["path"].startswith(READ_OF_LOG):
            silent_seconds = self._log.silent_seconds
            if silent_seconds > SILENT_SECONDS_MAX:
                age = str(int(silent_seconds)).encode()
                answer.headers = [*answer.headers, (b"age", age)]
        try:
            if tracing.is_on() and not scope["path"].startswith(UNTRACED):
                await self._pass_traced(scope, body, answer)
            else:
                await self._pass(scope, body, answer)
        finally:
            _count(scope, answer, time.perf_counter() - started)

    async def _pass_traced(
        self, scope: Scope, body: "_LimitedBody", answer: "_Answer"
    ) -> None:
        method = scope["method"] if scope["method"] in METHODS else "other"
        traceparent = dict(scope["headers"]).get(b"traceparent")
        with tracing.request_span(method, traceparent) as span:
            answer.example = tracing.exemplar_here()
            await self._pass(scope, body, answer)
            # Templates and statuses only: a path or a query may name a member.
            route = _route(scope)
            span.update_name(f"{method} {route}")
            span.set_attribute("http.request.method", method)
            span.set_attribute("http.route", route)
            span.set_attribute("http.response.status_code", answer.status)
            span.set_attribute("regulars.request_id", answer.request_id)

    async def _pass(
        self, scope: Scope, body: "_LimitedBody", answer: "_Answer"
    ) -> None:
        try:
            async with asyncio.timeout(self._request_seconds_max) as deadline:
                answer.deadline = deadline
                try:
                    await self._answer(scope, body, answer)
                finally:
                    answer.deadline = None
        except _TooLarge:
            assert body.is_too_large, "it says so before it raises"
        except TimeoutError:
            late = _late(body, self._request_seconds_max)
            await response(late, scope["path"])(scope, body.receive, answer.send)
        except Exception:
            logger.exception("request failed", extra={"request_id": answer.request_id})
            if answer.status:
                # Half an answer is out: only a broken connection can say so now.
                raise
            await response(Problem(), scope["path"])(scope, body.receive, answer.send)
        if body.is_too_large and not answer.status:
            detail = f"a body has at most {body.bytes_max} bytes"
            problem = response(BodyTooLarge(detail), scope["path"])
            await problem(scope, body.receive, answer.send)

    async def _answer(
        self, scope: Scope, body: "_LimitedBody", answer: "_Answer"
    ) -> None:
        heard = Heard(body.receive)
        reply = await self._short.reply(scope, heard)
        if reply is None:
            await self._app(scope, heard.again, answer.send_unless_too_large)
            return
        status, headers, content = reply
        start = {"type": "http.response.start", "status": status, "headers": headers}
        await answer.send(start)
        await answer.send({"type": "http.response.body", "body": content})


class _Answer:
    """Passes an answer on with our headers; `status` is 0 until it begins."""

    def __init__(self, send: Send, request_id: str, body: "_LimitedBody") -> None:
        self._send = send
        self._body = body
        self.request_id = request_id
        self.headers = HEADERS
        self.status = 0
        self.example: dict[str, str] | None = None
        self.deadline: asyncio.Timeout | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            if self.deadline is not None and not self.deadline.expired():
                # An answer may go on for as long as somebody reads it.
                self.deadline.reschedule(None)
            headers = [*message["headers"], (b"x-request-id", self.request_id.encode())]
            named = {name.lower() for name, _ in headers}
            headers += [header for header in self.headers if header[0] not in named]
            message = {**message, "headers": headers}
        await self._send(message)

    async def send_unless_too_large(self, message: Message) -> None:
        # The framework answers 400 when a body cannot be read; we know why.
        if not self._body.is_too_large:
            await self.send(message)


def _late(body: "_LimitedBody", seconds: float) -> Problem:
    """Whose fault it is that nothing was answered: what is away should be retried."""
    if not body.is_awaited:
        return Unavailable(f"nothing came of it in {seconds:g} s; try again")
    late = TookTooLong(f"a request has {seconds:g} s to come")
    late.headers["Connection"] = "close"
    return late


def _route(scope: Scope) -> str:
    """Template of the path: never what stands in its place."""
    return str(getattr(scope.get("route"), "path", "none"))


@cache
def _counters(method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    """Count by the route's template and known methods: labels must stay few."""
    counter = REQUESTS.labels(method, route, str(status or "none"))
    return counter, REQUEST_SECONDS.labels(route)


def _count(scope: Scope, answer: "_Answer", seconds: float) -> None:
    method = scope["method"] if scope["method"] in METHODS else "other"
    requests, histogram = _counters(method, _route(scope), answer.status)
    requests.inc()
    histogram.observe(seconds, answer.example)


class _LimitedBody:
    """Passes a body on until it is too large."""

    def __init__(self, receive: Receive, bytes_max: int) -> None:
        self._receive = receive
        self.bytes_max = bytes_max
        self._size = 0
        self.is_too_large = False
        self.is_awaited = False

    async def receive(self) -> Message:
        self.is_awaited = True
        message = await self._receive()
        self.is_awaited = False
        self._size += len(message.get("body", b""))
        if self._size > self.bytes_max:
            self.is_too_large = True
            raise _TooLarge
        return message
