"""Connections to Redis or Valkey, as every store of it holds them."""

from typing import Final

import redis.asyncio as redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

CONNECT_TIMEOUT_SECONDS: Final = 2.0
CALL_TIMEOUT_SECONDS: Final = 5.0
CONNECTIONS_MAX: Final = 64
CONNECTION_WAIT_SECONDS: Final = 2.0


def redis_pool(url: str) -> redis.BlockingConnectionPool:
    """
    Connections that are made when first used.

    A burst beyond them waits for one; the caller retries, not we: waiting,
    connecting and reading together stay under 10 s.
    """
    return redis.BlockingConnectionPool.from_url(
        url,
        max_connections=CONNECTIONS_MAX,
        timeout=CONNECTION_WAIT_SECONDS,
        socket_connect_timeout=CONNECT_TIMEOUT_SECONDS,
        socket_timeout=CALL_TIMEOUT_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
