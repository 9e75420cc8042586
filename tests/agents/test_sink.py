"""A sink writes all it is given, in order, until it is written; then it says so."""

import asyncio
from collections.abc import Awaitable, Callable

from faust.types import TP

from stores.unavailable import StoreUnavailable
from streams.batches import RecordBatch, SourceRecord
from streams.sink import (
    PENDING_BYTES_MAX,
    PENDING_RECORDS_MAX,
    WRITE_BYTES_MAX,
    WRITE_RECORDS_MAX,
    Sink,
)

UPDATES = TP("member-updates", 0)


class Writer:
    """Fails as often as it is told, then keeps what it is given."""

    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.tries: list[list[RecordBatch]] = []
        self.written: list[RecordBatch] = []

    async def write(self, batches: list[RecordBatch]) -> None:
        self.tries.append(batches)
        if len(self.tries) <= self.failures:
            raise StoreUnavailable("redis", "switched off by a test")
        self.written.extend(batches)


def a_batch(start: int, end: int, partition: int = 0) -> RecordBatch:
    records = [SourceRecord(offset, 0, b"ann", b"") for offset in range(start, end)]
    return RecordBatch("member-updates", partition, start, end, records)


def run(sink: Sink, during: Callable[[], Awaitable[None]]) -> list[dict[TP, int]]:
    """Run a sink while something happens; return the positions it committed."""
    committed: list[dict[TP, int]] = []

    async def commit(offsets: dict[TP, int]) -> None:
        committed.append(offsets)

    async def both() -> None:
        task = asyncio.create_task(sink.run(commit))
        await during()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(both())
    return committed


def test_what_arrives_is_written_and_then_committed() -> None:
    writer = Writer()
    sink = Sink("redis", writer, linger_ms=0)

    async def during() -> None:
        sink.submit(a_batch(0, 3))
        sink.submit(a_batch(3, 5))
        await asyncio.sleep(0.05)

    committed = run(sink, during)

    assert [(b.start, b.end) for b in writer.written] == [(0, 3), (3, 5)]
    assert committed[-1] == {UPDATES: 5}
    assert sink.positions() == {("member-updates", 0): 5}


def test_a_failed_write_is_tried_again_with_the_same_batches() -> None:
    writer = Writer(failures=2)
    sink = Sink("redis", writer, linger_ms=0)

    async def during() -> None:
        sink.submit(a_batch(0, 3))
        await asyncio.sleep(0.01)
        sink.submit(a_batch(3, 5))
        await asyncio.sleep(0.8)

    committed = run(sink, during)

    assert writer.tries[0] == writer.tries[1] == writer.tries[2] == [a_batch(0, 3)]
    assert [(b.start, b.end) for b in writer.written] == [(0, 3), (3, 5)]
    assert committed == [{UPDATES: 3}, {UPDATES: 5}]


def test_a_hole_is_read_again_and_a_repeat_is_not_written() -> None:
    writer = Writer()
    sink = Sink("redis", writer, linger_ms=0)

    async def during() -> None:
        sink.submit(a_batch(0, 3))
        sink.submit(a_batch(5, 7))
        assert sink.take_seeks() == {UPDATES: 3}
        assert sink.take_seeks() == {}
        sink.submit(a_batch(0, 3))
        sink.submit(a_batch(3, 7))
        await asyncio.sleep(0.05)

    run(sink, during)

    assert [(b.start, b.end) for b in writer.written] == [(0, 3), (3, 7)]


def test_a_sink_that_cannot_write_takes_a_bounded_number_of_records() -> None:
    sink = Sink("redis", Writer(failures=1_000), linger_ms=0)
    assigned = {UPDATES}

    assert sink.readable(assigned) == assigned
    sink.submit(a_batch(0, PENDING_RECORDS_MAX))
    assert sink.readable(assigned) == set()


