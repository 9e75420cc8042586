"""Stores that are away, frozen or crowded: one error, in time, and then service."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from api.guarding import READS, Guards
from local.stack import Stack
from stores.analytics import ClickHouseAnalytics
from stores.guard import guarded
from stores.member_views import RedisMemberViews
from stores.member_views_contract import ViewWrite
from stores.memory_analytics import MemoryAnalytics
from stores.redis_pool import CONNECTIONS_MAX
from stores.unavailable import StoreUnavailable

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(120)]
SECONDS_MAX = 10.0


@contextmanager
def frozen(servers: Stack, name: str) -> Iterator[None]:
    """A server that accepts connections and answers nothing."""
    servers.pause(name)
    try:
        yield
    finally:
        servers.resume(name)


async def refused(call: Callable[[], Awaitable[Any]]) -> float:
    """Seconds that a call takes to say that its store is unavailable."""
    started = time.monotonic()
    with pytest.raises(StoreUnavailable):
        await call()
    return time.monotonic() - started


def test_a_frozen_redis_is_unavailable_in_time_and_then_serves(servers: Stack) -> None:
    async def something() -> list[float]:
        views = RedisMemberViews(servers.addresses()["redis_url"], "frozen")
        await views.put([ViewWrite("m", 1, b"a")])
        with frozen(servers, "valkey"):
            seconds = await asyncio.gather(
                refused(lambda: views.put([ViewWrite("m", 2, b"b")])),
                refused(views.ping),
                *(refused(lambda: views.get("m")) for _ in range(CONNECTIONS_MAX * 2)),
            )
        await views.put([ViewWrite("m", 3, b"c")])
        stored = await views.get("m")
        await views.close()
        assert stored is not None
        assert stored.document == b"c"
        return seconds

    assert max(asyncio.run(something())) < SECONDS_MAX


def test_a_redis_that_comes_back_is_used_again(servers: Stack) -> None:
    async def something() -> None:
        views = RedisMemberViews(servers.addresses()["redis_url"], "restarted")
        await views.put([ViewWrite("m", 1, b"a")])
        servers.kill("valkey")
        # Reads and writes have connections of their own.
        await refused(lambda: views.get("m"))
        await refused(lambda: views.put([ViewWrite("m", 2, b"b")]))
        await asyncio.to_thread(servers.start, "valkey")
        # The new server knows neither connection nor script.
        assert await views.put([ViewWrite("m", 2, b"b")]) == 1
        stored = await views.get("m")
        await views.close()
        assert stored is not None
        assert stored.version == 2

    asyncio.run(something())


def test_a_crowd_waits_for_a_connection(servers: Stack) -> None:
    async def something() -> None:
        views = RedisMemberViews(servers.addresses()["redis_url"], "crowd")
        await views.put([ViewWrite("m", 1, b"a")])
        crowd = [views.get("m") for _ in range(CONNECTIONS_MAX * 8)]
        assert None not in await asyncio.gather(*crowd)
        await views.close()

    asyncio.run(something())


def test_a_frozen_clickhouse_is_unavailable_in_time_and_then_serves(
    servers: Stack,
) -> None:
    async def something() -> list[float]:
        analytics = ClickHouseAnalytics(
            servers.addresses()["clickhouse_url"], "regulars"
        )
        await analytics.ping()
        with frozen(servers, "clickhouse"):
            # More than there are threads: those that wait for one are bounded too.
            seconds = await asyncio.gather(
                *(
                    refused(lambda: analytics.ledger_page("m", before=None, limit=1))
                    for _ in range(8)
                ),
                refused(analytics.ping),
            )
        assert await analytics.ledger_page("m", before=None, limit=1) == []
        await analytics.close()
        return seconds

    assert max(asyncio.run(something())) < SECONDS_MAX


class _BreaksOff(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        """Promise more than is sent."""
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"26.9.2.1\tUTC")

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def test_an_answer_that_breaks_off_is_unavailable() -> None:
    server = HTTPServer(("127.0.0.1", 0), _BreaksOff)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        analytics = ClickHouseAnalytics(
            f"http://127.0.0.1:{server.server_port}", "regulars"
        )
        asyncio.run(refused(analytics.totals))
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()


def test_the_twin_can_be_switched_off() -> None:
    analytics = MemoryAnalytics()
    analytics.is_available = False

    asyncio.run(refused(analytics.tiers))
    asyncio.run(refused(analytics.ping))


def test_a_frozen_redis_is_soon_not_asked_any_more_and_others_are_b3(
    servers: Stack,
) -> None:
    addresses = servers.addresses()

    async def something() -> None:
        guards = Guards()
        redis = RedisMemberViews(addresses["redis_url"], "guarded")
        views = guarded(redis, guards.redis, reads=READS)
        clickhouse = ClickHouseAnalytics(addresses["clickhouse_url"], "regulars")
        analytics = guarded(clickhouse, guards.clickhouse, reads=READS)
        await views.put([ViewWrite("m", 1, b"a")])
        with frozen(servers, "valkey"):
            calls = [refused(lambda: views.get("m")) for _ in range(CONNECTIONS_MAX)]
            assert max(await asyncio.gather(*calls)) < SECONDS_MAX
            assert guards.redis.state == "open"
            assert max([await refused(lambda: views.get("m")) for _ in range(50)]) < 0.2
            assert await analytics.ledger_page("m", before=None, limit=1) == []
            assert guards.clickhouse.state == "closed"
        deadline = time.monotonic() + SECONDS_MAX
        stored = None
        while stored is None and time.monotonic() < deadline:
            await asyncio.sleep(0.1)
            with suppress(StoreUnavailable):
                stored = await views.get("m")
        assert stored is not None
        assert guards.redis.state == "closed"
        await redis.close()
        await clickhouse.close()

    asyncio.run(something())
