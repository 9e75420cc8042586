"""The controls of deliveries in Redis or Valkey: three hashes, read at each look."""

from typing import Any, Final

import msgspec
import redis.asyncio as redis

from stores.breaker import CLOSED, OPENED_MAX, Breaker
from stores.delivery_controls_contract import (
    SCOPES_MAX,
    TARGET_RULES,
    Controls,
    Stop,
)
from stores.outbox_contract import Pace
from stores.redis_pool import redis_answers, redis_pool

# A look must not wait for long: a stop holds within a second.
CALL_SECONDS_MAX: Final = 2.0

# ARGV: target, now, what the target asked for. The same as `stores.breaker.noted`.
FAIL: Final = f"""
local known = redis.call('HGET', KEYS[1], ARGV[1]) or '0:0:0'
local failures, opened, till = string.match(known, '(%d+):(%d+):(%d+)')
local now = tonumber(ARGV[2])
local was = tonumber(till)
failures, opened = tonumber(failures), tonumber(opened)
till = math.max(was, tonumber(ARGV[3]))
if now >= was then
  failures = failures + 1
  if failures >= {TARGET_RULES.failures_max} or opened > 0 then
    local shortest, longest = {TARGET_RULES.open_ms_min}, {TARGET_RULES.open_ms_max}
    local span = math.min(shortest * 2 ^ opened, longest)
    opened, till = math.min(opened + 1, {OPENED_MAX}), math.max(till, now + span)
  end
end
local text = string.format('%d:%d:%d', failures, opened, till)
redis.call('HSET', KEYS[1], ARGV[1], text)
return text
"""
# ARGV: scope, document, most.
SET: Final = """
local is_new = redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0
if is_new and redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[3]) then
  return 0
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return 1
"""
_ENCODER: Final = msgspec.json.Encoder()
_STOP: Final = msgspec.json.Decoder(Stop)
_PACE: Final = msgspec.json.Decoder(Pace)


class RedisDeliveryControls:
    """Stops, paces and breakers, the same for every dispatcher."""

    def __init__(self, url: str, app_id: str) -> None:
        """Connect when first used."""
        self._stops = f"{app_id}:dispatch:stops"
        self._paces = f"{app_id}:dispatch:paces"
        self._breakers = f"{app_id}:dispatch:breakers"
        self._redis: Any = redis.Redis.from_pool(
            redis_pool(url, call_seconds_max=CALL_SECONDS_MAX)
        )
        self._fail = self._redis.register_script(FAIL)
        self._set = self._redis.register_script(SET)

    async def read(self) -> Controls:
        """What holds back now; one round trip."""
        with redis_answers():
            async with self._redis.pipeline(transaction=False) as pipe:
                for name in (self._stops, self._paces, self._breakers):
                    pipe.hgetall(name)
                stops, paces, breakers = await pipe.execute()
        return Controls(
            {scope.decode(): _STOP.decode(value) for scope, value in stops.items()},
            {scope.decode(): _PACE.decode(value) for scope, value in paces.items()},
            {target.decode(): _breaker(value) for target, value in breakers.items()},
        )

    async def stop(self, stop: Stop) -> bool:
        """Stop a scope; False when there are too many."""
        return await self._put(self._stops, stop.scope, _ENCODER.encode(stop))

    async def start(self, scope: str) -> bool:
        """Start a scope again; False when it was not stopped."""
        return await self._drop(self._stops, scope)

    async def set_pace(self, pace: Pace) -> bool:
        """Pace a scope; False when there are too many."""
        return await self._put(self._paces, pace.scope, _ENCODER.encode(pace))

    async def drop_pace(self, scope: str) -> bool:
        """Let a scope run; False when it had no pace."""
        return await self._drop(self._paces, scope)

    async def note(
        self, target: str, *, succeeded: bool, now: int, wait_until: int = 0
    ) -> Breaker:
        """Tell how an attempt went; `wait_until` is what the target asked for."""
        if succeeded:
            await self._drop(self._breakers, target)
            return CLOSED
        with redis_answers():
            text = await self._fail([self._breakers], [target, now, wait_until])
        return _breaker(text)

    async def close(self) -> None:
        """Let go of all connections."""
        await self._redis.aclose()

    async def _put(self, name: str, scope: str, document: bytes) -> bool:
        with redis_answers():
            return bool(await self._set([name], [scope, document, SCOPES_MAX]))

    async def _drop(self, name: str, scope: str) -> bool:
        with redis_answers():
            return bool(await self._redis.hdel(name, scope))


def _breaker(text: bytes) -> Breaker:
    return Breaker(*(int(part) for part in text.decode().split(":")))
