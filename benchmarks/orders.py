"""Orders on their topic, before anything is measured."""

from typing import Final

from confluent_kafka import Producer

from jobs.traffic import simple_orders
from schemas.events import EventCodec
from schemas.partitioner import PARTITIONER
from schemas.topics import ORDERS

MEMBERS: Final = 50_000


def produce_orders(bootstrap_servers: str, orders: int) -> None:
    """Produce orders of 2.5 lines, always the same."""
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
    for order in simple_orders(orders, MEMBERS, 1):
        producer.produce(ORDERS.name, codec.encode_order(order), order.member_id)
    producer.flush()
