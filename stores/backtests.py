"""The queue of backtests in Redis or Valkey, each under its own key."""

from typing import Any, Final

import msgspec
import redis.asyncio as redis
from redis.exceptions import WatchError

from stores.backtests_contract import (
    LISTED_MAX,
    QUEUE_MAX,
    Advance,
    Backtest,
    Change,
    cancelled,
    kept,
    left,
    over,
    taken,
)
from stores.redis_pool import redis_answers, redis_pool
from stores.unavailable import StoreUnavailable

DAY_SECONDS: Final = 86_400
# Two processes change one backtest: one of them looks again.
TRIES_MAX: Final = 20


class RedisBacktests:
    """Backtests in Redis; a change is made to what was read, or not at all."""

    def __init__(self, url: str, app_id: str, *, kept_days: int) -> None:
        """Connect when first used."""
        self._prefix = f"{app_id}:backtest"
        self._ttl_seconds = kept_days * DAY_SECONDS
        # Its types do not say what a transaction answers.
        self._redis: Any = redis.Redis.from_pool(redis_pool(url))

    async def submit(self, backtest: Backtest) -> bool:
        """Queue a backtest; False when too many wait."""
        queue, name = f"{self._prefix}s:active", self._name(backtest.backtest_id)
        with redis_answers():
            for _ in range(TRIES_MAX):
                async with self._redis.pipeline() as pipe:
                    await pipe.watch(queue)
                    if await pipe.zcard(queue) >= QUEUE_MAX:
                        return False
                    pipe.multi()
                    pipe.set(name, _ENCODER.encode(backtest), ex=self._ttl_seconds)
                    pipe.zadd(queue, {backtest.backtest_id: backtest.created_at})
                    listed = f"{self._prefix}s:all"
                    pipe.zadd(listed, {backtest.backtest_id: backtest.created_at})
                    pipe.zremrangebyrank(listed, 0, -LISTED_MAX - 1)
                    try:
                        await pipe.execute()
                    except WatchError:
                        continue
                    return True
        raise StoreUnavailable("redis", "too many submit backtests at once")

    async def find(self, backtest_id: str) -> Backtest | None:
        """A backtest, None if there is none or it is too long ago."""
        document = await self._get(self._name(backtest_id))
        return None if document is None else _DECODER.decode(document)

    async def findings(self, backtest_id: str) -> dict[str, Any] | None:
        """What a finished backtest found."""
        document = await self._get(f"{self._name(backtest_id)}:findings")
        return None if document is None else _FINDINGS.decode(document)

    async def checkpoint(self, backtest_id: str) -> bytes | None:
        """Where a backtest was left by whoever ran it last."""
        return await self._get(f"{self._name(backtest_id)}:checkpoint")

    async def page(self, *, before: int | None, limit: int) -> list[Backtest]:
        """Newest backtests, or those created before a time."""
        end = "+inf" if before is None else f"({before}"
        with redis_answers():
            ids = await self._redis.zrevrangebyscore(
                f"{self._prefix}s:all", end, "-inf", start=0, num=limit
            )
            if not ids:
                return []
            documents = await self._redis.mget([self._name(i.decode()) for i in ids])
        return [_DECODER.decode(one) for one in documents if one is not None]

    async def cancel(self, backtest_id: str, now: int) -> Backtest | None:
        """Cancel what is not over; return how it stands then."""
        changed = await self._change(backtest_id, lambda known: cancelled(known, now))
        return changed or await self.find(backtest_id)

    async def take(self, lease: str, now: int) -> Backtest | None:
        """Take the oldest that waits or was left; None while another one runs."""
        for _ in range(QUEUE_MAX):
            with redis_answers():
                oldest = await self._redis.zrange(f"{self._prefix}s:active", 0, 0)
            if not oldest:
                return None
            backtest_id = oldest[0].decode()
            changed = await self._change(
                backtest_id, lambda known: taken(known, lease, now)
            )
            if changed is not None and not changed.is_over:
                return changed
            known = changed or await self.find(backtest_id)
            if known is not None and not known.is_over:
                return None
            # It is over, or was kept too long: the next one.
            await self._forget(backtest_id)
        return None

    async def keep(self, held: Backtest, advance: Advance, now: int) -> bool:
        """Renew a lease and tell how far it is; False when it is not ours any more."""
        more = {}
        if advance.checkpoint is not None:
            more["checkpoint"] = advance.checkpoint
        changed = await self._change(
            held.backtest_id,
            lambda known: kept(known, held.lease, advance, now=now),
            more,
        )
        return changed is not None

    async def leave(self, held: Backtest) -> bool:
        """Let go of a lease, for the next one to go on; False when it is not ours."""
        changed = await self._change(
            held.backtest_id, lambda known: left(known, held.lease)
        )
        return changed is not None

    async def end(self, held: Backtest, ended: Backtest, document: bytes) -> bool:
        """End a backtest that is still ours, with its findings (empty for none)."""
        more = {"findings": document} if document else {}
        changed = await self._change(
            held.backtest_id, lambda known: over(known, held.lease, ended), more
        )
        return changed is not None

    async def close(self) -> None:
        """Let go of all connections."""
        await self._redis.aclose()

    def _name(self, backtest_id: str) -> str:
        return f"{self._prefix}:{backtest_id}"

    async def _get(self, name: str) -> bytes | None:
        with redis_answers():
            found = await self._redis.get(name)
        return found if isinstance(found, bytes) else None

    async def _change(
        self, backtest_id: str, change: Change, more: dict[str, bytes] | None = None
    ) -> Backtest | None:
        """Change one and write what belongs to it; None when there is nothing to."""
        name = self._name(backtest_id)
        with redis_answers():
            for _ in range(TRIES_MAX):
                async with self._redis.pipeline() as pipe:
                    await pipe.watch(name)
                    document = await pipe.get(name)
                    known = None if document is None else _DECODER.decode(document)
                    changed = None if known is None else change(known)
                    if changed is None:
                        return None
                    self._write(pipe, changed, more or {})
                    try:
                        await pipe.execute()
                    except WatchError:
                        continue
                    return changed
        raise StoreUnavailable("redis", "too many change one backtest at once")

    def _write(self, pipe: Any, changed: Backtest, more: dict[str, bytes]) -> None:
        name = self._name(changed.backtest_id)
        pipe.multi()
        pipe.set(name, _ENCODER.encode(changed), ex=self._ttl_seconds)
        for part, document in more.items():
            pipe.set(f"{name}:{part}", document, ex=self._ttl_seconds)
        if changed.is_over:
            pipe.delete(f"{name}:checkpoint")
            pipe.zrem(f"{self._prefix}s:active", changed.backtest_id)

    async def _forget(self, backtest_id: str) -> None:
        with redis_answers():
            await self._redis.zrem(f"{self._prefix}s:active", backtest_id)


_ENCODER: Final = msgspec.json.Encoder()
_DECODER: Final = msgspec.json.Decoder(Backtest)
_FINDINGS: Final = msgspec.json.Decoder(dict[str, Any])
