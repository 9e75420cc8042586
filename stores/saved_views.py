"""Pages of the console that somebody wants to find again: a name and an address."""

from typing import Any, Final, NamedTuple, Protocol, cast

import msgspec
import redis.asyncio as redis

from stores.redis_pool import redis_answers, redis_pool
from stores.unavailable import StoreUnavailable

# Of one person; the next one is refused until another is given up.
VIEWS_MAX: Final = 50

_KEEP: Final = """
if redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[3])
    and redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then
  return 0
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return 1
"""


class SavedView(NamedTuple):
    """A page by its address within the console; `view_id` is unique to a person."""

    view_id: str
    name: str
    address: str


class SavedViews(Protocol):
    """Views by whose they are; a call that cannot be done now: StoreUnavailable."""

    async def all_of(self, subject: str) -> list[SavedView]:
        """Views of somebody, by name, then by id."""

    async def keep(self, subject: str, view: SavedView) -> bool:
        """Keep a view, in place of the one of its id; False if there is no room."""

    async def drop(self, subject: str, view_id: str) -> None:
        """Give up a view, if it is there."""

    async def close(self) -> None:
        """Let go of all connections."""


class RedisSavedViews:
    """Views in Redis or Valkey, a hash for each person."""

    def __init__(self, url: str, app_id: str) -> None:
        """Connect when first used."""
        self._prefix = f"{app_id}:saved-views:"
        self._redis = redis.Redis.from_pool(redis_pool(url))
        self._keep = self._redis.register_script(_KEEP)

    async def all_of(self, subject: str) -> list[SavedView]:
        """Views of somebody, by name, then by id."""
        with redis_answers():
            found = await cast("Any", self._redis.hvals(self._prefix + subject))
        return _in_order([_DECODER.decode(one) for one in found])

    async def keep(self, subject: str, view: SavedView) -> bool:
        """Keep a view, in place of the one of its id; False if there is no room."""
        values = (view.view_id, _ENCODER.encode(view), VIEWS_MAX)
        with redis_answers():
            kept = await self._keep(keys=[self._prefix + subject], args=list(values))
        return bool(kept)

    async def drop(self, subject: str, view_id: str) -> None:
        """Give up a view, if it is there."""
        with redis_answers():
            await cast("Any", self._redis.hdel(self._prefix + subject, view_id))

    async def close(self) -> None:
        """Let go of all connections."""
        await self._redis.aclose()


class MemorySavedViews:
    """The twin in memory: same contract, for tests and for trying out."""

    def __init__(self) -> None:
        """Hold nothing."""
        self._views: dict[str, dict[str, SavedView]] = {}
        self.is_available = True

    async def all_of(self, subject: str) -> list[SavedView]:
        """Views of somebody, by name, then by id."""
        return _in_order(list(self._of(subject).values()))

    async def keep(self, subject: str, view: SavedView) -> bool:
        """Keep a view, in place of the one of its id; False if there is no room."""
        views = self._of(subject)
        if len(views) >= VIEWS_MAX and view.view_id not in views:
            return False
        views[view.view_id] = view
        return True

    async def drop(self, subject: str, view_id: str) -> None:
        """Give up a view, if it is there."""
        self._of(subject).pop(view_id, None)

    async def close(self) -> None:
        """Nothing to let go of."""

    def _of(self, subject: str) -> dict[str, SavedView]:
        if not self.is_available:
            raise StoreUnavailable("redis", "switched off by a test")
        return self._views.setdefault(subject, {})


def _in_order(views: list[SavedView]) -> list[SavedView]:
    return sorted(views, key=lambda view: (view.name, view.view_id))


_ENCODER: Final = msgspec.json.Encoder()
_DECODER: Final = msgspec.json.Decoder(SavedView)
