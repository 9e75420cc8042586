"""How the worker stands, as its processes tell: each of them, and each partition."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from stores.worker_reports_contract import (
    PartitionReport,
    Spread,
    WorkerReport,
    together,
)

# Shown at once; those that somebody should look at come before all others.
PROCESSES_SHOWN_MAX: Final = 100
PARTITIONS_SHOWN_MAX: Final = 200
ENGINE: Final = "engine"
# Where effects can be seen, by the role that writes them there.
SINKS: Final = {"redis": "redis-sink", "clickhouse": "clickhouse-sink"}
# What RegularsTicksStopped of deploy/alerts.yml asks.
TICK_LAG_MS_MAX: Final = 300_000
HALF_BP: Final = 5_000
NEARLY_ALL_BP: Final = 9_900


class Took(NamedTuple):
    """Times (ms) within which half, and 99 %, of so many were done; None for none."""

    times: int
    half_ms: float | None
    nearly_all_ms: float | None


class Process(NamedTuple):
    """A process of the worker, and whether it still tells of itself."""

    report: WorkerReport
    is_silent: bool
    # Since its last report.
    age_ms: int
    ready: int
    behind: int
    transactions: Took
    decides: Took
    latency: Took


class Held(NamedTuple):
    """A partition of the engine, and who has it; nobody, or somebody silent."""

    partition: int
    worker_id: str
    is_silent: bool
    told: PartitionReport
    # From the last tick worked through until now (ms), None before the first.
    tick_lag_ms: int | None

    @property
    def is_well(self) -> bool:
        """Whether nobody need look at it."""
        return bool(self.worker_id) and self.told.is_ready and not self.is_silent

    @property
    def is_time_late(self) -> bool:
        """Whether time stands still there, as the alert of ticks has it."""
        return self.tick_lag_ms is not None and self.tick_lag_ms > TICK_LAG_MS_MAX


class Workers(NamedTuple):
    """What is shown of the worker; counts are of all that there are."""

    processes: list[Process]
    process_count: int
    partitions: list[Held]
    partition_count: int
    timers: int
    # The partition that was restored last.
    restored: PartitionReport


def workers_of(reports: Sequence[WorkerReport], now: int, partitions: int) -> Workers:
    """Tell of the worker's processes, and of so many partitions of the engine."""
    processes = [_process(one, now) for one in reports]
    engines = [one for one in reports if one.role == ENGINE]
    held = _held(engines, now, partitions) if engines else []
    silent_first = sorted(processes, key=lambda one: not one.is_silent)
    worst_first = sorted(held, key=lambda one: (one.is_well, -one.told.lag_records))
    return Workers(
        sorted(silent_first[:PROCESSES_SHOWN_MAX], key=lambda one: one.report.name),
        len(processes),
        sorted(worst_first[:PARTITIONS_SHOWN_MAX], key=lambda one: one.partition),
        len(held),
        sum(one.told.timers for one in held),
        max((one.told for one in held), key=_restored, default=PartitionReport(0)),
    )


def latencies_of(reports: Sequence[WorkerReport], now: int) -> dict[str, Took]:
    """How long effects took of late to be seen, by where; of all that still tell."""
    heard = [one for one in reports if not one.is_silent(now)]
    return {
        place: took(together(one.latency for one in heard if one.role == role))
        for place, role in SINKS.items()
    }


def took(spread: Spread) -> Took:
    """Times within which half, and nearly all, were done."""
    half, nearly_all = spread.within_ms(HALF_BP), spread.within_ms(NEARLY_ALL_BP)
    return Took(spread.total, half, nearly_all)


def _process(report: WorkerReport, now: int) -> Process:
    return Process(
        report,
        report.is_silent(now),
        now - report.reported_at,
        sum(one.is_ready for one in report.partitions),
        sum(one.lag_records for one in report.partitions),
        took(report.transactions),
        took(report.decides),
        took(report.latency),
    )


def _restored(told: PartitionReport) -> tuple[int, int]:
    return told.restored_at, told.partition


def _held(engines: Sequence[WorkerReport], now: int, partitions: int) -> list[Held]:
    """Who has each partition; of several who say so, who is ready and spoke last."""
    found: dict[int, Held] = {}
    # Whoever comes later in this order is believed.
    claims = sorted(
        (
            (not one.is_silent(now), told.is_ready, one.reported_at, one.worker_id),
            told,
        )
        for one in engines
        for told in one.partitions
    )
    for (is_heard, _, _, worker_id), told in claims:
        lag = now - told.ticked_at if told.ticked_at else None
        found[told.partition] = Held(told.partition, worker_id, not is_heard, told, lag)
    for number in range(partitions):
        nobody = Held(number, "", False, PartitionReport(number), None)
        found.setdefault(number, nobody)
    return list(found.values())
