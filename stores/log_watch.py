"""Kafka as operators look at it: how far readers are, and what could not be applied."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple, Protocol

from confluent_kafka import Consumer, KafkaException, TopicPartition

from runtime.kafka_access import kafka_access
from schemas.framing import MalformedRecord
from schemas.state import DeadLetter, StateCodec
from schemas.topics import DEAD_LETTERS, READERS
from stores.unavailable import StoreUnavailable

ANSWER_SECONDS: Final = 4.0
LETTERS_MAX: Final = 50


class ReaderLag(NamedTuple):
    """
    How far a group is behind in a topic, by partition.

    `offsets` are all that the broker keeps: records, and ends of transactions.
    """

    group: str
    topic: str
    lags: tuple[int, ...]
    offsets: int

    @property
    def behind(self) -> int:
        """Records that the group has still to work through."""
        return sum(self.lags)


class LogState(NamedTuple):
    """How the log stands."""

    rows: tuple[ReaderLag, ...]

    @property
    def behind(self) -> int:
        """Records behind, of all groups."""
        return sum(row.behind for row in self.rows)


class LogWatch(Protocol):
    """A look at the log; every call raises StoreUnavailable when it cannot be had."""

    async def state(self) -> LogState:
        """How far every group is in every topic."""

    async def dead_letters(self) -> list[DeadLetter]:
        """Latest LETTERS_MAX records that could not be applied, newest first."""


class KafkaLogWatch:
    """Asks the broker; it joins no group and commits nothing."""

    def __init__(self, bootstrap_servers: str, app_id: str, partitions: int) -> None:
        """Connect at each look."""
        self._servers = bootstrap_servers
        self._app_id = app_id
        self._partitions = partitions
        self._codec = StateCodec()

    async def state(self) -> LogState:
        """How far every group is in every topic."""
        try:
            return await asyncio.to_thread(self._state)
        except KafkaException as error:
            raise StoreUnavailable("kafka", str(error)[:500]) from error

    async def dead_letters(self) -> list[DeadLetter]:
        """Latest records that could not be applied, newest first."""
        try:
            return await asyncio.to_thread(self._letters)
        except KafkaException as error:
            raise StoreUnavailable("kafka", str(error)[:500]) from error

    def _state(self) -> LogState:
        rows: list[ReaderLag] = []
        for group, topics in READERS.items():
            with self._reader(group) as reader:
                rows += [self._lag(reader, group, topic) for topic in topics]
        return LogState(tuple(rows))

    def _lag(self, reader: Consumer, group: str, topic: str) -> ReaderLag:
        asked = [TopicPartition(topic, number) for number in range(self._partitions)]
        committed = reader.committed(asked, timeout=ANSWER_SECONDS)
        bounds = self._bounds(reader, topic)
        # A group that has committed nothing has everything to do.
        lags = tuple(
            high - max(place.offset, low)
            for place, (low, high) in zip(committed, bounds, strict=True)
        )
        return ReaderLag(group, topic, lags, sum(high - low for low, high in bounds))

    def _bounds(self, reader: Consumer, topic: str) -> list[tuple[int, int]]:
        """First offset and the one after the last, by partition."""
        found = (
            reader.get_watermark_offsets(
                TopicPartition(topic, number), timeout=ANSWER_SECONDS
            )
            for number in range(self._partitions)
        )
        return [(int(low), int(high)) for low, high in found]

    def _letters(self) -> list[DeadLetter]:
        with self._reader("console") as reader:
            bounds = self._bounds(reader, DEAD_LETTERS.name)
            # Of each partition its latest: any of them may hold the latest of all.
            starts = [
                TopicPartition(DEAD_LETTERS.name, number, max(low, high - LETTERS_MAX))
                for number, (low, high) in enumerate(bounds)
            ]
            wanted = sum(
                high - start.offset
                for (_, high), start in zip(bounds, starts, strict=True)
            )
            if not wanted:
                return []
            reader.assign(starts)
            records = reader.consume(wanted, timeout=ANSWER_SECONDS)
        letters = [self._letter(record.value()) for record in records]
        found = [letter for letter in letters if letter is not None]
        return sorted(found, key=_place, reverse=True)[:LETTERS_MAX]

    def _letter(self, value: bytes | None) -> DeadLetter | None:
        if value is None:
            return None
        try:
            return self._codec.decode_dead_letter(value)
        except MalformedRecord:
            # The end of a transaction is a record too, and holds nothing.
            return None

    @contextmanager
    def _reader(self, group: str) -> Iterator[Consumer]:
        reader = Consumer(
            {
                **kafka_access(self._servers),
                "group.id": f"{self._app_id}-{group}",
                "enable.auto.commit": False,
                "isolation.level": "read_committed",
                "log_level": 0,
            }
        )
        try:
            yield reader
        finally:
            reader.close()


def _place(letter: DeadLetter) -> tuple[int, str, int, int]:
    return (
        letter.recorded_at,
        letter.source_topic,
        letter.source_partition,
        letter.source_offset,
    )


class MemoryLogWatch:
    """The twin in memory: it tells what it was given."""

    def __init__(self) -> None:
        """Stand at the beginning, with nothing to tell."""
        self.is_available = True
        self.rows: tuple[ReaderLag, ...] = ()
        self.letters: list[DeadLetter] = []

    async def state(self) -> LogState:
        """How far every group is in every topic."""
        self._check()
        return LogState(self.rows)

    async def dead_letters(self) -> list[DeadLetter]:
        """Latest records that could not be applied, newest first."""
        self._check()
        latest = sorted(self.letters, key=_place, reverse=True)
        return latest[:LETTERS_MAX]

    def _check(self) -> None:
        if not self.is_available:
            raise StoreUnavailable("kafka", "switched off by a test")
