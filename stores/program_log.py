"""The log of the program in Kafka: one partition, read whole and followed."""

import asyncio
import logging
import time
from contextlib import suppress
from threading import Event, Thread
from typing import Any, Final

from confluent_kafka import (
    Consumer,
    KafkaError,
    KafkaException,
    Message,
    TopicPartition,
)

from loyalty.publishing.changes import DOCUMENT, Document, ProgramChange, Taken, Verdict
from runtime.kafka_access import kafka_access
from runtime.metrics import PROGRAM_CHANGES, PROGRAM_VERSION
from schemas.framing import MalformedRecord
from schemas.program_changes import ProgramChangeCodec, plain
from schemas.topics import PROGRAM
from stores.log_edges import LogEdges
from stores.memory_program_log import first_document, program_id_of
from stores.program_log_contract import ProgramFold, Snapshot
from stores.publisher import Publisher
from stores.unavailable import StoreUnavailable

logger = logging.getLogger(__name__)

POLL_SECONDS: Final = 0.05
# How often the broker is asked where the log ends.
LOOK_SECONDS: Final = 0.1
ANSWER_SECONDS: Final = 2.0
VERDICT_SECONDS: Final = 5.0
# Who waits to know what others wrote gives up after so long, and goes on without.
CATCH_UP_SECONDS: Final = 1.0
RECORDS_MAX: Final = 500
Waiting = tuple[asyncio.AbstractEventLoop, "asyncio.Future[Verdict]"]
# Who waits until a position is reached.
Behind = tuple[int, asyncio.AbstractEventLoop, "asyncio.Future[None]"]


