"""The twin of the feed in memory: the twin of the views fills it."""

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from typing import Final

from stores.member_feed_contract import FEED_LENGTH_MAX, FEED_READ_MAX, FeedEntry
from stores.member_views_contract import ViewWrite
from stores.unavailable import StoreUnavailable

LOOK_SECONDS: Final = 0.005


class MemoryMemberFeed:
    """The twin in memory: same contract, for tests and for trying out."""

    def __init__(self) -> None:
        """Have told nothing."""
        self.entries: deque[FeedEntry] = deque(maxlen=FEED_LENGTH_MAX)
        self.is_available = True
        self._told = 0

    def tell(self, write: ViewWrite, since: int) -> None:
        """Add what was written, if it is to be told."""
        if write.news:
            self._told += 1
            self.entries.append(
                FeedEntry(
                    f"{self._told}-0",
                    write.member_id,
                    write.version,
                    since,
                    write.news,
                )
            )

    async def read(self, after: str, *, wait_seconds: float) -> Sequence[FeedEntry]:
        """Entries after a place, at most FEED_READ_MAX; waits for a first one."""
        ends_at = time.monotonic() + wait_seconds
        while True:
            if not self.is_available:
                raise StoreUnavailable("redis", "switched off by a test")
            found = [one for one in self.entries if _number(one.place) > _number(after)]
            if found or time.monotonic() >= ends_at:
                return found[:FEED_READ_MAX]
            # It is asked by more than one loop, so that none can be woken.
            await asyncio.sleep(LOOK_SECONDS)

    async def close(self) -> None:
        """Nothing to let go of."""


def _number(place: str) -> int:
    return int(place.partition("-")[0])
