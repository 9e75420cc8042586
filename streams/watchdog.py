"""Ends a process that has work to do and does not get on."""

import logging
import os
import time
from collections.abc import Callable, Mapping
from threading import Thread
from typing import Final

from runtime import metrics
from streams.watermarks import UnreachableBroker, Watermarks

logger = logging.getLogger(__name__)

INTERVAL_SECONDS: Final = 5.0
EXIT_STALLED: Final = 75

Positions = Callable[[], Mapping[tuple[str, int], int]]


class Watchdog:
    """
    Compares positions with the broker's own ends, from a thread of its own.

    Faust's and aiokafka's detectors only log, and a stuck event loop could not
    run a check anyway. A broker that is away is no stall.
    """

    def __init__(
        self,
        watermarks: Watermarks,
        positions: Positions,
        progress_at: Callable[[], float],
        *,
        stall_seconds: float,
    ) -> None:
        """`progress_at` is monotonic seconds."""
        self._watermarks = watermarks
        self._positions = positions
        self._progress_at = progress_at
        self._stall_seconds = stall_seconds
        self._idle_at = time.monotonic()

    def start(self) -> None:
        """Watch in a daemon thread, for ever."""
        Thread(target=self._watch, name="watchdog", daemon=True).start()

    def _watch(self) -> None:
        while True:
            time.sleep(INTERVAL_SECONDS)
            try:
                lag = self._lag()
            except UnreachableBroker as error:
                logger.warning("broker does not answer", extra={"error": str(error)})
                continue
            still_for = self.still_for(lag, time.monotonic())
            if still_for > self._stall_seconds:
                logger.critical(
                    "no progress: the process ends itself",
                    extra={"lag_records": lag, "seconds": round(still_for, 1)},
                )
                os._exit(EXIT_STALLED)

    def still_for(self, lag: int, now: float) -> float:
        """
        Seconds without progress while there was work; 0 without a lag.

        A worker that had nothing to do made no progress either: its time counts
        from when it was last seen idle.
        """
        if lag == 0:
            self._idle_at = now
            return 0.0
        return now - max(self._progress_at(), self._idle_at)

    def _lag(self) -> int:
        by_partition: dict[int, int] = {}
        for (topic, partition), at in self._positions().items():
            lag = self._watermarks.lag([((topic, partition), at)])
            by_partition[partition] = by_partition.get(partition, 0) + lag
        for partition, lag in by_partition.items():
            metrics.LAG_RECORDS.labels(str(partition)).set(lag)
        return sum(by_partition.values())
