"""What a process of the worker tells of itself: its own metrics, and of late."""

import asyncio
import time

import pytest

from runtime import metrics
from stores.memory_worker_reports import MemoryWorkerReports
from stores.worker_reports_contract import WorkerReport
from streams.changelog import Restored
from streams.counting import count_restored, stop_telling, tell_ready
from streams.reporting import LOOKS, Reporter
from tests.builders import NOON

PROCESS = WorkerReport("engine", "worker-1", 0, NOON, "1.0")
# No other test has it.
PARTITION = 977


def a_reporter(reports: MemoryWorkerReports) -> Reporter:
    """Reporter whose clock stands at noon."""
    return Reporter(lambda: reports, PROCESS, lambda: NOON / 1_000)


@pytest.fixture
def reporter() -> Reporter:
    """Reporter of this process."""
    return a_reporter(MemoryWorkerReports())


def test_only_what_happened_of_late_is_told(reporter: Reporter) -> None:
    metrics.TRANSACTION_SECONDS.observe(0.004)
    metrics.SINK_LATENCY_SECONDS.labels("redis").observe(0.02)
    first = reporter.report()

    assert (first.reported_at, first.started_at) == (NOON, NOON)
    assert first.transactions.total == 1
    assert first.transactions.within_ms(10_000) == pytest.approx(5)
    assert first.latency.within_ms(10_000) == pytest.approx(25)
    assert first.decides.total == 0
    for _ in range(LOOKS - 1):
        reporter.report()

    assert reporter.report().transactions.total == 0


def test_what_took_longer_than_all_buckets_is_counted(reporter: Reporter) -> None:
    metrics.DECIDE_SECONDS.observe(100)
    report = reporter.report()

    assert report.decides.counts[-1] == 1
    assert report.decides.within_ms(10_000) == 60_000


def test_a_partition_is_told_as_it_was_restored_until_it_leaves(
    reporter: Reporter,
) -> None:
    before = time.time() * 1_000
    restored = Restored(None, 0, records=4_000, seconds=1.5)
    count_restored(PARTITION, restored, members=10, positions={})
    tell_ready(PARTITION, is_ready=True)
    metrics.LAG_RECORDS.labels(str(PARTITION)).set(7)
    metrics.TIMERS.labels(str(PARTITION)).set(30)
    metrics.TICKED_AT.labels(str(PARTITION)).set(NOON / 1_000)
    [found] = [p for p in reporter.report().partitions if p.partition == PARTITION]

    assert found[:2] == (PARTITION, True)
    assert (found.lag_records, found.timers, found.ticked_at) == (7, 30, NOON)
    assert (found.restore_ms, found.restored_records) == (1_500, 4_000)
    assert before - 1 <= found.restored_at <= time.time() * 1_000 + 1
    stop_telling(PARTITION)
    assert PARTITION not in [p.partition for p in reporter.report().partitions]


def test_a_store_that_was_away_is_told_once_it_is_back() -> None:
    reports = MemoryWorkerReports()
    reports.is_available = False
    Reporter(lambda: reports, PROCESS, lambda: NOON / 1_000, every_seconds=0.01).start()
    time.sleep(0.1)
    reports.is_available = True
    deadline = time.monotonic() + 10
    while not asyncio.run(reports.reports(NOON)) and time.monotonic() < deadline:
        time.sleep(0.01)

    [found] = asyncio.run(reports.reports(NOON))
    assert found.worker_id == "worker-1"
