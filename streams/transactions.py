"""Fenced, transactional producers: one for all partitions of a worker, one to claim."""

import logging
import time
from collections.abc import Sequence
from typing import Final, NamedTuple, cast

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from runtime import tracing
from runtime.kafka_access import kafka_access
from runtime.metrics import TRANSACTION_SECONDS
from schemas.partitioner import PARTITIONER
from schemas.state import CHECKPOINT_KEY
from schemas.topics import (
    COMMANDS,
    DEAD_LETTERS,
    MEMBER_UPDATES,
    RECORD_BYTES_MAX,
)
from streams.writes import Writes

logger = logging.getLogger(__name__)

TRANSACTION_TIMEOUT_MS: Final = 60_000
# A commit waits for no lingering. But a client that sends each record at once wakes its
# thread for it, and to hand it a record takes half as long again.
LINGER_MS: Final = 5
CALL_TIMEOUT_SECONDS: Final = 30.0
ATTEMPTS_MAX: Final = 5
RETRY_SECONDS: Final = 0.5


class Fenced(Exception):
    """Another owner of the partition has begun; nothing of ours will be seen."""


class TransactionFailed(Exception):
    """A transaction could not be committed within its attempts."""


class PartitionWrites(NamedTuple):
    """What a transaction says of one partition."""

    partition: int
    writes: Writes


class TransactionalProducer:
    """
    Writes the transactions of one transactional id; all calls block.

    Whoever initialises an id last is the only one that writes under it.
    """

    def __init__(
        self, bootstrap_servers: str, transactional_id: str, *, changelog: str
    ) -> None:
        """Create the producer; nothing is sent before `fence`."""
        self._name = transactional_id
        self._changelog = changelog
        self._producer = Producer(
            {
                **kafka_access(bootstrap_servers),
                "transactional.id": transactional_id,
                "transaction.timeout.ms": TRANSACTION_TIMEOUT_MS,
                "acks": "all",
                "enable.idempotence": True,
                "partitioner": PARTITIONER,
                "linger.ms": LINGER_MS,
                "compression.type": "lz4",
                "message.max.bytes": RECORD_BYTES_MAX,
                "queue.buffering.max.messages": 200_000,
                "log_level": 3,
            }
        )

    def fence(self) -> None:
        """
        Become the only writer: finish or abort what an earlier one left.

        Raises: TransactionFailed when the broker cannot be reached.
        """
        for attempt in range(1, ATTEMPTS_MAX + 1):
            try:
                self._producer.init_transactions(CALL_TIMEOUT_SECONDS)
            except KafkaException as error:
                if not error.args[0].retriable() or attempt == ATTEMPTS_MAX:
                    raise TransactionFailed(f"fence {self._name}: {error}") from error
                time.sleep(RETRY_SECONDS * attempt)
            else:
                return

    def commit(self, parts: Sequence[PartitionWrites]) -> dict[int, int]:
        """
        Make everything visible together, or nothing.

        In this order, all in one transaction, partition by partition: member states
        and accounts to the changelog, updates to `member-updates`, dead letters to
        `dead-letters`, commands to `commands`, the checkpoint to the changelog. Tried
        again after an abort; a commit of unknown outcome is asked for again until it
        is known. Whoever reads may see it a little later: the broker has noted that it
        is committed, and tells each partition by itself.

        Returns the offsets of the checkpoints in the changelog, by partition.
        Raises: Fenced, TransactionFailed.
        """
        for attempt in range(1, ATTEMPTS_MAX + 1):
            started = time.perf_counter()
            ends: dict[int, int] = {}
            try:
                self._producer.begin_transaction()
                for partition, writes in parts:
                    self._produce(partition, writes, ends)
                self._commit()
            except KafkaException as error:
                self._abort_or_raise(error, attempt)
            else:
                # Of its traced records one is an example.
                headers = (
                    one for _, writes in parts for one in writes.headers.values()
                )
                TRANSACTION_SECONDS.observe(
                    time.perf_counter() - started, tracing.exemplar(next(headers, []))
                )
                return ends
        raise TransactionFailed(f"{self._name}: no attempt succeeded")

    def close(self) -> None:
        """Let go of the connection: its threads are waited for."""
        del self._producer

    def _produce(self, partition: int, writes: Writes, ends: dict[int, int]) -> None:
        def note_end(error: KafkaError | None, message: Message) -> None:
            # Of a record that is not there the transaction tells itself.
            if error is None:
                ends[partition] = cast("int", message.offset())

        produce = self._producer.produce
        for member_id, told in writes.members.items():
            produce(self._changelog, told.state, member_id, partition)
        for account_key, account in writes.accounts:
            produce(self._changelog, account, account_key, partition)
        headers = writes.headers
        for member_id, update in writes.updates:
            if member_id in headers:
                traced = headers[member_id]
                produce(
                    MEMBER_UPDATES.name, update, member_id, partition, headers=traced
                )
            else:
                produce(MEMBER_UPDATES.name, update, member_id, partition)
        for key, letter in writes.dead_letters:
            produce(DEAD_LETTERS.name, letter, key, partition)
        for target, command, target_partition in writes.outbox:
            produce(COMMANDS.name, command, target, target_partition)
        produce(
            self._changelog,
            writes.encoded_checkpoint,
            CHECKPOINT_KEY,
            partition,
            on_delivery=note_end,
        )

    def _commit(self) -> None:
        while True:
            try:
                self._producer.commit_transaction(CALL_TIMEOUT_SECONDS)
            except KafkaException as error:
                if not error.args[0].retriable():
                    raise
                # Whether it was committed is not known: only asking again tells.
                logger.warning("commit is asked for again", extra={"error": str(error)})
            else:
                return

    def _abort_or_raise(self, error: KafkaException, attempt: int) -> None:
        kafka_error: KafkaError = error.args[0]
        if kafka_error.fatal() or kafka_error.code() in (
            KafkaError._FENCED,  # noqa: SLF001 - the public name of the code
            KafkaError.INVALID_PRODUCER_EPOCH,
            KafkaError.PRODUCER_FENCED,
        ):
            raise Fenced(f"{self._name}: {kafka_error}") from error
        logger.warning(
            "transaction aborted",
            extra={"transactional_id": self._name, "error": str(kafka_error)},
        )
        try:
            self._producer.abort_transaction(CALL_TIMEOUT_SECONDS)
        except KafkaException as abort_error:
            if abort_error.args[0].fatal():
                raise Fenced(f"{self._name}: {abort_error}") from error
            raise TransactionFailed(f"abort: {abort_error}") from error
        if attempt == ATTEMPTS_MAX:
            raise TransactionFailed(f"{self._name}: {kafka_error}")
        time.sleep(RETRY_SECONDS * attempt)
