"""A ring for results of commands: so that nobody has to look again and again."""

import asyncio
from collections.abc import Sequence
from typing import Any, Final, Protocol

import msgspec
import redis.asyncio as redis

from stores.member_views_contract import ResultWrite
from stores.redis_pool import redis_answers, redis_pool
from stores.unavailable import StoreUnavailable

CONFIRM_SECONDS: Final = 1.0


class ResultBell(Protocol):
    """
    Hears which commands have a result; a call that cannot be: StoreUnavailable.

    A ring may be lost with its connection: who waits still looks, now and then.
    """

    async def listen(self) -> None:
        """Hear of all results from now on."""

    async def next(self, wait_seconds: float) -> Sequence[str]:
        """Commands that have a result now; none of them when nothing rang in time."""

    async def close(self) -> None:
        """Let go of the connection."""


class RedisResultBell:
    """Hears of results by one connection; the results' own write rings."""

    def __init__(self, url: str, app_id: str) -> None:
        """Connect when first used."""
        self._key = bell_key(app_id)
        self._redis: Any = redis.Redis.from_pool(redis_pool(url))
        self._heard: Any = self._redis.pubsub(ignore_subscribe_messages=True)

    async def listen(self) -> None:
        """Hear of all results from now on."""
        with redis_answers():
            await self._heard.subscribe(self._key)
            # Its confirmation: from then on nothing is missed.
            await self._heard.get_message(timeout=CONFIRM_SECONDS)

    async def next(self, wait_seconds: float) -> Sequence[str]:
        """Commands that have a result now; none of them when nothing rang in time."""
        with redis_answers():
            message = await self._heard.get_message(timeout=wait_seconds)
        return () if message is None else _DECODER.decode(message["data"])

    async def close(self) -> None:
        """Let go of the connection."""
        await self._heard.aclose()
        await self._redis.aclose()


class MemoryResultBell:
    """The twin in memory: rung by the twin of the views."""

    def __init__(self) -> None:
        """Nobody listens yet."""
        self._rung: asyncio.Queue[list[str]] | None = None
        self.is_available = True

    def ring(self, results: Sequence[ResultWrite]) -> None:
        """Say that commands have a result."""
        if self._rung is not None and results:
            self._rung.put_nowait(_DECODER.decode(ring_of(results)))

    async def listen(self) -> None:
        """Hear of all results from now on."""
        if not self.is_available:
            raise StoreUnavailable("redis", "switched off by a test")
        self._rung = asyncio.Queue()

    async def next(self, wait_seconds: float) -> Sequence[str]:
        """Commands that have a result now; none of them when nothing rang in time."""
        if not self.is_available:
            raise StoreUnavailable("redis", "switched off by a test")
        assert self._rung is not None, "who hears has listened"
        try:
            async with asyncio.timeout(wait_seconds):
                return await self._rung.get()
        except TimeoutError:
            return ()

    async def close(self) -> None:
        """Take it down."""
        self._rung = None


def bell_key(app_id: str) -> str:
    """Channel on which an engine's results ring."""
    return f"{app_id}:results"


def ring_of(results: Sequence[ResultWrite]) -> bytes:
    """What rings for some results: their commands, for the first result stays."""
    return _ENCODER.encode([command_id for command_id, _ in results])


_ENCODER: Final = msgspec.json.Encoder()
_DECODER: Final = msgspec.json.Decoder(list[str])
