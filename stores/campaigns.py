"""Campaigns in Redis or Valkey: a document each, a list of all, and the active ones."""

from typing import Any, Final

import msgspec
import redis.asyncio as redis
from redis.exceptions import WatchError

from stores.campaigns_contract import (
    ACTIVE,
    KEPT_SECONDS,
    LISTED_MAX,
    Campaign,
    Change,
)
from stores.redis_pool import redis_answers, redis_pool
from stores.unavailable import StoreUnavailable

# Two processes change one campaign: one of them looks again.
TRIES_MAX: Final = 20


class RedisCampaigns:
    """Campaigns in Redis; a change is made to what was read, or not at all."""

    def __init__(self, url: str, app_id: str) -> None:
        """Connect when first used."""
        self._prefix = f"{app_id}:campaign"
        # Its types do not say what a transaction answers.
        self._redis: Any = redis.Redis.from_pool(redis_pool(url))

    async def create(self, campaign: Campaign) -> Campaign | None:
        """Keep a new campaign; return the one that is there if its id is taken."""
        name = self._name(campaign.campaign_id)
        with redis_answers():
            known = await self._redis.set(
                name, _ENCODER.encode(campaign), nx=True, get=True, ex=KEPT_SECONDS
            )
            # Also for one that is known: whoever kept it may have died before this.
            found = campaign if known is None else _DECODER.decode(known)
            async with self._redis.pipeline() as pipe:
                pipe.zadd(self._all, {found.campaign_id: found.created_at})
                pipe.zremrangebyrank(self._all, 0, -LISTED_MAX - 1)
                if found.state in ACTIVE:
                    pipe.sadd(self._active, found.campaign_id)
                await pipe.execute()
        return None if known is None else found

    async def find(self, campaign_id: str) -> Campaign | None:
        """A campaign, None if there is none or it is too long ago."""
        with redis_answers():
            found = await self._redis.get(self._name(campaign_id))
        return None if found is None else _DECODER.decode(found)

    async def page(
        self, *, before: tuple[int, str] | None, limit: int
    ) -> list[Campaign]:
        """Newest campaigns, or those before one's time of creation and id."""
        end = "+inf" if before is None else str(before[0])
        with redis_answers():
            rows = await self._redis.zrevrangebyscore(
                self._all, end, "-inf", withscores=True
            )
            places = [(int(score), name.decode()) for name, score in rows]
            chosen = [one for one in places if before is None or one < before][:limit]
            if not chosen:
                return []
            found = await self._redis.mget([self._name(name) for _, name in chosen])
        return [_DECODER.decode(one) for one in found if one is not None]

    async def count_active(self) -> int:
        """How many are scheduled, run or pause."""
        with redis_answers():
            return int(await self._redis.scard(self._active))

    async def change(self, campaign_id: str, change: Change) -> Campaign | None:
        """Change one as it stands now; None when it is not there, or is not changed."""
        name = self._name(campaign_id)
        with redis_answers():
            for _ in range(TRIES_MAX):
                async with self._redis.pipeline() as pipe:
                    await pipe.watch(name)
                    document = await pipe.get(name)
                    known = None if document is None else _DECODER.decode(document)
                    changed = None if known is None else change(known)
                    if changed is None:
                        return None
                    self._write(pipe, changed)
                    try:
                        await pipe.execute()
                    except WatchError:
                        continue
                    return changed
        raise StoreUnavailable("redis", "too many change one campaign at once")

    async def due(self, now: int) -> list[Campaign]:
        """Those that somebody might run at a time, the first to start first."""
        with redis_answers():
            ids = [one.decode() for one in await self._redis.smembers(self._active)]
            if not ids:
                return []
            documents = await self._redis.mget([self._name(one) for one in ids])
            gone = [n for n, one in zip(ids, documents, strict=True) if one is None]
            if gone:
                await self._redis.srem(self._active, *gone)
        found = [_DECODER.decode(one) for one in documents if one is not None]
        due = [one for one in found if one.plan.starts_at <= now]
        return sorted(due, key=lambda one: (one.plan.starts_at, one.campaign_id))

    async def close(self) -> None:
        """Let go of all connections."""
        await self._redis.aclose()

    @property
    def _all(self) -> str:
        return f"{self._prefix}s:all"

    @property
    def _active(self) -> str:
        return f"{self._prefix}s:active"

    def _name(self, campaign_id: str) -> str:
        return f"{self._prefix}:{campaign_id}"

    def _write(self, pipe: Any, changed: Campaign) -> None:
        pipe.multi()
        name, campaign_id = self._name(changed.campaign_id), changed.campaign_id
        pipe.set(name, _ENCODER.encode(changed), ex=KEPT_SECONDS)
        if changed.state in ACTIVE:
            pipe.sadd(self._active, campaign_id)
        else:
            pipe.srem(self._active, campaign_id)


_ENCODER: Final = msgspec.json.Encoder()
_DECODER: Final = msgspec.json.Decoder(Campaign)
