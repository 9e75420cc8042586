"""What every request goes through: a limit, headers, an id, metrics."""

import time
import uuid
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import BodyTooLarge, response
from runtime.metrics import REQUEST_SECONDS, REQUESTS

BODY_BYTES_MAX: Final = 1_048_576
HEADERS: Final = [
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
]


class _TooLarge(Exception):
    """More has come than a body may have."""


class Edge:
    """The outermost layer, plain ASGI so that it costs little."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        request_id = uuid.uuid4().hex.encode()
        status = 500
        body = _LimitedBody(receive)

        async def send_on(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"].extend([*HEADERS, (b"x-request-id", request_id)])
            await send(message)

        async def send_unless_too_large(message: Message) -> None:
            # The framework answers 400 when a body cannot be read; we know why.
            if not body.is_too_large:
                await send_on(message)

        try:
            await self._app(scope, body.receive, send_unless_too_large)
        except _TooLarge:
            assert body.is_too_large, "it says so before it raises"
        if body.is_too_large:
            detail = f"a body has at most {BODY_BYTES_MAX} bytes"
            problem = response(BodyTooLarge(detail), scope["path"])
            await problem(scope, receive, send_on)
        route = getattr(scope.get("route"), "path", "none")
        REQUESTS.labels(scope["method"], route, str(status)).inc()
        REQUEST_SECONDS.labels(route).observe(time.perf_counter() - started)


class _LimitedBody:
    """Passes a body on until it is too large."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._size = 0
        self.is_too_large = False

    async def receive(self) -> Message:
        message = await self._receive()
        self._size += len(message.get("body", b""))
        if self._size > BODY_BYTES_MAX:
            self.is_too_large = True
            raise _TooLarge
        return message
