"""Operations that will go: told in every answer of theirs (RFC 9745, RFC 8594)."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, Final, NamedTuple

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Leaving(NamedTuple):
    """Since when an operation is deprecated, when it goes, and what to use instead."""

    deprecated_at: datetime
    sunset_at: datetime
    documented_at: str


Operations = Mapping[tuple[str, str], Leaving]
# By method and path as OpenAPI has them. docs/api-versions.md says how one comes here.
LEAVING: Final[Operations] = {}


class LifeCycle:
    """Adds the headers of operations that will go, to refusals too."""

    def __init__(self, app: ASGIApp, leaving: Operations = LEAVING) -> None:
        """Wrap the application."""
        self._app = app
        self._leaving = leaving

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request through."""

        async def send_told(message: Message) -> None:
            if message["type"] == "http.response.start":
                # The route is known once it has been found.
                path = getattr(scope.get("route"), "path", "")
                leaving = self._leaving.get((scope["method"], path))
                if leaving is not None:
                    headers = [*message["headers"], *_headers(leaving)]
                    message = {**message, "headers": headers}
            await send(message)

        await self._app(scope, receive, send_told if self._leaving else send)


def mark_leaving(document: dict[str, Any], leaving: Operations = LEAVING) -> None:
    """Say in an OpenAPI document which operations will go, and when."""
    for (method, path), one in leaving.items():
        operation = document["paths"][path][method.lower()]
        operation["deprecated"] = True
        operation["x-sunset"] = one.sunset_at.date().isoformat()


def _headers(leaving: Leaving) -> list[tuple[bytes, bytes]]:
    sunset = format_datetime(leaving.sunset_at.astimezone(UTC), usegmt=True)
    link = f'<{leaving.documented_at}>; rel="deprecation"; type="text/html"'
    return [
        (b"deprecation", b"@%d" % int(leaving.deprecated_at.timestamp())),
        (b"sunset", sunset.encode()),
        (b"link", link.encode()),
    ]
