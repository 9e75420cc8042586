"""Endpoints of webhooks in Redis or Valkey: one hash holds them all."""

from typing import Any, Final

import msgspec
import redis.asyncio as redis

from stores.endpoints_contract import ENDPOINTS_MAX, Endpoint
from stores.redis_pool import redis_answers, redis_pool

# ARGV: id, document, most.
ADD: Final = """
if redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[3]) then
  return 0
end
return redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2])
"""
# ARGV: id, document, the former revision.
CHANGE: Final = """
local known = redis.call('HGET', KEYS[1], ARGV[1])
if not known or tostring(cjson.decode(known)['revision']) ~= ARGV[3] then
  return 0
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return 1
"""


class _Written(msgspec.Struct):
    """An endpoint with its revision by name, for the script."""

    revision: int
    endpoint: Endpoint


_ENCODER: Final = msgspec.json.Encoder()
_DECODER: Final = msgspec.json.Decoder(_Written)


class RedisEndpoints:
    """Endpoints in Redis or Valkey."""

    def __init__(self, url: str, app_id: str) -> None:
        """Connect when first used."""
        self._name = f"{app_id}:endpoints"
        self._redis: Any = redis.Redis.from_pool(redis_pool(url))
        self._add = self._redis.register_script(ADD)
        self._change = self._redis.register_script(CHANGE)

    async def all(self) -> tuple[Endpoint, ...]:
        """Every endpoint, oldest first; one round trip."""
        with redis_answers():
            found = await self._redis.hvals(self._name)
        endpoints = (_DECODER.decode(document).endpoint for document in found)
        return tuple(sorted(endpoints, key=lambda e: (e.created_at, e.endpoint_id)))

    async def find(self, endpoint_id: str) -> Endpoint | None:
        """An endpoint, None if there is none."""
        with redis_answers():
            document = await self._redis.hget(self._name, endpoint_id)
        return None if document is None else _DECODER.decode(document).endpoint

    async def add(self, endpoint: Endpoint) -> bool:
        """Keep a new endpoint; False when there are too many."""
        return await self._run(self._add, endpoint, ENDPOINTS_MAX)

    async def change(self, endpoint: Endpoint) -> bool:
        """Put an endpoint in the place of its former revision."""
        return await self._run(self._change, endpoint, endpoint.revision - 1)

    async def remove(self, endpoint_id: str) -> bool:
        """Forget an endpoint; False when it was not there."""
        with redis_answers():
            return bool(await self._redis.hdel(self._name, endpoint_id))

    async def close(self) -> None:
        """Let go of all connections."""
        await self._redis.aclose()

    async def _run(self, script: Any, endpoint: Endpoint, number: int) -> bool:
        document = _ENCODER.encode(_Written(endpoint.revision, endpoint))
        with redis_answers():
            return bool(
                await script([self._name], [endpoint.endpoint_id, document, number])
            )
