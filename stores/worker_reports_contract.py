"""How the worker's processes get on, as each tells of itself every few seconds."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Final, NamedTuple, Protocol

# Between two reports of a process.
REPORT_SECONDS: Final = 5
# Times that a report tells of are those of so long before it.
WINDOW_SECONDS: Final = 300
# After so long without one a process is taken to be silent.
SILENT_MS: Final = 20_000
# So long it is told that a process was there.
KEPT_SECONDS: Final = 3_600
# Processes; one more takes the place of the one that is silent the longest.
REPORTERS_MAX: Final = 512


class Spread(NamedTuple):
    """
    How often something took how long.

    `bounds` are the upper ends of buckets in seconds; `counts` has one more, of all
    that took longer.
    """

    bounds: tuple[float, ...] = ()
    counts: tuple[int, ...] = ()

    @property
    def total(self) -> int:
        """How often it happened."""
        return sum(self.counts)

    def less(self, earlier: "Spread") -> "Spread":
        """What was added since an earlier look."""
        if earlier.bounds != self.bounds:
            return self
        pairs = zip(self.counts, earlier.counts, strict=True)
        return Spread(self.bounds, tuple(max(now - then, 0) for now, then in pairs))

    def within_ms(self, share_bp: int) -> float | None:
        """
        Time (ms) within which a share of all was done, None if nothing was.

        As Prometheus has it: evenly spread within a bucket; what took longer than
        all of them counts as the last bound.
        """
        rank = self.total * share_bp / 10_000
        if not rank:
            return None
        before = 0
        edges = pairwise((0.0, *self.bounds))
        for (low, high), count in zip(edges, self.counts, strict=False):
            if before + count >= rank:
                return 1_000 * (low + (high - low) * (rank - before) / count)
            before += count
        return 1_000 * self.bounds[-1]


def together(spreads: Iterable[Spread]) -> Spread:
    """All in one; of others than the first one's buckets, nothing."""
    found = [one for one in spreads if one.counts]
    same = [one for one in found if one.bounds == found[0].bounds]
    if not same:
        return Spread()
    counts = zip(*(one.counts for one in same), strict=True)
    return Spread(same[0].bounds, tuple(map(sum, counts)))


class PartitionReport(NamedTuple):
    """
    A partition that a process has; times in ms since 1970, 0 for never.

    What is due later than `ticked_at` waits. `restored_records` were read in
    `restore_ms` when it came.
    """

    partition: int
    is_ready: bool = False
    lag_records: int = 0
    members: int = 0
    timers: int = 0
    ticked_at: int = 0
    restore_ms: int = 0
    restored_records: int = 0
    restored_at: int = 0


class WorkerReport(NamedTuple):
    """
    A process of the worker: one role of one worker.

    `latency` is the time from the broker's taking a record until its effect was
    written, which sinks know. Spreads are of the last WINDOW_SECONDS.
    """

    role: str
    worker_id: str
    reported_at: int
    started_at: int = 0
    version: str = ""
    standbys: int = 0
    transactions: Spread = Spread()
    decides: Spread = Spread()
    latency: Spread = Spread()
    partitions: tuple[PartitionReport, ...] = ()

    @property
    def name(self) -> str:
        """Name of the process, kept over restarts."""
        return f"{self.role}|{self.worker_id}"

    def is_silent(self, now: int) -> bool:
        """Whether it has missed several reports."""
        return now - self.reported_at > SILENT_MS


class WorkerReports(Protocol):
    """Latest report of each process; a call that cannot be done: StoreUnavailable."""

    async def tell(self, report: WorkerReport) -> None:
        """Put a report in the place of the process's last one."""

    async def reports(self, now: int) -> list[WorkerReport]:
        """Reports of the last KEPT_SECONDS, by role and worker."""

    async def close(self) -> None:
        """Let go of all connections."""


def in_order(reports: Iterable[WorkerReport], now: int) -> list[WorkerReport]:
    """Reports that are not too old, by role and worker."""
    since = now - KEPT_SECONDS * 1_000
    found = (one for one in reports if one.reported_at >= since)
    return sorted(found, key=lambda one: (one.role, one.worker_id))
