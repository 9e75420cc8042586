"""The server's protocol, with bounds on connections and on the head of a request."""

from asyncio import Event, Transport
from asyncio.events import TimerHandle
from typing import Final, cast

import orjson
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.connections import EXTENSION, Connection
from api.errors import RETRY_AFTER_SECONDS, document
from api.problems import Unavailable

HEAD_SECONDS_MAX: Final = 10.0
CONNECTIONS_MAX: Final = 1_000
_FULL_BODY: Final = orjson.dumps(
    document(Unavailable(f"{CONNECTIONS_MAX} connections are open"), "/")
)
_FULL: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\n"
    b"content-type: application/problem+json\r\n"
    b"retry-after: %d\r\nconnection: close\r\ncontent-length: %d\r\n\r\n"
    % (RETRY_AFTER_SECONDS, len(_FULL_BODY))
) + _FULL_BODY


class TimedProtocol(HttpToolsProtocol):
    """
    Ends a connection whose request has no whole head after HEAD_SECONDS_MAX.

    The server bounds idle connections between requests only: one byte now and then
    would hold a connection, of which there are not many, for ever. One beyond
    CONNECTIONS_MAX is told to come again, as soon as it says anything.
    """

    head_seconds_max: float = HEAD_SECONDS_MAX
    connections_max: int = CONNECTIONS_MAX
    _is_one_too_many = False
    _is_head_begun = False
    _head_due: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override] # as the server's own
        """Begin to wait for a first request."""
        super().connection_made(transport)
        self._is_stopping = Event()
        self._is_one_too_many = len(self.connections) > self.connections_max
        self._await_head()

    def data_received(self, data: bytes) -> None:
        """Read some of a request; the first bytes of one too many are its last."""
        if self._is_one_too_many:
            self.transport.write(_FULL)
            self.transport.close()
            return
        super().data_received(data)
        # Nearly always a head comes whole: only for the others a timer is set.
        if self._is_head_begun:
            self._await_head()

    def on_message_begin(self) -> None:
        """Know that the rest of its head has to come."""
        super().on_message_begin()
        self._is_head_begun = True

    def on_headers_complete(self) -> None:
        """Leave the rest to the application, which bounds it."""
        self._head_is_whole()
        connection = Connection(self.transport.abort, self._is_stopping)
        self.scope["extensions"] = {EXTENSION: cast("dict[object, object]", connection)}
        super().on_headers_complete()

    def shutdown(self) -> None:
        """Let long answers know that the server stops."""
        self._is_stopping.set()
        super().shutdown()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing more."""
        self._head_is_whole()
        super().connection_lost(exc)

    def _await_head(self) -> None:
        # Begun is begun: the bytes of the first head do not start it anew.
        if self._head_due is None:
            self._head_due = self.loop.call_later(
                self.head_seconds_max, self.transport.abort
            )

    def _head_is_whole(self) -> None:
        self._is_head_begun = False
        if self._head_due is not None:
            self._head_due.cancel()
            self._head_due = None
