"""A sink: reads updates, writes them to one outside system, and then says so."""

import asyncio
import logging
import math
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
# A record may have two MiB, though hardly any has two kB.
PENDING_BYTES_MAX: Final = 67_108_864
# Of one write, but for the batch that goes beyond: views are written while they are
# fresh in the processor's cache, and a write ends long before a watchdog asks.
WRITE_RECORDS_MAX: Final = 1_000
# Also of one write: what is read out of records is ten times as large as they are.
WRITE_BYTES_MAX: Final = 16_777_216
# A position that is not committed is only read again, and a commit costs a round trip.
COMMIT_SECONDS: Final = 0.25
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
    sink's own consumer group after the write, within COMMIT_SECONDS or when the
    next write is done, and a write that is repeated finds its effects there
    already. An outside system that is away makes this sink wait, and nobody else.
    """

    def __init__(
        self,
        name: str,
        writer: Writer,
        *,
        linger_ms: int,
        write_records_max: int = WRITE_RECORDS_MAX,
    ) -> None:
        """`linger_ms`: how long to gather records for one write, if they are few."""
        self._write_records_max = write_records_max
        self._name = name
        self._writer = writer
        self._linger_seconds = linger_ms / 1000
        # Each with its bytes.
        self._pending: dict[TP, list[tuple[RecordBatch, int]]] = {}
        self._pending_records = 0
        self._pending_bytes = 0
        self._uncommitted: dict[TP, int] = {}
        self._commit: Commit | None = None
        self._commit_at = 0.0
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
        if self._is_stopping or self._pending_records >= PENDING_RECORDS_MAX:
            return set()
        return assigned if self._pending_bytes < PENDING_BYTES_MAX else set()

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
        size = _bytes_of(batch)
        self._pending.setdefault(tp, []).append((batch, size))
        self._pending_records += len(batch.records)
        self._pending_bytes += size
        self._arrived.set()

    def readiness(self) -> dict[str, bool]:
        """Whether this sink has been given its share."""
        return {"assigned": self._assigned_once}

    def positions(self) -> dict[tuple[str, int], int]:
        """Next offset to write, by topic and partition; asked by another thread."""
        written = list(self._written.items())
        return {(tp.topic, tp.partition): at for tp, at in written}

    def progress_at(self, number: int) -> float:
        """When a partition was written last (monotonic seconds); trying counts."""
        return max(self._written_at.get(number, 0.0), self._tried_at)

    async def on_revoked(self, _: Iterable[TP]) -> None:
        """Forget what is not written: whoever comes next reads it again."""
        self._let_go()
        self._expected.clear()
        self._written.clear()
        self._uncommitted.clear()

    async def on_assigned(self, _: Iterable[TP]) -> None:
        """Start from the group's positions."""
        self._assigned_once = True
        self._tried_at = time.monotonic()

    async def run(self, commit: Commit) -> None:
        """Write what arrives, for ever."""
        self._commit = commit
        while True:
            await self._wait()
            self._arrived.clear()
            taken = self._take()
            batches = [batch for found in taken.values() for batch in found]
            if batches:
                self._is_writing = True
                with write_spans(self._name, batches):
                    await self._write(batches)
                self._note(taken)
                self._is_writing = False
                if time.monotonic() >= self._commit_at:
                    await self._tell()

    async def stop(self, timeout_seconds: float) -> bool:
        """Take nothing new; whether the write in flight ended in time."""
        self._is_stopping = True
        self._let_go()
        deadline = time.monotonic() + timeout_seconds
        while self._is_writing and time.monotonic() < deadline:  # noqa: ASYNC110 - once in a process's life
            await asyncio.sleep(0.02)
        if not self._is_writing:
            await self._tell()
        return not self._is_writing

    def _let_go(self) -> None:
        self._pending.clear()
        self._pending_records = self._pending_bytes = 0

    async def _wait(self) -> None:
        """Wait for records, for a while for more of them; and commit what is due."""
        while not self._arrived.is_set():
            due_at = self._commit_at if self._uncommitted else math.inf
            seconds = due_at - time.monotonic()
            try:
                async with asyncio.timeout(None if seconds == math.inf else seconds):
                    await self._arrived.wait()
            except TimeoutError:
                await self._tell()
        is_enough = (
            self._pending_records >= self._write_records_max
            or self._pending_bytes >= WRITE_BYTES_MAX
        )
        if self._linger_seconds and not is_enough:
            await asyncio.sleep(self._linger_seconds)

    def _take(self) -> dict[TP, list[RecordBatch]]:
        """Take what one write has room for, in order; partitions have turns."""
        taken: dict[TP, list[RecordBatch]] = {}
        records = size = 0

        def has_room() -> bool:
            return records < self._write_records_max and size < WRITE_BYTES_MAX

        for tp in list(self._pending):
            if not has_room():
                break
            found = self._pending.pop(tp)
            number = 0
            while number < len(found) and has_room():
                batch, batch_bytes = found[number]
                records += len(batch.records)
                size += batch_bytes
                number += 1
            taken[tp] = [batch for batch, _ in found[:number]]
            if number < len(found):
                self._pending[tp] = found[number:]
        self._pending_records -= records
        self._pending_bytes -= size
        if self._pending:
            self._arrived.set()
        return taken

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

    def _note(self, taken: dict[TP, list[RecordBatch]]) -> None:
        for tp, batches in taken.items():
            self._written_at[tp.partition] = time.monotonic()
            if tp in self._expected:
                self._written[tp] = self._uncommitted[tp] = batches[-1].end
        count = sum(len(batch.records) for found in taken.values() for batch in found)
        metrics.SINK_RECORDS.labels(self._name).inc(count)
        metrics.SINK_BATCH_RECORDS.labels(self._name).observe(count)

    async def _tell(self) -> None:
        """Commit how far all is written."""
        written, self._uncommitted = self._uncommitted, {}
        self._commit_at = time.monotonic() + COMMIT_SECONDS
        if not written or self._commit is None:
            return
        try:
            await self._commit(written)
        # Not committed is only read again; the write itself is done.
        except Exception as error:  # noqa: BLE001 - see above
            logger.warning(
                "position not committed",
                extra={"sink": self._name, "error": str(error)[:300]},
            )


def _bytes_of(batch: RecordBatch) -> int:
    return sum(len(record.value or b"") for record in batch.records)
