"""The feed of members' new versions as a stream in Redis; the views' write fills it."""

from collections.abc import Sequence
from typing import cast

import redis.asyncio as redis

from stores.member_feed_contract import FEED_READ_MAX, FeedEntry
from stores.redis_pool import redis_answers, redis_pool

_Raw = tuple[bytes, dict[bytes, bytes]]


def feed_key(app_id: str) -> str:
    """Key of an engine's feed."""
    return f"{app_id}:feed"


class RedisMemberFeed:
    """Reads the feed; one call at a time needs one connection."""

    def __init__(self, url: str, app_id: str) -> None:
        """Connect when first used."""
        self._key = feed_key(app_id)
        self._redis = redis.Redis.from_pool(redis_pool(url))

    async def read(self, after: str, *, wait_seconds: float) -> Sequence[FeedEntry]:
        """Entries after a place, at most FEED_READ_MAX; waits for a first one."""
        with redis_answers():
            found = await self._redis.xread(
                {self._key: after},
                count=FEED_READ_MAX,
                block=max(int(wait_seconds * 1000), 1),
            )
        # The client speaks RESP2: streams with their entries, in a list.
        assert isinstance(found, list)
        streams = cast("list[tuple[bytes, list[_Raw]]]", found)
        return [_entry(*one) for _, entries in streams for one in entries]

    async def close(self) -> None:
        """Let go of the connection."""
        await self._redis.aclose()


def _entry(place: bytes, fields: dict[bytes, bytes]) -> FeedEntry:
    return FeedEntry(
        place.decode(),
        fields[b"member"].decode(),
        int(fields[b"version"]),
        int(fields[b"since"]),
        fields[b"news"],
    )
