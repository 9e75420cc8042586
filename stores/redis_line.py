"""One connection to Redis or Valkey for the calls of many callers at once."""

import asyncio
import math
from collections import deque
from typing import Any, Final

import hiredis
import redis.asyncio as redis
from redis.exceptions import RedisError, ResponseError

from stores.redis_pool import (
    CALL_TIMEOUT_SECONDS,
    CONNECT_TIMEOUT_SECONDS,
    redis_answers,
)
from stores.unavailable import StoreUnavailable

# Whoever waits is looked at so many times in the time that a call may take.
LOOKS: Final = 10

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
            socket_connect_timeout=min(CONNECT_TIMEOUT_SECONDS, call_seconds_max),
            socket_timeout=None,
        )
        self._line: _Line | None = None
        self._connecting: asyncio.Task[_Line] | None = None

    async def ask(self, *command: bytes | str | int) -> Any:
        """
        Answer to a command, as bytes, numbers, lists or None.

        Raises: StoreUnavailable, not away for a command that the server refuses.
        """
        line = self._line
        with redis_answers():
            if line is None or line.is_over:
                line = await self._connected()
            return await line.ask(command)

    async def close(self) -> None:
        """Let go of the connection; who still waits is told that it is away."""
        if self._connecting is not None:
            self._connecting.cancel()
            await asyncio.wait([self._connecting])
        if self._line is not None:
            await self._line.end()

    async def _connected(self) -> "_Line":
        """Line that is there for all who need one now; one of them makes it."""
        if self._connecting is None:
            self._connecting = asyncio.create_task(self._connect(), name="redis line")
            self._connecting.add_done_callback(self._is_connected)
        # Who gives up waiting does not take it from the others.
        return await asyncio.shield(self._connecting)

    async def _connect(self) -> "_Line":
        connection = self._pool.make_connection()  # type: ignore[no-untyped-call] # theirs
        await connection.connect()
        self._line = _Line(connection, self._seconds_max)
        return self._line

    def _is_connected(self, connecting: "asyncio.Task[_Line]") -> None:
        self._connecting = None
        if not connecting.cancelled():
            # Nobody may be there any more to hear of it.
            connecting.exception()


class _Line:
    """A connection that stands, until it does not."""

    def __init__(
        self, connection: redis.connection.AbstractConnection, seconds_max: float
    ) -> None:
        self._connection = connection
        self._seconds_max = seconds_max
        self._loop = asyncio.get_running_loop()
        # In the order of sending: until when, and who.
        self._waiting: deque[tuple[float, Answered]] = deque()
        self._look: asyncio.TimerHandle | None = None
        self._listening = asyncio.create_task(self._listen(), name="redis line")
        self.is_over = False

    async def ask(self, command: tuple[bytes | str | int, ...]) -> Any:
        answered: Answered = self._loop.create_future()
        self._waiting.append((self._loop.time() + self._seconds_max, answered))
        if self._look is None:
            self._look_later()
        packed = hiredis.pack_command(command)  # type: ignore[arg-type] # of any length
        try:
            # It is written before anything is awaited: the order is that of asking.
            await self._connection.send_packed_command(packed, check_health=False)
        except (RedisError, OSError) as error:
            self._break(error)
        return await answered

    async def end(self) -> None:
        self._break(StoreUnavailable("redis", "this process is stopping"))
        self._listening.cancel()
        await asyncio.wait([self._listening])

    async def _listen(self) -> None:
        try:
            while True:
                try:
                    answer = await self._connection.read_response(timeout=math.inf)
                except ResponseError as refusal:
                    self._settle(refusal)
                else:
                    self._settle(answer)
        except (RedisError, OSError) as error:
            self._break(error)
        finally:
            await self._connection.disconnect(nowait=True)

    def _settle(self, answer: Any) -> None:
        _, answered = self._waiting.popleft()
        if answered.done():
            # Who asked has given up.
            return
        if isinstance(answer, ResponseError):
            answered.set_exception(answer)
        else:
            answered.set_result(answer)

    def _break(self, error: Exception) -> None:
        """Nothing comes any more: what was sent may be done, or not."""
        self.is_over = True
        waiting, self._waiting = self._waiting, deque()
        for _, answered in waiting:
            if not answered.done():
                answered.set_exception(error)
        if self._look is not None:
            self._look.cancel()
            self._look = None

    def _look_later(self) -> None:
        # One look for all: a timer for each call would cost as much as the call.
        self._look = self._loop.call_later(self._seconds_max / LOOKS, self._look_now)

    def _look_now(self) -> None:
        self._look = None
        if not self._waiting:
            return
        if self._loop.time() >= self._waiting[0][0]:
            silent = f"no answer in {self._seconds_max:g} s"
            self._break(StoreUnavailable("redis", silent))
            self._listening.cancel()
            return
        self._look_later()
