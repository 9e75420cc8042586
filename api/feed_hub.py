"""One reader of the feed for all streams of a process."""

import asyncio
import logging
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from api.problems import Unavailable
from api.stream_places import StreamPlaces
from stores.member_feed_contract import (
    FEED_LENGTH_MAX,
    FEED_MS_MAX,
    FEED_READ_MAX,
    FEED_START,
    GONE,
    FeedEntry,
    MemberFeed,
)
from stores.unavailable import StoreUnavailable

logger = logging.getLogger(__name__)

KIND: Final = "member"
# Versions that wait for a reader who is slow.
WAITING_MAX: Final = 64
READ_SECONDS: Final = 1.0
RETRY_SECONDS: Final = 1.0
READY_SECONDS_MAX: Final = 5.0
# While the feed is behind, nobody is waited for.
CATCH_UP_SECONDS: Final = 0.01


class Subscription:
    """New versions of one member as they come; whoever is slow misses some."""

    def __init__(self) -> None:
        """Nothing has come."""
        self._waiting: asyncio.Queue[FeedEntry] = asyncio.Queue(WAITING_MAX)
        self.is_lost = False

    def give(self, entry: FeedEntry) -> None:
        """Let it have a version, unless too many wait already."""
        try:
            self._waiting.put_nowait(entry)
        except asyncio.QueueFull:
            self.is_lost = True

    async def next(self, wait_seconds: float) -> FeedEntry | None:
        """Next version; None when there is none in time."""
        try:
            async with asyncio.timeout(wait_seconds):
                return await self._waiting.get()
        except TimeoutError:
            return None


class FeedHub:
    """Follows the feed from its first reader on, and holds as much of it as it does."""

    def __init__(self, feed: MemberFeed, places: StreamPlaces) -> None:
        """Read nothing before somebody asks."""
        self._feed = feed
        self._places = places
        self._subscribed: dict[str, list[Subscription]] = {}
        self._entries: deque[FeedEntry] = deque()
        self._of: dict[str, deque[FeedEntry]] = {}
        self._following: asyncio.Task[None] | None = None
        self._is_ready = asyncio.Event()

    @contextmanager
    def subscribed(self, member_id: str) -> Iterator[Subscription]:
        """
        Hear of a member.

        Raises: TooManyStreams of the member; Unavailable when the process is full.
        """
        with self._places.taken(KIND, member_id):
            self._start()
            one = Subscription()
            self._subscribed.setdefault(member_id, []).append(one)
            try:
                yield one
            finally:
                self._leave(member_id, one)

    async def ready(self) -> None:
        """
        Wait until the feed is read to its end.

        Raises: Unavailable.
        """
        try:
            async with asyncio.timeout(READY_SECONDS_MAX):
                await self._is_ready.wait()
        except TimeoutError as error:
            raise Unavailable("redis does not answer; try again") from error

    def after(self, member_id: str, version: int) -> Sequence[FeedEntry]:
        """Versions of a member after one, as far as the feed has them."""
        return [one for one in self._of.get(member_id, ()) if one.version > version]

    async def close(self) -> None:
        """Stop following."""
        if self._following is not None:
            self._following.cancel()
            await asyncio.wait([self._following])
        await self._feed.close()

    def _leave(self, member_id: str, one: Subscription) -> None:
        rest = [other for other in self._subscribed[member_id] if other is not one]
        if rest:
            self._subscribed[member_id] = rest
        else:
            del self._subscribed[member_id]

    def _start(self) -> None:
        if self._following is None or self._following.done():
            self._entries.clear()
            self._of.clear()
            self._is_ready = asyncio.Event()
            self._following = asyncio.create_task(self._follow(), name="feed")

    async def _follow(self) -> None:
        place = FEED_START
        while True:
            wait = READ_SECONDS if self._is_ready.is_set() else CATCH_UP_SECONDS
            try:
                entries = await self._feed.read(place, wait_seconds=wait)
            except StoreUnavailable as error:
                logger.warning("feed unavailable", extra={"reason": str(error)})
                await asyncio.sleep(RETRY_SECONDS)
                continue
            for entry in entries:
                self._take(entry)
                place = entry.place
            if len(entries) < FEED_READ_MAX:
                self._is_ready.set()

    def _take(self, entry: FeedEntry) -> None:
        if entry.news == GONE and entry.member_id in self._of:
            # Who is forgotten is forgotten here too.
            del self._of[entry.member_id]
            self._entries = deque(
                one for one in self._entries if one.member_id != entry.member_id
            )
        self._entries.append(entry)
        self._of.setdefault(entry.member_id, deque()).append(entry)
        oldest_at = _at(entry) - FEED_MS_MAX
        while len(self._entries) > FEED_LENGTH_MAX or _at(self._entries[0]) < oldest_at:
            oldest = self._entries.popleft().member_id
            self._of[oldest].popleft()
            if not self._of[oldest]:
                del self._of[oldest]
        for one in self._subscribed.get(entry.member_id, ()):
            one.give(entry)


def _at(entry: FeedEntry) -> int:
    """When an entry was written, in ms since 1970: places begin with it."""
    return int(entry.place.partition("-")[0])
