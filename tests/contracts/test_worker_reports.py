"""One contract for workers' reports in Redis and their twin in memory."""

from typing import Any

import pytest
import redis

from local.stack import Stack
from stores.memory_worker_reports import MemoryWorkerReports
from stores.unavailable import StoreUnavailable
from stores.worker_reports import RedisWorkerReports
from stores.worker_reports_contract import (
    KEPT_SECONDS,
    REPORTERS_MAX,
    SILENT_MS,
    PartitionReport,
    Spread,
    WorkerReport,
    WorkerReports,
    together,
)
from tests.builders import NOON
from tests.contracts.both_stores import Use, using

KEPT_MS = KEPT_SECONDS * 1_000
QUICK = Spread((0.01, 0.1), (90, 9, 1))
ENGINE = WorkerReport(
    "engine",
    "worker-1",
    NOON,
    NOON - 60_000,
    "1.0",
    2,
    QUICK,
    Spread((0.01, 0.1), (100, 0, 0)),
    Spread(),
    (
        PartitionReport(0, True, 7, 1_000, 30, NOON - 1, 1_500, 40_000, NOON - 50_000),
        PartitionReport(3),
    ),
)
SINK = WorkerReport("redis-sink", "worker-1", NOON + 1, latency=QUICK)


@pytest.fixture(params=["redis", "memory"])
def use(request: pytest.FixtureRequest, servers: Stack) -> Use:
    """Run something with an empty store of either kind."""
    return using(
        request.param,
        servers,
        memory=MemoryWorkerReports,
        real=lambda url: RedisWorkerReports(url, "test"),
    )


def test_each_process_is_told_as_it_told_itself_by_role_and_worker(use: Use) -> None:
    async def something(reports: WorkerReports) -> None:
        assert await reports.reports(NOON) == []
        await reports.tell(SINK)
        await reports.tell(ENGINE._replace(reported_at=NOON - 5_000))
        await reports.tell(ENGINE)

        assert await reports.reports(NOON) == [ENGINE, SINK]

    use(something)


def test_who_was_silent_for_an_hour_is_forgotten(use: Use) -> None:
    async def something(reports: WorkerReports) -> None:
        await reports.tell(ENGINE)
        assert await reports.reports(NOON + KEPT_MS) == [ENGINE]
        assert await reports.reports(NOON + KEPT_MS + 1) == []

        later = SINK._replace(reported_at=NOON + 2 * KEPT_MS)
        await reports.tell(later)
        assert await reports.reports(NOON) == [later]

    use(something)


def test_one_too_many_takes_the_place_of_the_longest_silent(use: Use) -> None:
    async def something(reports: WorkerReports) -> None:
        for number in range(REPORTERS_MAX + 1):
            name = f"worker-{number}"
            await reports.tell(WorkerReport("engine", name, NOON + number))
        found = {one.worker_id for one in await reports.reports(NOON)}

        assert len(found) == REPORTERS_MAX
        assert "worker-0" not in found
        assert f"worker-{REPORTERS_MAX}" in found

    use(something)


def test_what_another_version_wrote_otherwise_is_left_out(servers: Stack) -> None:
    async def something(reports: Any) -> None:
        await reports.tell(ENGINE)
        url = servers.addresses()["redis_url"]
        redis.Redis.from_url(url).hset("test:workers", "new", b'{"other": 1}')

        assert await reports.reports(NOON) == [ENGINE]

    use = using(
        "redis",
        servers,
        memory=MemoryWorkerReports,
        real=lambda url: RedisWorkerReports(url, "test"),
    )
    use(something)


def test_a_server_that_is_away_is_told_as_such(use: Use) -> None:
    async def something(reports: WorkerReports) -> None:
        away: WorkerReports = RedisWorkerReports("redis://127.0.0.1:1/0", "test")
        if isinstance(reports, MemoryWorkerReports):
            reports.is_available, away = False, reports
        for call in (away.tell(ENGINE), away.reports(NOON)):
            with pytest.raises(StoreUnavailable):
                await call

    use(something)


def test_a_process_is_silent_once_it_missed_several_reports() -> None:
    assert not ENGINE.is_silent(NOON + SILENT_MS)
    assert ENGINE.is_silent(NOON + SILENT_MS + 1)


@pytest.mark.parametrize(
    ("spread", "share_bp", "expected_ms"),
    [
        pytest.param(QUICK, 5_000, 1_000 * 0.01 * 50 / 90, id="within-the-first"),
        pytest.param(QUICK, 9_000, 10.0, id="on-a-bound"),
        pytest.param(QUICK, 9_900, 100.0, id="within-the-second"),
        pytest.param(QUICK, 10_000, 100.0, id="beyond-all"),
        pytest.param(Spread((0.1,), (0, 0)), 5_000, None, id="nothing-happened"),
        pytest.param(Spread(), 5_000, None, id="nothing-known"),
    ],
)
def test_a_spread_tells_within_what_time_a_share_was_done(
    spread: Spread, share_bp: int, expected_ms: float | None
) -> None:
    found = spread.within_ms(share_bp)
    assert found == (expected_ms if expected_ms is None else pytest.approx(expected_ms))


def test_spreads_are_added_and_taken_away_bucket_by_bucket() -> None:
    other = Spread((0.5,), (1, 1))

    assert together([Spread(), QUICK, QUICK, other]).counts == (180, 18, 2)
    assert together([]) == together([Spread()]) == Spread()
    assert QUICK.less(Spread((0.01, 0.1), (80, 9, 0))).counts == (10, 0, 1)
    assert QUICK.less(Spread()) == QUICK
