"""Server-sent events: an answer that goes on until somebody has enough of it."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from http import HTTPStatus
from typing import Any, Final

import orjson
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.connections import connection_of
from runtime.metrics import STREAMS_OPEN, STREAMS_SLOW

MEDIA_TYPE: Final = "text/event-stream"
HEARTBEAT_SECONDS: Final = 15.0
STREAM_SECONDS_MAX: Final = 600.0
# Whoever has not taken what was sent by then is not waited for.
SEND_SECONDS_MAX: Final = 10.0
RETRY_MS: Final = 2_000
# Silence would look like a broken connection to what is in between.
HEARTBEAT: Final = b": still there\n\n"
# When a reader whose connection ended comes back.
RETRY: Final = b"retry: %d\n\n" % RETRY_MS
DOCUMENTED: Final[dict[str, Any]] = {
    "description": "Server-sent events",
    "content": {
        MEDIA_TYPE: {
            # Of each event: the stream as a whole has no end that one could wait for.
            "schema": {
                "type": "object",
                "properties": {
                    "event": {"type": "string"},
                    "id": {"type": "string"},
                    "data": {"type": "string", "contentMediaType": "application/json"},
                },
            },
            "example": 'id: 4\nevent: member\ndata: {"version":4,"balance":259}\n\n',
        }
    },
}


class EventStream(Response):
    """
    Sends events as they come; ends with them, with the reader, or with the server.

    What goes wrong before the first event is a problem like any other.
    """

    media_type = MEDIA_TYPE

    def __init__(
        self,
        events: AsyncGenerator[bytes, None],
        status_code: int = HTTPStatus.OK,
        *,
        send_seconds_max: float = SEND_SECONDS_MAX,
    ) -> None:
        """`events` are whole ones, each with its empty line."""
        super().__init__(
            status_code=status_code,
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )
        del self.headers["content-length"]
        self._events = events
        self._send_seconds_max = send_seconds_max

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send them."""
        connection = connection_of(scope)
        async with aclosing(self._events) as events:
            first = await anext(events, None)
            await send(
                {
                    "type": "http.response.start",
                    "status": self.status_code,
                    "headers": self.raw_headers,
                }
            )
            ends = [
                asyncio.create_task(_until_left(receive)),
                asyncio.create_task(connection.is_stopping.wait()),
            ]
            telling = asyncio.create_task(self._tell(events, first, send))
            with STREAMS_OPEN.track_inprogress():
                try:
                    await asyncio.wait(
                        [*ends, telling], return_when=asyncio.FIRST_COMPLETED
                    )
                finally:
                    for task in (*ends, telling):
                        task.cancel()
                    await asyncio.wait([*ends, telling])
        if not telling.cancelled() and isinstance(telling.exception(), TimeoutError):
            STREAMS_SLOW.inc()
            connection.abort()
            return
        if not telling.cancelled():
            telling.result()
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _tell(
        self, events: AsyncGenerator[bytes, None], first: bytes | None, send: Send
    ) -> None:
        if first is None:
            return
        await self._send(send, first)
        async for event in events:
            await self._send(send, event)

    async def _send(self, send: Send, content: bytes) -> None:
        async with asyncio.timeout(self._send_seconds_max):
            await send(
                {"type": "http.response.body", "body": content, "more_body": True}
            )


def sent(name: str, data: Any, event_id: int | None = None) -> bytes:
    """One event: `data` as JSON on one line; the id is what a reader resumes from."""
    line = orjson.dumps(data)
    place = b"" if event_id is None else b"id: %d\n" % event_id
    return place + b"event: " + name.encode() + b"\ndata: " + line + b"\n\n"


async def _until_left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
