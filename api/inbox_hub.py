"""One listener to the bell of the inboxes for all streams of a process."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from api.problems import Unavailable
from api.stream_places import StreamPlaces
from stores.inbox_contract import InboxBell
from stores.unavailable import StoreUnavailable

logger = logging.getLogger(__name__)

KIND: Final = "inbox"
LISTEN_SECONDS: Final = 1.0
RETRY_SECONDS: Final = 1.0


class InboxHub:
    """Listens from the first stream on, and only for members who have one."""

    def __init__(self, bell: InboxBell, places: StreamPlaces) -> None:
        """Listen to nobody before somebody asks."""
        self._bell = bell
        self._places = places
        self._rung: dict[str, set[asyncio.Event]] = {}
        self._listening: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def subscribed(self, member_id: str) -> AsyncIterator[asyncio.Event]:
        """
        Have an event that is set whenever the inbox may have changed.

        Raises: TooManyStreams of the member; Unavailable.
        """
        with self._places.taken(KIND, member_id):
            rung = asyncio.Event()
            self._rung.setdefault(member_id, set()).add(rung)
            try:
                await self._watch(member_id)
                yield rung
            finally:
                self._rung[member_id].discard(rung)
                if not self._rung[member_id]:
                    del self._rung[member_id]
                    await self._leave(member_id)

    async def close(self) -> None:
        """Stop listening."""
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.wait([self._listening])
        await self._bell.close()

    async def _watch(self, member_id: str) -> None:
        try:
            await self._bell.watch(member_id)
        except StoreUnavailable as error:
            raise Unavailable("redis does not answer; try again") from error
        if self._listening is None or self._listening.done():
            self._listening = asyncio.create_task(self._listen(), name="inbox bell")

    async def _leave(self, member_id: str) -> None:
        try:
            await self._bell.leave(member_id)
            if member_id in self._rung:
                # Somebody came meanwhile.
                await self._bell.watch(member_id)
        except StoreUnavailable as error:
            # Then a ring more is heard, by nobody.
            logger.warning("bell unavailable", extra={"reason": str(error)})

    async def _listen(self) -> None:
        while True:
            try:
                member_id = await self._bell.next(LISTEN_SECONDS)
            except StoreUnavailable as error:
                logger.warning("bell unavailable", extra={"reason": str(error)})
                await asyncio.sleep(RETRY_SECONDS)
                # What rang meanwhile was not heard.
                for name in self._rung:
                    self._ring(name)
                continue
            if member_id is not None:
                self._ring(member_id)

    def _ring(self, member_id: str) -> None:
        for rung in self._rung.get(member_id, ()):
            rung.set()
