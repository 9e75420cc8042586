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
        has_begun = False

        async def send_on(message: Message) -> None:
            nonlocal status, has_begun
            if message["type"] == "http.response.start":
                has_begun = True
                status = message["status"]
                message["headers"].extend([*HEADERS, (b"x-request-id", request_id)])
            await send(message)

        try:
            await self._app(scope, _limited(receive), send_on)
        except _TooLarge:
            if not has_begun:
                detail = f"a body has at most {BODY_BYTES_MAX} bytes"
                problem = response(BodyTooLarge(detail), scope["path"])
                await problem(scope, receive, send_on)
        route = getattr(scope.get("route"), "path", "none")
        REQUESTS.labels(scope["method"], route, str(status)).inc()
        REQUEST_SECONDS.labels(route).observe(time.perf_counter() - started)


def _limited(receive: Receive) -> Receive:
    size = 0

    async def receive_some() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > BODY_BYTES_MAX:
            raise _TooLarge
        return message

    return receive_some
