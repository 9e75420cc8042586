"""Runs something with an empty store of either kind."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import redis

from local.stack import Stack

Use = Callable[[Callable[[Any], Awaitable[Any]]], Any]


def using(
    kind: str,
    servers: Stack,
    *,
    memory: Callable[[], Any],
    real: Callable[[str], Any],
) -> Use:
    def run(something: Callable[[Any], Awaitable[Any]]) -> Any:
        async def inside() -> Any:
            if kind == "redis":
                url = servers.addresses()["redis_url"]
                redis.Redis.from_url(url).flushall()
                store = real(url)
            else:
                store = memory()
            try:
                return await something(store)
            finally:
                await store.close()

        return asyncio.run(inside())

    return run
