"""Reading a partition's changelog back: the members and how far they are."""

import logging
import time
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from confluent_kafka import Consumer, KafkaError, TopicPartition

from loyalty.settling import Account
from runtime.kafka_access import kafka_access
from schemas.accounts import KEY_PREFIX
from schemas.framing import SINGLE_OBJECT_MARKER, MalformedRecord
from schemas.state import CHECKPOINT_KEY, Checkpoint, StateCodec

logger = logging.getLogger(__name__)

POLL_RECORDS: Final = 10_000
# How long the client waits for a full batch: also at the very end.
POLL_SECONDS: Final = 0.05
STALL_SECONDS_MAX: Final = 30.0
WATERMARK_TIMEOUT_SECONDS: Final = 10.0

States = list[tuple[str, bytes]]


class RestoreFailed(Exception):
    """The changelog cannot be read, or not believed; the worker must not go on."""


class WrittenByNewer(RestoreFailed):
    """A newer release has written the partition; a worker of that release can go on."""


class Restored(NamedTuple):
    """What a changelog says from one position to another."""

    checkpoint: Checkpoint | None
    end: int
    records: int
    seconds: float
    accounts: Sequence[tuple[str, Account]] = ()


class ChangelogReader:
    """Reads partitions of the changelog, committed records only; calls block."""

    def __init__(self, bootstrap_servers: str, changelog: str) -> None:
        """Say which changelog."""
        self._bootstrap_servers = bootstrap_servers
        self._changelog = changelog
        self._codec = StateCodec()

    def read(
        self, partition: int, start: int, take: Callable[[States], None]
    ) -> Restored:
        """
        Read from a position to the end of a fenced partition; states go to `take`.

        The end is asked for after fencing, so nothing can be added behind it.

        Raises: RestoreFailed naming topic, partition and offset.
        """
        started = time.perf_counter()
        accounts: list[tuple[str, Account]] = []
        consumer = self._consumer()
        try:
            end = self._end(consumer, partition)
            checkpoint, records = None, 0
            if start < end:
                consumer.assign([TopicPartition(self._changelog, partition, start)])
                checkpoint, records = self._read_to(
                    consumer, partition, end, take=take, accounts=accounts
                )
        finally:
            consumer.close()
        seconds = time.perf_counter() - started
        return Restored(checkpoint, end, records, seconds, accounts)

    def _consumer(self) -> Consumer:
        return Consumer(
            {
                **kafka_access(self._bootstrap_servers),
                "group.id": f"{self._changelog}-restore",
                "enable.auto.commit": False,
                "isolation.level": "read_committed",
                # With the default `latest` an offset out of range would skip all.
                "auto.offset.reset": "earliest",
                "enable.partition.eof": True,
                "check.crcs": True,
                "fetch.message.max.bytes": 8_388_608,
                "queued.min.messages": 200_000,
                # At the end the broker holds an empty answer back for so long.
                "fetch.wait.max.ms": 10,
                "log_level": 3,
            }
        )

    def _end(self, consumer: Consumer, partition: int) -> int:
        try:
            _, end = consumer.get_watermark_offsets(
                TopicPartition(self._changelog, partition),
                timeout=WATERMARK_TIMEOUT_SECONDS,
            )
        except Exception as error:
            raise RestoreFailed(f"{self._changelog}-{partition}: {error}") from error
        return int(end)

    def _own(
        self, key: bytes, value: bytes, accounts: list[tuple[str, Account]]
    ) -> Checkpoint | None:
        """Read what is no member's: a checkpoint is returned, an account put away."""
        if key == CHECKPOINT_KEY:
            return self._codec.decode_checkpoint(value)
        accounts.append(self._codec.accounts.decode(value))
        return None

    def _read_to(
        self,
        consumer: Consumer,
        partition: int,
        end: int,
        *,
        take: Callable[[States], None],
        accounts: list[tuple[str, Account]],
    ) -> tuple[Checkpoint | None, int]:
        checkpoint = None
        records = 0
        # Most states are of the current schema, and one comparison says so.
        header = self._codec.member_header
        moved_at = time.monotonic()
        where = f"{self._changelog}-{partition}"
        while True:
            states: States = []
            finished = False
            for message in consumer.consume(POLL_RECORDS, POLL_SECONDS):
                error = message.error()
                if error is not None:
                    if error.code() != KafkaError._PARTITION_EOF:  # noqa: SLF001 - the code's public name
                        raise RestoreFailed(f"{where}: {error}")
                    finished = message.offset() >= end
                    continue
                key, value = message.key(), message.value()
                records += 1
                try:
                    if key and key[:1] == KEY_PREFIX:
                        checkpoint = self._own(key, value, accounts) or checkpoint
                    elif key and value:
                        if not value.startswith(header):
                            self._codec.check_member(value)
                        states.append((key.decode(), value))
                except (MalformedRecord, UnicodeDecodeError) as broken:
                    place = f"{where} offset {message.offset()}"
                    raise _refusal(place, value, broken) from broken
            if states:
                moved_at = time.monotonic()
                take(states)
            if finished:
                return checkpoint, records
            if time.monotonic() - moved_at > STALL_SECONDS_MAX:
                raise RestoreFailed(
                    f"{where}: nothing came for {STALL_SECONDS_MAX:.0f} s before {end}"
                )


def _refusal(
    place: str, value: bytes | None, broken: MalformedRecord | UnicodeDecodeError
) -> RestoreFailed:
    """What is to be said of a record that cannot be read: broken, or too new."""
    if (
        isinstance(broken, MalformedRecord)
        and broken.reason == "unknown-schema"
        and (value or b"").startswith(SINGLE_OBJECT_MARKER)
    ):
        return WrittenByNewer(
            f"{place} has a schema that this release does not know: a newer one has "
            "written it, and goes on with it; see docs/upgrading.md"
        )
    return RestoreFailed(
        f"{place} is not a member state: "
        f"{broken}; see docs/operations.md, 'A broken changelog'"
    )
