"""Members for requests to ask about: each has points that live, and offers."""

import time
from typing import Final

from confluent_kafka import Producer

from jobs.traffic import simple_orders
from loyalty.events import Attribute, Command
from schemas.events import EventCodec
from schemas.partitioner import PARTITIONER
from schemas.topics import COMMANDS, ORDERS

# Enough for some offers of programs/demo.yaml, and for a redemption each second.
POINTS: Final = 600


def place_orders(broker: str, members: int) -> None:
    """Let each member place an order today: those of a run are of long ago."""
    producer, codec, now_ms = _producer(broker), EventCodec(), _now_ms()
    for number, simple in enumerate(simple_orders(members, members, 2), 1):
        order_id = f"today-{now_ms}-{number}"
        order = simple._replace(
            event_id=order_id,
            order_id=order_id,
            member_id=f"member-{number}",
            occurred_at=now_ms,
        )
        producer.produce(ORDERS.name, codec.encode_order(order), order.member_id)
    producer.flush()


def give_points(broker: str, members: int) -> None:
    """Give each member points that live: those of the run's orders are over."""
    producer, codec, now_ms = _producer(broker), EventCodec(), _now_ms()
    given: dict[str, Attribute] = {"points": POINTS, "reason": "benchmark"}
    for number in range(1, members + 1):
        name = f"member-{number}"
        command = Command(
            f"give-{now_ms}-{number}", name, "points.adjust", now_ms, "service", given
        )
        producer.produce(COMMANDS.name, codec.encode_command(command), name)
    producer.flush()


def _producer(broker: str) -> Producer:
    return Producer(
        {
            "bootstrap.servers": broker,
            "partitioner": PARTITIONER,
            "linger.ms": 20,
            "queue.buffering.max.messages": 1_000_000,
        }
    )


def _now_ms() -> int:
    return int(time.time() * 1_000)
