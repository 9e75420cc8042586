"""Connections to Redis or Valkey, as every store of it holds them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import redis.asyncio as redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError, ResponseError

from stores.unavailable import StoreUnavailable

CONNECT_TIMEOUT_SECONDS: Final = 2.0
CALL_TIMEOUT_SECONDS: Final = 5.0
CONNECTIONS_MAX: Final = 64
CONNECTION_WAIT_SECONDS: Final = 2.0


def redis_pool(
    url: str, *, call_seconds_max: float = CALL_TIMEOUT_SECONDS
) -> redis.BlockingConnectionPool:
    """
    Connections that are made when first used.

    A burst beyond them waits for one; the caller retries, not we: waiting,
    connecting and reading together stay under 10 s, or three times
    `call_seconds_max` where that is less.
    """
    return redis.BlockingConnectionPool.from_url(
        url,
        max_connections=CONNECTIONS_MAX,
        timeout=min(CONNECTION_WAIT_SECONDS, call_seconds_max),
        socket_connect_timeout=min(CONNECT_TIMEOUT_SECONDS, call_seconds_max),
        socket_timeout=call_seconds_max,
        retry=Retry(NoBackoff(), 0),
    )


@contextmanager
def redis_answers() -> Iterator[None]:
    """Whatever keeps Redis from answering inside becomes StoreUnavailable."""
    try:
        yield
    except (RedisError, OSError) as error:
        # A server that says no is there.
        is_away = not isinstance(error, ResponseError)
        raise StoreUnavailable("redis", str(error), is_away=is_away) from error
