"""Sealed e-mail addresses in Redis or Valkey, a key a member."""

from typing import Any

import redis.asyncio as redis

from stores.redis_pool import redis_answers, redis_pool


class RedisEmailAddresses:
    """Sealed addresses in Redis or Valkey: without the key they say nothing."""

    def __init__(self, url: str, app_id: str) -> None:
        """Connect when first used."""
        self._prefix = f"{app_id}:email:"
        self._redis: Any = redis.Redis.from_pool(redis_pool(url))

    async def put(self, member_id: str, sealed: str) -> None:
        """Keep an address in place of the one before."""
        with redis_answers():
            await self._redis.set(self._prefix + member_id, sealed)

    async def get(self, member_id: str) -> str | None:
        """Sealed address of a member, None if there is none."""
        with redis_answers():
            found = await self._redis.get(self._prefix + member_id)
        return None if found is None else found.decode()

    async def forget(self, member_id: str) -> bool:
        """Erase an address; False when there was none."""
        with redis_answers():
            return bool(await self._redis.delete(self._prefix + member_id))

    async def close(self) -> None:
        """Let go of all connections."""
        await self._redis.aclose()
