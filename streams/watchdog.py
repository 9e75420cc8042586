"""Ends a process of which a partition has work to do and does not get on."""

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
        progress_at: Callable[[int], float],
        *,
        stall_seconds: float,
        interval_seconds: float = INTERVAL_SECONDS,
    ) -> None:
        """`progress_at` is when a partition got on last, in monotonic seconds."""
        self._interval_seconds = interval_seconds
        self._watermarks = watermarks
        self._positions = positions
        self._progress_at = progress_at
        self._stall_seconds = stall_seconds
        self._idle_at: dict[int, float] = {}

    def start(self) -> None:
        """Watch in a daemon thread, for ever."""
        Thread(target=self._watch, name="watchdog", daemon=True).start()

    def _watch(self) -> None:
        while True:
            time.sleep(self._interval_seconds)
            try:
                still_for = self._look()
            # A process that nobody watches looks sound until it is not.
            except Exception:
                logger.exception("the watchdog fails: the process ends itself")
                os._exit(EXIT_STALLED)
            if still_for > self._stall_seconds:
                os._exit(EXIT_STALLED)

    def _look(self) -> float:
        """Longest time (s) that a partition has not got on, as the broker has it."""
        try:
            lags = self._lags()
        except UnreachableBroker as error:
            logger.warning("broker does not answer", extra={"error": str(error)})
            self.excuse()
            return 0.0
        still_for = self.still_for(lags, time.monotonic())
        if still_for > self._stall_seconds:
            logger.critical(
                "no progress: the process ends itself",
                extra={
                    "lag_records": sum(lags.values()),
                    "seconds": round(still_for, 1),
                },
            )
        return still_for

    def excuse(self) -> None:
        """Begin to count anew: while the broker is away nobody can get on."""
        self._idle_at = {}

    def still_for(self, lags: Mapping[int, int], now: float) -> float:
        """
        Longest time (s) that a partition has not got on while it had work.

        Each by itself: one that is stuck is not excused by others that get on. One
        that had nothing to do made no progress either: its time counts from when it
        was last seen idle, or first seen.
        """
        idle_at = {number: self._idle_at.get(number, now) for number in lags}
        idle_at |= {number: now for number, lag in lags.items() if not lag}
        self._idle_at = idle_at
        still = (
            now - max(self._progress_at(number), idle_at[number])
            for number, lag in lags.items()
            if lag
        )
        return max(still, default=0.0)

    def _lags(self) -> dict[int, int]:
        lags: dict[int, int] = {}
        positions = self._positions()
        ends = self._watermarks.ends(list(positions)) if positions else []
        for ((_, partition), at), end in zip(positions.items(), ends, strict=True):
            lags[partition] = lags.get(partition, 0) + max(end - at, 0)
        for partition, lag in lags.items():
            metrics.LAG_RECORDS.labels(str(partition)).set(lag)
        return lags
