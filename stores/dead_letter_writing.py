"""How dead letters go back: by one writer, in transactions, to where their key is."""

from typing import Final

from confluent_kafka import Producer

from loyalty.accounts import partition_in
from runtime.kafka_access import kafka_access
from schemas.partitioner import PARTITIONER
from schemas.state import DeadLetter
from schemas.topics import RECORD_BYTES_MAX

TRANSACTION_SECONDS: Final = 15.0
# The partition of a record is its key's, unless it is told.
BY_KEY: Final = -1


def letter_producer(servers: str, app_id: str) -> Producer:
    """Producer under the one transactional id that all who send letters share."""
    return Producer(
        {
            **kafka_access(servers),
            "transactional.id": f"{app_id}-dead-letters",
            "transaction.timeout.ms": int(TRANSACTION_SECONDS * 1_000),
            "acks": "all",
            "partitioner": PARTITIONER,
            "compression.type": "lz4",
            "message.max.bytes": RECORD_BYTES_MAX,
            "log_level": 0,
        }
    )


def send_letter(
    producer: Producer, letter: DeadLetter, value: bytes | None, *, partitions: int
) -> None:
    """Write a letter's record again, with its own value unless one is given."""
    producer.produce(
        letter.source_topic,
        letter.value if value is None else value,
        letter.key,
        _partition_for(letter, partitions),
    )


def _partition_for(letter: DeadLetter, partitions: int) -> int:
    """Partition to send to: the key's, as for everybody who sends to a source."""
    if not letter.key:
        # It will be buried again, but where it was, not where chance puts it.
        return min(letter.source_partition, partitions - 1)
    told = partition_in(letter.key.decode(errors="replace"))
    return BY_KEY if told is None or told >= partitions else told
