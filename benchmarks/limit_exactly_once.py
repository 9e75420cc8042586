"""
Yardstick: what any engine on this client does, and nothing else.

It consumes and decodes orders and produces, exactly once, a state and an update for
each, as long as an engine's are by points only. There is no member and no rule, and
nothing is encoded: all of it is the client, in one process.
"""

import random
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import cycle
from typing import Final

from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from schemas.events import EventCodec
from schemas.topics import ORDERS

STATES: Final = "limit-states"
UPDATES: Final = "limit-updates"
STATE_BYTES: Final = 424
UPDATE_BYTES: Final = 1_270
VALUES: Final = 2_000
LOOK_RECORDS: Final = 2_000
TRANSACTION_RECORDS: Final = 10_000
CALL_SECONDS: Final = 30.0

# Key and partition of an order.
Work = list[tuple[bytes, int]]
# State and update.
Told = tuple[bytes, bytes]


def main(arguments: list[str]) -> None:
    """Work through so many orders: broker, partitions, expected."""
    broker, partitions, expected = arguments[0], int(arguments[1]), int(arguments[2])
    make_topics(broker, partitions)
    consumer = Consumer(
        {
            "bootstrap.servers": broker,
            "group.id": "limit-exactly-once",
            "enable.auto.commit": False,
            "isolation.level": "read_committed",
        }
    )
    consumer.assign([TopicPartition(ORDERS.name, n, 0) for n in range(partitions)])
    producer = Producer(
        {
            "bootstrap.servers": broker,
            "transactional.id": "limit-exactly-once",
            "acks": "all",
            "linger.ms": 5,
            "compression.type": "lz4",
            "queue.buffering.max.messages": 200_000,
        }
    )
    producer.init_transactions(CALL_SECONDS)
    consumer.consume(1, CALL_SECONDS)
    consumer.assign([TopicPartition(ORDERS.name, n, 0) for n in range(partitions)])
    started, cpu_started = time.perf_counter(), time.process_time()
    count = work(consumer, producer, expected)
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu_started
    sys.stdout.write(f"{count} {seconds:.3f} {cpu:.3f}\n")
    consumer.close()


def work(consumer: Consumer, producer: Producer, expected: int) -> int:
    """Read while the transaction before is committed in a thread; how many it were."""
    codec, count, pending = EventCodec(), 0, Work()
    under_way: Future[None] | None = None
    told = cycle(values())
    with ThreadPoolExecutor(1) as thread:
        while count < expected:
            messages = consumer.consume(LOOK_RECORDS, 0.1)
            for message in messages:
                key = message.key()
                codec.decode_order(key, message.value(), message.timestamp()[1])
                pending.append((key, message.partition()))
            count += len(messages)
            if len(pending) >= TRANSACTION_RECORDS or count >= expected:
                if under_way is not None:
                    under_way.result()
                under_way = thread.submit(commit, producer, pending, told)
                pending = []
        assert under_way is not None, "there are orders"
        under_way.result()
    return count


def commit(producer: Producer, orders: Work, told: Iterator[Told]) -> None:
    """Produce a transaction: two records an order, and how far each partition is."""
    producer.begin_transaction()
    for (key, partition), (state, update) in zip(orders, told, strict=False):
        producer.produce(STATES, state, key, partition)
        producer.produce(UPDATES, update, key, partition)
    for partition in {partition for _, partition in orders}:
        producer.produce(STATES, bytes(STATE_BYTES), b"position", partition)
    producer.commit_transaction(CALL_SECONDS)


def values() -> list[Told]:
    """States and updates, each another, of which half can be compressed."""
    chance = random.Random(1)

    def value(size: int) -> bytes:
        return chance.randbytes(size // 2) + bytes(size - size // 2)

    return [(value(STATE_BYTES), value(UPDATE_BYTES)) for _ in range(VALUES)]


def make_topics(broker: str, partitions: int) -> None:
    """Make the topics that it writes."""
    admin = AdminClient({"bootstrap.servers": broker})
    topics = [NewTopic(name, partitions, 1) for name in (STATES, UPDATES)]
    for made in admin.create_topics(topics).values():
        made.result()


if __name__ == "__main__":
    main(sys.argv[1:])
