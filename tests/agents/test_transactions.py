"""Where a transaction's checkpoints lie is told, by librdkafka's own broker in memory."""

from types import SimpleNamespace
from typing import Any

from confluent_kafka import Producer

from schemas.state import CHECKPOINT_KEY
from streams.transactions import PartitionWrites, TransactionalProducer

SECONDS_MAX = 30


def writes(members: int) -> Any:
    told = SimpleNamespace(state=b"a state")
    return SimpleNamespace(
        members={f"m-{number}": told for number in range(members)},
        accounts=[(b"\0account", b"an account")],
        headers={},
        updates=[],
        dead_letters=[],
        outbox=[],
        encoded_checkpoint=CHECKPOINT_KEY,
    )


def test_a_transaction_tells_where_the_last_record_of_each_partition_is() -> None:
    memory = Producer({"bootstrap.servers": "none:1", "test.mock.num.brokers": 1})
    (broker,) = memory.list_topics(timeout=SECONDS_MAX).brokers.values()
    address = f"{broker.host}:{broker.port}"
    producer = TransactionalProducer(address, "worker", changelog="changelog")
    producer.fence()

    first = producer.commit(
        [PartitionWrites(0, writes(2)), PartitionWrites(1, writes(0))]
    )
    second = producer.commit([PartitionWrites(1, writes(3))])

    # Members, the account, the checkpoint; and then the marker that ends it.
    assert first == {0: 3, 1: 1}
    assert second == {1: 2 + 1 + 3 + 1}
    producer.close()
