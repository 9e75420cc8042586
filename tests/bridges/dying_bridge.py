"""A bridge in that is killed between Kafka's word and its own: `python -m` this one."""

import asyncio
import os
import signal
from collections.abc import Sequence

from jobs.bridge import inward, until_told
from jobs.bridging.addresses import source_of
from jobs.bridging.ports import Received, Source
from runtime.settings import load_settings


class DyingSource:
    """A source whose acknowledgement never leaves the house."""

    def __init__(self, source: Source) -> None:
        self._source = source

    async def receive(self, limit: int, wait_seconds: float) -> list[Received]:
        return await self._source.receive(limit, wait_seconds)

    async def acknowledge(self, _: Sequence[Received]) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    async def hold(self, messages: Sequence[Received]) -> None:
        await self._source.hold(messages)

    async def release(self, messages: Sequence[Received]) -> None:
        await self._source.release(messages)

    async def close(self) -> None:
        await self._source.close()


if __name__ == "__main__":
    settings = load_settings()
    asyncio.run(until_told(inward(settings, DyingSource(source_of(settings)))))
