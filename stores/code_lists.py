"""Uploaded codes in Redis or Valkey: a hash by number a pool, one of all by code."""

from collections.abc import Awaitable, Sequence
from typing import Any, Final, cast

import redis.asyncio as redis

from stores.code_lists_contract import CodeEntry, CodePlace
from stores.redis_pool import redis_answers, redis_pool

# KEYS: codes of the pool by number, places of all codes. ARGV: the pool, the first
# number, then each code as shown and as compared.
ADD: Final = """
local first, in_the_way, seen = tonumber(ARGV[2]), {}, {}
for at = 3, #ARGV, 2 do
  local place = (at - 3) / 2
  local number = first + place
  local known = redis.call('HGET', KEYS[1], number)
  local stands = redis.call('HGET', KEYS[2], ARGV[at + 1])
  local here = number .. '/' .. ARGV[1]
  if (known and known ~= ARGV[at]) or (stands and stands ~= here)
      or seen[ARGV[at + 1]] then
    in_the_way[#in_the_way + 1] = place
  end
  seen[ARGV[at + 1]] = true
end
if #in_the_way == 0 then
  for at = 3, #ARGV, 2 do
    local number = first + (at - 3) / 2
    redis.call('HSET', KEYS[1], number, ARGV[at])
    redis.call('HSET', KEYS[2], ARGV[at + 1], number .. '/' .. ARGV[1])
  end
end
return in_the_way
"""


class RedisCodeLists:
    """Codes in Redis; the script needs one server, as all else here."""

    def __init__(self, url: str, app_id: str) -> None:
        """Connect when first used."""
        self._pool_prefix = f"{app_id}:codes:"
        self._places = f"{app_id}:code-places"
        self._redis = redis.Redis.from_pool(redis_pool(url))
        self._add = self._redis.register_script(ADD)

    async def add(
        self, pool_id: str, first: int, codes: Sequence[CodeEntry]
    ) -> list[int]:
        """Let codes have the numbers from `first` on, all or none."""
        arguments: list[Any] = [pool_id, first]
        for code in codes:
            arguments += code
        keys = [self._pool_prefix + pool_id, self._places]
        return [int(place) for place in await _done(self._add(keys, arguments))]

    async def codes_of(self, pool_id: str, numbers: Sequence[int]) -> list[str | None]:
        """Codes of some numbers, None where there is none yet; one round trip."""
        if not numbers:
            return []
        names = [str(number) for number in numbers]
        found = await _done(self._redis.hmget(self._pool_prefix + pool_id, names))
        return [None if code is None else code.decode() for code in found]

    async def find(self, plain: str) -> CodePlace | None:
        """Where a code stands, None if nowhere; one round trip."""
        found = await _done(self._redis.hget(self._places, plain))
        if found is None:
            return None
        number, _, pool_id = found.decode().partition("/")
        return CodePlace(pool_id, int(number))

    async def count(self, pool_id: str) -> int:
        """How many codes a pool has."""
        return int(await _done(self._redis.hlen(self._pool_prefix + pool_id)))

    async def close(self) -> None:
        """Let go of all connections."""
        await self._redis.aclose()


async def _done(call: Any) -> Any:
    """What a call answers, or StoreUnavailable."""
    with redis_answers():
        return await cast("Awaitable[Any]", call)