class KafkaProgramLog:
    """
    Follows the log in a thread of its own.

    `confirmed_at` (monotonic seconds) is the latest moment of which all is known
    that the broker had taken before it.
    """

    def __init__(
        self,
        bootstrap_servers: str,
        document: Document,
        *,
        group_id: str,
        publisher: Publisher | None = None,
    ) -> None:
        """
        Begin with the document of a file; without a publisher it is read only.

        Raises: InvalidProgram.
        """
        self.confirmed_at = float("-inf")
        self._begun_at = time.monotonic()
        self._fold = ProgramFold(plain(document))
        self._codec = ProgramChangeCodec()
        self._publisher = publisher
        self._waiting: dict[str, Waiting] = {}
        self._behind: list[Behind] = []
        self._catching_up = asyncio.Lock()
        self._is_read = Event()
        self._closing = Event()
        self._is_away = False
        self._position = 0
        self._partition = TopicPartition(PROGRAM.name, 0, 0)
        config = {
            **kafka_access(bootstrap_servers),
            "group.id": f"{group_id}-program",
            "enable.auto.commit": False,
            "isolation.level": "read_committed",
            # With the default `latest` an offset out of range would skip all.
            "auto.offset.reset": "earliest",
            "enable.partition.eof": True,
            "log_level": 0,
        }
        self._consumer = Consumer(config)
        # On the reader's connection the question would wait behind its fetch, which
        # the broker holds back while nothing comes.
        self._edges = LogEdges(Consumer(config), timeout_seconds=ANSWER_SECONDS)
        self._thread = Thread(target=self._follow, name="program-log", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def wait_until_read(self, timeout_seconds: float) -> None:
        """
        Wait until all is read that was there.

        Raises: StoreUnavailable.
        """
        if not self._is_read.wait(timeout_seconds):
            detail = (
                f"{PROGRAM.name} was not read to its end in {timeout_seconds:.0f} s"
            )
            raise StoreUnavailable("kafka", detail)

    @property
    def snapshot(self) -> Snapshot:
        """What is known now."""
        return self._fold.snapshot

    @property
    def silent_seconds(self) -> float:
        """How long ago the log was last known to its end."""
        return time.monotonic() - max(self.confirmed_at, self._begun_at)

    async def catch_up(self) -> None:
        """Know all that the broker had when this was called, whoever wrote it."""
        came_at = time.monotonic()
        if self._is_away or not self._is_read.is_set():
            return
        try:
            async with asyncio.timeout(CATCH_UP_SECONDS), self._catching_up:
                # One look is for all who came before it.
                if self.confirmed_at < came_at:
                    await self._look()
        except (TimeoutError, KafkaException, RuntimeError) as error:
            # Closed meanwhile is a RuntimeError.
            logger.warning("program may be behind", extra={"reason": str(error)[:200]})

    async def _look(self) -> None:
        """Ask the broker where the log ends, and wait until it is read so far."""
        looked_at = time.monotonic()
        places = [(PROGRAM.name, 0)]
        (end,) = await asyncio.to_thread(self._edges.ends, places)
        loop = asyncio.get_running_loop()
        reached: asyncio.Future[None] = loop.create_future()
        behind = (end, loop, reached)
        self._behind.append(behind)
        try:
            # Noted first, then looked at: so the reader does not miss it.
            if self._position < end:
                await reached
        finally:
            self._behind.remove(behind)
        self.confirmed_at = max(self.confirmed_at, looked_at)

    async def append(self, change: ProgramChange) -> Verdict:
        """Write a change, and wait until it has been read back and judged."""
        await self.ping()
        if change.kind != DOCUMENT and not self.snapshot.is_recorded:
            # Of several who do so the first is taken; all of them go on.
            await self._append(first_document(self._fold.document, change))
        return await self._append(change)

    async def ping(self) -> None:
        """Answer if the log has been read, or raise."""
        if not self._is_read.is_set():
            raise StoreUnavailable("kafka", f"{PROGRAM.name} has not been read yet")

    async def close(self) -> None:
        """Read no more."""
        await asyncio.to_thread(self.stop)

    def stop(self) -> None:
        """Read no more; waits for the thread, within a bound."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join(ANSWER_SECONDS + 1)

    async def _append(self, change: ProgramChange) -> Verdict:
        assert self._publisher is not None, "this log is read only"
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Verdict] = loop.create_future()
        self._waiting[change.change_id] = (loop, future)
        key = change.change_id.encode()
        value = self._codec.encode(change, program_id_of(self._fold.document))
        try:
            await self._publisher.publish(PROGRAM.name, key=key, value=value)
            return await asyncio.wait_for(future, VERDICT_SECONDS)
        except TimeoutError as error:
            detail = "the change is written, and not read back yet: look at the rule"
            raise StoreUnavailable("kafka", detail) from error
        finally:
            self._waiting.pop(change.change_id, None)

    def _follow(self) -> None:
        try:
            self._follow_until_closed()
        # Nobody would hear of it: whoever needs to know is told not to wait for us.
        except Exception:
            logger.exception("program is followed no longer")
            self._is_read.clear()
            self.confirmed_at = float("-inf")
        self._consumer.close()
        self._edges.close()

    def _follow_until_closed(self) -> None:
        self._consumer.assign([self._partition])
        looked_at = float("-inf")
        end = -1
        while not self._closing.is_set():
            now = time.monotonic()
            if now - looked_at >= LOOK_SECONDS and self._position >= end:
                found = self._end()
                if found >= 0:
                    looked_at, end = now, found
            self._read()
            self._tell_reached()
            if 0 <= end <= self._position:
                # All that the broker had when it was asked has been taken.
                self.confirmed_at = max(self.confirmed_at, looked_at)
                self._is_read.set()

    def _end(self) -> int:
        try:
            low, end = self._asked()
        except KafkaException as error:
            if not self._is_away:
                reason = str(error)[:200]
                logger.warning("program not readable", extra={"reason": reason})
            self._is_away = True
            return -1
        self._is_away = False
        self._position = max(self._position, low)
        return end

    def _asked(self) -> tuple[int, int]:
        """Where the log begins, as long as that matters, and ends."""
        if not self._is_read.is_set():
            return self._edges.of(PROGRAM.name, 0)
        (end,) = self._edges.ends([(PROGRAM.name, 0)])
        return 0, end

    def _read(self) -> None:
        first = self._consumer.poll(POLL_SECONDS)
        if first is None:
            return
        for message in (first, *self._consumer.consume(RECORDS_MAX, 0)):
            error = message.error()
            if error is None:
                self._take(message)
            elif error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001 - the code's public name
                self._position = max(self._position, message.offset())

    def _tell_reached(self) -> None:
        for end, loop, reached in tuple(self._behind):
            if self._position >= end:
                with suppress(RuntimeError):
                    loop.call_soon_threadsafe(_settle, reached, None)

    def _take(self, message: Message) -> None:
        offset = message.offset()
        try:
            change = self._codec.decode(message.value(), message.timestamp()[1])
        except MalformedRecord as malformed:
            # Every reader leaves it out; who may write here is a matter of ACLs.
            logger.exception(
                "not a change of the program",
                extra={"topic": PROGRAM.name, "offset": offset},
            )
            PROGRAM_CHANGES.labels(malformed.reason).inc()
            self._position = offset + 1
            return
        verdict = self._fold.take(change)
        self._position = offset + 1
        taken = isinstance(verdict, Taken)
        PROGRAM_CHANGES.labels("taken" if taken else "refused").inc()
        PROGRAM_VERSION.set(self.snapshot.publishing.timeline[-1].number)
        logger.info(
            "program change",
            extra={
                "offset": offset,
                "kind": change.kind,
                "rule": change.rule_id,
                "verdict": "taken" if taken else verdict[0],
            },
        )
        waiting = self._waiting.get(change.change_id)
        if waiting is not None:
            loop, future = waiting
            # A loop that has ended has nobody who waits.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(_settle, future, verdict)


def _settle(future: "asyncio.Future[Any]", told: Verdict | None) -> None:
    if not future.done():
        future.set_result(told)
