"""Tells every few seconds how this process gets on, for those who look after it."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable
from threading import Thread
from typing import Final

from prometheus_client import Gauge, Histogram

from runtime import metrics
from stores.unavailable import StoreUnavailable
from stores.worker_reports_contract import (
    REPORT_SECONDS,
    WINDOW_SECONDS,
    PartitionReport,
    Spread,
    WorkerReport,
    WorkerReports,
)

logger = logging.getLogger(__name__)

LOOKS: Final = WINDOW_SECONDS // REPORT_SECONDS + 1
Spreads = tuple[Spread, ...]
Known = dict[int, float]


class Reporter:
    """
    Reads the process's own metrics, and tells what they say in a store.

    From a thread with a loop of its own: neither a store that hangs nor the time
    to read costs whoever decides or writes anything but a moment of the processor.
    """

    def __init__(
        self,
        connect: Callable[[], WorkerReports],
        process: WorkerReport,
        clock: Callable[[], float] = time.time,
        *,
        every_seconds: float = REPORT_SECONDS,
    ) -> None:
        """`process` names itself; `clock` gives seconds since 1970."""
        self._connect = connect
        self._process = process
        self._clock = clock
        self._every_seconds = every_seconds
        # The first look is of a process that has done nothing yet.
        self._looks: deque[Spreads] = deque([_spreads()], LOOKS)

    def start(self) -> None:
        """Tell in a daemon thread, for ever."""
        run = self._run
        Thread(target=lambda: asyncio.run(run()), name="reports", daemon=True).start()

    async def _run(self) -> None:
        # Whoever has just come has partitions to take first.
        await asyncio.sleep(self._every_seconds)
        reports = self._connect()
        is_heard = True
        while True:
            try:
                await reports.tell(self.report())
                is_heard = True
            except StoreUnavailable as error:
                if is_heard:
                    logger.warning("reports are not kept", extra={"error": str(error)})
                is_heard = False
            await asyncio.sleep(self._every_seconds)

    def report(self) -> WorkerReport:
        """How the process is now, and how long things took of late."""
        now, earliest = _spreads(), self._looks[0]
        self._looks.append(now)
        took = (late.less(early) for late, early in zip(now, earliest, strict=True))
        transactions, decides, latency = took
        return self._process._replace(
            reported_at=int(self._clock() * 1_000),
            standbys=int(next(iter(_all(metrics.STANDBY_PARTITIONS).values()), 0)),
            transactions=transactions,
            decides=decides,
            latency=latency,
            partitions=_partitions(),
        )


def _partitions() -> tuple[PartitionReport, ...]:
    """Partitions that the metrics know, in their order."""
    ready, lag = _all(metrics.PARTITION_READY), _all(metrics.LAG_RECORDS)
    members, timers = _all(metrics.MEMBERS), _all(metrics.TIMERS)
    ticked, restored = _all(metrics.TICKED_AT), _all(metrics.RESTORED_AT)
    seconds, records = _all(metrics.RESTORE_SECONDS), _all(metrics.RESTORED_RECORDS)
    return tuple(
        PartitionReport(
            partition,
            bool(ready.get(partition, 0)),
            int(lag.get(partition, 0)),
            int(members.get(partition, 0)),
            int(timers.get(partition, 0)),
            round(ticked.get(partition, 0) * 1_000),
            round(seconds.get(partition, 0) * 1_000),
            int(records.get(partition, 0)),
            round(restored.get(partition, 0) * 1_000),
        )
        for partition in sorted({*ready, *lag})
    )


def _all(gauge: Gauge) -> Known:
    """Value of a gauge by partition; of one without, as if of partition 0."""
    return {
        int(sample.labels.get("partition", 0)): sample.value
        for family in gauge.collect()
        for sample in family.samples
    }


def _spreads() -> Spreads:
    """Of transactions, of decisions, and from order to effect; since the start."""
    return tuple(
        _spread(one)
        for one in (
            metrics.TRANSACTION_SECONDS,
            metrics.DECIDE_SECONDS,
            metrics.SINK_LATENCY_SECONDS,
        )
    )


def _spread(histogram: Histogram) -> Spread:
    """What a histogram has counted; of several label sets, all in one."""
    upto: dict[float, int] = {}
    for family in histogram.collect():
        for sample in family.samples:
            if sample.name.endswith("_bucket"):
                bound = float(sample.labels["le"])
                upto[bound] = upto.get(bound, 0) + int(sample.value)
    bounds = sorted(upto)
    counts = [upto[bound] for bound in bounds]
    each = (now - before for now, before in zip(counts, [0, *counts], strict=False))
    return Spread(tuple(bounds[:-1]), tuple(each))
