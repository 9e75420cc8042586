"""One connection to Redis or Valkey for the calls of many callers at once."""

import asyncio
from collections import deque
from typing import Any, Final

import hiredis
import redis.asyncio as redis
from redis.exceptions import RedisError

from stores.redis_pool import CALL_TIMEOUT_SECONDS, CONNECT_TIMEOUT_SECONDS
from stores.unavailable import StoreUnavailable

# Whoever waits is looked at so many times in the time that a call may take.
LOOKS: Final = 10

Command = tuple[bytes | str | int, ...]
Answered = asyncio.Future[Any]


class RedisLine:
    """
    Commands of many callers over one connection, answered in the order of sending.

    A pool lends a connection to one call at a time, which costs several times what
    the call does. Only for commands that answer at once: one that blocks would hold
    up all others. A call that is not answered in `call_seconds_max` ends the
    connection, and so all that wait; the next call makes a new one.
    """

    def __init__(
        self, url: str, *, call_seconds_max: float = CALL_TIMEOUT_SECONDS
    ) -> None:
        """Connect when first used."""
        self._seconds_max = call_seconds_max
        # It gives connections that know the address, its secrets and its TLS.
        self._pool = redis.ConnectionPool.from_url(
            url,
            protocol=2,
            socket_connect_timeout=min(CONNECT_TIMEOUT_SECONDS, call_seconds_max),
            socket_timeout=call_seconds_max,
        )
        self._line: _Line | None = None
        self._connecting: asyncio.Task[_Line] | None = None

    async def ask(self, *command: bytes | str | int) -> Any:
        """
        Answer to a command, as bytes, numbers, lists or None.

        Raises: StoreUnavailable, not away for a command that the server refuses.
        """
        line = self._line
        if line is None or line.is_over:
            line = await self._connected()
        return await line.ask(command)

    async def close(self) -> None:
        """Let go of the connection; who still waits is told that it is away."""
        if self._connecting is not None:
            self._connecting.cancel()
            await asyncio.wait([self._connecting])
        if self._line is not None:
            self._line.end("this process is stopping")

    async def _connected(self) -> "_Line":
        """Line that is there for all who need one now; one of them makes it."""
        if self._connecting is None:
            self._connecting = asyncio.create_task(self._connect(), name="redis line")
            self._connecting.add_done_callback(self._is_connected)
        # Who gives up waiting does not take it from the others.
        return await asyncio.shield(self._connecting)

    async def _connect(self) -> "_Line":
        connection: Any = self._pool.make_connection()  # type: ignore[no-untyped-call] # theirs
        try:
            # Its greeting: TLS, who we are, which database.
            await connection.connect()
        except (RedisError, OSError) as error:
            raise StoreUnavailable("redis", str(error)) from error
        # From here on it is ours: the client reads one answer for each call.
        self._line = _Line(connection, self._seconds_max)
        return self._line

    def _is_connected(self, connecting: "asyncio.Task[_Line]") -> None:
        self._connecting = None
        if not connecting.cancelled():
            # Nobody may be there any more to hear of it.
            connecting.exception()


class _Line(asyncio.Protocol):
    """A connection that stands, until it does not."""

    def __init__(self, connection: Any, seconds_max: float) -> None:
        # Held, for it closes what it made when it goes.
        self._connection = connection
        self._transport = transport = connection._writer.transport  # noqa: SLF001 - no other way
        self._seconds_max = seconds_max
        self._loop = asyncio.get_running_loop()
        self._reader = hiredis.Reader()
        # In the order of sending: until when, and who.
        self._waiting: deque[tuple[float, Answered]] = deque()
        self._look: asyncio.TimerHandle | None = None
        self.is_over = transport.is_closing()
        transport.set_protocol(self)
        transport.resume_reading()

    def ask(self, command: Command) -> Answered:
        answered: Answered = self._loop.create_future()
        if self.is_over:
            answered.set_exception(StoreUnavailable("redis", "the connection ended"))
            return answered
        self._waiting.append((self._loop.time() + self._seconds_max, answered))
        if self._look is None:
            self._look_later()
        self._transport.write(hiredis.pack_command(command))  # type: ignore[arg-type] # of any length
        return answered

    def end(self, why: str) -> None:
        """Nothing comes any more: what was sent may be done, or not."""
        self.is_over = True
        self._transport.abort()
        waiting, self._waiting = self._waiting, deque()
        for _, answered in waiting:
            if not answered.done():
                answered.set_exception(StoreUnavailable("redis", why))
        if self._look is not None:
            self._look.cancel()
            self._look = None

    def data_received(self, data: bytes) -> None:
        self._reader.feed(data)
        try:
            while (answer := self._reader.gets()) is not False:
                self._settle(answer)
        except hiredis.ProtocolError as error:
            self.end(str(error))

    def connection_lost(self, exc: Exception | None) -> None:
        self.end(str(exc or "the server closed the connection"))

    def _settle(self, answer: Any) -> None:
        if not self._waiting:
            raise hiredis.ProtocolError("an answer to nothing")
        _, answered = self._waiting.popleft()
        if answered.done():
            # Who asked has given up.
            return
        if isinstance(answer, hiredis.ReplyError):
            refused = StoreUnavailable("redis", str(answer), is_away=False)
            answered.set_exception(refused)
        else:
            answered.set_result(answer)

    def _look_later(self) -> None:
        # One look for all: a timer for each call would cost as much as the call.
        self._look = self._loop.call_later(self._seconds_max / LOOKS, self._look_now)

    def _look_now(self) -> None:
        self._look = None
        if not self._waiting:
            return
        if self._loop.time() >= self._waiting[0][0]:
            self.end(f"no answer in {self._seconds_max:g} s")
        else:
            self._look_later()
