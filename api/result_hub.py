"""One listener to the bell of results for all requests of a process that wait."""

import asyncio
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from stores.result_bell import ResultBell
from stores.unavailable import StoreUnavailable

logger = logging.getLogger(__name__)

LISTEN_SECONDS: Final = 1.0
RETRY_SECONDS: Final = 1.0


class Ring:
    """Whether a command has a result, for one who waits; it may ring in vain."""

    def __init__(self) -> None:
        """Nothing rang yet."""
        self._is_rung = False
        self._waiting: asyncio.Future[None] | None = None

    def ring(self) -> None:
        """Wake who waits, now or next time."""
        self._is_rung = True
        self._wake()

    async def wait(self, seconds: float) -> None:
        """Until it rings, or for so long."""
        if not self._is_rung:
            loop = asyncio.get_running_loop()
            self._waiting = loop.create_future()
            late = loop.call_later(seconds, self._wake)
            try:
                await self._waiting
            finally:
                late.cancel()
                self._waiting = None
        self._is_rung = False

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)


class ResultHub:
    """Listens from the first command on; `is_heard` tells whether rings come."""

    def __init__(self, bell: ResultBell) -> None:
        """Listen to nothing before somebody waits."""
        self._bell = bell
        self._rings: dict[str, set[Ring]] = {}
        self._listening: asyncio.Task[None] | None = None
        self.is_heard = False

    @contextmanager
    def waited(self, command_id: str) -> Iterator[Ring]:
        """Have what rings when a command has a result; from before it is sent."""
        if self._listening is None or self._listening.done():
            self.is_heard = False
            self._listening = asyncio.create_task(self._listen(), name="result bell")
        ring = Ring()
        rings = self._rings.setdefault(command_id, set())
        rings.add(ring)
        try:
            yield ring
        finally:
            rings.discard(ring)
            if not rings:
                self._rings.pop(command_id, None)

    async def close(self) -> None:
        """Stop listening."""
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.wait([self._listening])
        await self._bell.close()

    async def _listen(self) -> None:
        while True:
            try:
                await self._bell.listen()
                self.is_heard = True
                # What rang before was not heard.
                self._ring(list(self._rings))
                while True:
                    self._ring(await self._bell.next(LISTEN_SECONDS))
            except StoreUnavailable as error:
                self.is_heard = False
                logger.warning("result bell unavailable", extra={"reason": str(error)})
                await asyncio.sleep(RETRY_SECONDS)

    def _ring(self, command_ids: Sequence[str]) -> None:
        for command_id in command_ids:
            for ring in self._rings.get(command_id, ()):
                ring.ring()
