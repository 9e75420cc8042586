"""What is on the topics before something is measured."""

from typing import Final

from confluent_kafka import OFFSET_END, Producer, TopicPartition
from confluent_kafka.admin import AdminClient

from jobs.traffic import START_MS, simple_orders
from schemas.events import EventCodec
from schemas.partitioner import PARTITIONER
from schemas.topics import MEMBER_UPDATES, ORDERS

MEMBERS: Final = 50_000
ANSWER_SECONDS: Final = 30
GAP_MS: Final = 10


def produce_orders(
    bootstrap_servers: str,
    orders: int,
    *,
    seed: int = 1,
    members: int = MEMBERS,
    after: int = 0,
) -> None:
    """Produce orders of 2.5 lines, always the same; behind so many of others."""
    producer = Producer(
        {
            "bootstrap.servers": bootstrap_servers,
            "partitioner": PARTITIONER,
            "linger.ms": 20,
            "compression.type": "lz4",
            "queue.buffering.max.messages": 1_000_000,
        }
    )
    codec = EventCodec()
    begun_at = START_MS + after * GAP_MS
    for order in simple_orders(orders, members, seed, start_ms=begun_at, gap_ms=GAP_MS):
        producer.produce(ORDERS.name, codec.encode_order(order), order.member_id)
    producer.flush()


def forget_updates(bootstrap_servers: str, partitions: int) -> None:
    """Let go of all updates: each engine writes its own, and sinks would read all."""
    admin = AdminClient({"bootstrap.servers": bootstrap_servers})
    whole = [
        TopicPartition(MEMBER_UPDATES.name, number, OFFSET_END)
        for number in range(partitions)
    ]
    for deleted in admin.delete_records(whole).values():
        deleted.result(ANSWER_SECONDS)
