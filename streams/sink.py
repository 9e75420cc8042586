"""A sink: reads updates, writes them to one outside system, and then says so."""

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Final, Protocol

from faust.types import TP

from runtime import metrics
from stores.unavailable import StoreUnavailable
from streams.batches import RecordBatch
from streams.record_spans import write_spans

logger = logging.getLogger(__name__)

PENDING_RECORDS_MAX: Final = 20_000
BACK_OFF_SECONDS_MIN: Final = 0.1
BACK_OFF_SECONDS_MAX: Final = 5.0

Commit = Callable[[dict[TP, int]], Awaitable[None]]


class Writer(Protocol):
    """The outside system; a repeated write must change nothing."""

    async def write(self, batches: list[RecordBatch]) -> None:
        """
        Write all records of some batches.

        Raises: StoreUnavailable when the same call should be tried again.
        """


class Sink:
    """
    The feed of a sink's transport, and the loop that writes.

    At least once, in order within a partition: a position is committed to the
    sink's own consumer group after the write, and a write that is repeated
    finds its effects there already. An outside system that is away makes this
    sink wait, and nobody else.
    """

    def __init__(self, name: str, writer: Writer, *, linger_ms: int) -> None:
        """`linger_ms`: how long to gather records for one write."""
        self._name = name
        self._writer = writer
        self._linger_seconds = linger_ms / 1000
        self._pending: dict[TP, list[RecordBatch]] = {}
        self._expected: dict[TP, int] = {}
        self._written: dict[TP, int] = {}
        self._seeks: dict[TP, int] = {}
        self._arrived = asyncio.Event()
        self._assigned_once = False
        self._is_stopping = False
        self._is_writing = False
        # By partition; while an outside system is away, all wait for it.
        self._written_at: dict[int, float] = {}
        self._tried_at = time.monotonic()

    def readable(self, assigned: set[TP]) -> set[TP]:
        """All partitions, while there is room for more."""
        pending = sum(
            len(batch.records) for found in self._pending.values() for batch in found
        )
        if self._is_stopping or pending >= PENDING_RECORDS_MAX:
            return set()
        return assigned

    def take_seeks(self) -> dict[TP, int]:
        """Positions to move to, each once."""
        seeks, self._seeks = self._seeks, {}
        return seeks

    def submit(self, batch: RecordBatch) -> None:
        """Queue a batch; one after a hole makes the partition be read again."""
        tp = TP(batch.topic, batch.partition)
        expected = self._expected.get(tp, batch.start)
        if batch.start > expected:
            self._seeks[tp] = expected
            return
        if batch.end <= expected:
            return
        self._expected[tp] = batch.end
        self._pending.setdefault(tp, []).append(batch)
        self._arrived.set()

    def readiness(self) -> dict[str, bool]:
        """Whether this sink has been given its share."""
        return {"assigned": self._assigned_once}

    def positions(self) -> dict[tuple[str, int], int]:
        """Next offset to write, by topic and partition."""
        return {(tp.topic, tp.partition): at for tp, at in self._written.items()}

    def progress_at(self, number: int) -> float:
        """When a partition was written last (monotonic seconds); trying counts."""
        return max(self._written_at.get(number, 0.0), self._tried_at)

    async def on_revoked(self, _: Iterable[TP]) -> None:
        """Forget what is not written: whoever comes next reads it again."""
        self._pending.clear()
        self._expected.clear()
        self._written.clear()

    async def on_assigned(self, _: Iterable[TP]) -> None:
        """Start from the group's positions."""
        self._assigned_once = True
        self._tried_at = time.monotonic()

    async def run(self, commit: Commit) -> None:
        """Write what arrives, for ever."""
        while True:
            await self._arrived.wait()
            if self._linger_seconds:
                await asyncio.sleep(self._linger_seconds)
            self._arrived.clear()
            pending, self._pending = self._pending, {}
            batches = [batch for found in pending.values() for batch in found]
            if batches:
                self._is_writing = True
                with write_spans(self._name, batches):
                    await self._write(batches)
                await self._note(pending, commit)
                self._is_writing = False

    async def stop(self, timeout_seconds: float) -> bool:
        """Take nothing new; whether the write in flight ended in time."""
        self._is_stopping = True
        self._pending.clear()
        deadline = time.monotonic() + timeout_seconds
        while self._is_writing and time.monotonic() < deadline:  # noqa: ASYNC110 - once in a process's life
            await asyncio.sleep(0.02)
        return not self._is_writing

    async def _write(self, batches: list[RecordBatch]) -> None:
        """Write until it is done: the same batches each time, so that repeats show."""
        back_off = BACK_OFF_SECONDS_MIN
        while True:
            started = time.perf_counter()
            try:
                await self._writer.write(batches)
            except StoreUnavailable as error:
                metrics.SINK_RETRIES.labels(self._name).inc()
                metrics.SINK_WAITING.labels(self._name).set(1)
                logger.warning(
                    "write failed, trying again",
                    extra={"sink": self._name, "error": str(error)[:300]},
                )
                # Jitter, so that many sinks do not come back at one moment.
                await asyncio.sleep(back_off * random.uniform(0.5, 1.0))  # noqa: S311 - no secret
                back_off = min(back_off * 2, BACK_OFF_SECONDS_MAX)
                self._tried_at = time.monotonic()
                if self._is_stopping:
                    self._is_writing = False
                    await asyncio.Event().wait()
            else:
                metrics.SINK_WAITING.labels(self._name).set(0)
                metrics.SINK_SECONDS.labels(self._name).observe(
                    time.perf_counter() - started
                )
                return

    async def _note(self, pending: dict[TP, list[RecordBatch]], commit: Commit) -> None:
        written = {tp: batches[-1].end for tp, batches in pending.items()}
        for tp, end in written.items():
            self._written_at[tp.partition] = time.monotonic()
            if tp in self._expected:
                self._written[tp] = end
        count = sum(len(batch.records) for found in pending.values() for batch in found)
        metrics.SINK_RECORDS.labels(self._name).inc(count)
        metrics.SINK_BATCH_RECORDS.labels(self._name).observe(count)
        try:
            await commit(written)
        # Not committed is only read again; the write itself is done.
        except Exception as error:  # noqa: BLE001 - see above
            logger.warning(
                "position not committed",
                extra={"sink": self._name, "error": str(error)[:300]},
            )