def test_a_sink_that_cannot_write_takes_a_bounded_number_of_bytes_and_then_more() -> (
    None
):
    writer = Writer(failures=1)
    sink = Sink("redis", writer, linger_ms=0)
    assigned = {UPDATES}
    large = SourceRecord(0, 0, b"ann", bytes(PENDING_BYTES_MAX // 2))
    two = RecordBatch("member-updates", 0, 0, 2, [large, large._replace(offset=1)])

    async def during() -> None:
        sink.submit(two)
        assert sink.readable(assigned) == set()
        await asyncio.sleep(0.4)
        assert sink.readable(assigned) == assigned

    run(sink, during)

    assert writer.written == [two]


def test_partitions_that_leave_are_forgotten() -> None:
    writer = Writer()
    sink = Sink("redis", writer, linger_ms=0)

    async def during() -> None:
        sink.submit(a_batch(0, 3))
        await sink.on_revoked({UPDATES})
        await asyncio.sleep(0.05)

    assert run(sink, during) == []
    assert writer.written == []
    assert sink.positions() == {}


def test_a_stop_ends_while_the_outside_is_away() -> None:
    sink = Sink("redis", Writer(failures=1_000), linger_ms=0)
    ended: list[bool] = []

    async def during() -> None:
        sink.submit(a_batch(0, 3))
        await asyncio.sleep(0.05)
        ended.append(await sink.stop(2.0))

    run(sink, during)

    assert ended == [True]


def test_positions_are_committed_seldom_but_soon() -> None:
    sink = Sink("redis", Writer(), linger_ms=0)

    async def during() -> None:
        for start in range(20):
            sink.submit(a_batch(start, start + 1))
            await asyncio.sleep(0.005)
        await asyncio.sleep(0.4)

    committed = run(sink, during)

    assert len(committed) <= 3
    assert committed[0] == {UPDATES: 1}
    assert committed[-1] == {UPDATES: 20}


def test_a_stop_commits_what_is_written() -> None:
    sink = Sink("redis", Writer(), linger_ms=0)

    async def during() -> None:
        sink.submit(a_batch(0, 3))
        await asyncio.sleep(0.02)
        sink.submit(a_batch(3, 5))
        await asyncio.sleep(0.02)
        assert await sink.stop(1.0)

    assert run(sink, during) == [{UPDATES: 3}, {UPDATES: 5}]


def test_a_write_is_bounded_and_partitions_have_turns() -> None:
    writer = Writer()
    sink = Sink("redis", writer, linger_ms=0)
    half = WRITE_RECORDS_MAX // 2

    async def during() -> None:
        for start in range(0, 5 * half, half):
            sink.submit(a_batch(start, start + half))
        sink.submit(a_batch(0, 3, partition=1))
        await asyncio.sleep(0.1)

    committed = run(sink, during)

    assert [len(batches) for batches in writer.tries] == [2, 3, 1]
    assert [b.partition for b in writer.tries[1]] == [1, 0, 0]
    assert [b.end for b in writer.written if not b.partition] == [
        *range(half, 6 * half, half)
    ]
    assert len(committed) == 1


def test_a_write_is_bounded_in_bytes_as_well() -> None:
    writer = Writer()
    # Enough is enough by bytes, too: the last one lingers.
    sink = Sink("clickhouse", writer, linger_ms=60_000, write_records_max=10_000)
    large = SourceRecord(0, 0, b"m", bytes(WRITE_BYTES_MAX // 2), ())

    async def during() -> None:
        for offset in range(5):
            record = large._replace(offset=offset)
            sink.submit(RecordBatch(*UPDATES, offset, offset + 1, [record]))
        await asyncio.sleep(0.1)

    run(sink, during)

    assert [len(batches) for batches in writer.tries] == [2, 2]
    assert sink.positions() == {("member-updates", 0): 4}


def test_few_records_wait_for_more_and_many_do_not() -> None:
    writer = Writer()
    sink = Sink("clickhouse", writer, linger_ms=60_000, write_records_max=10)

    async def during() -> None:
        sink.submit(a_batch(0, 10))
        await asyncio.sleep(0.05)
        sink.submit(a_batch(10, 12))
        await asyncio.sleep(0.05)

    run(sink, during)

    assert [b.end for b in writer.written] == [10]
