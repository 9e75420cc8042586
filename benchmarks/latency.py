"""From producing an order to its view in Redis, at a fixed rate: p50, p99."""

import sys
import time

import redis
from confluent_kafka import Producer

from jobs.traffic import simple_orders
from schemas.events import EventCodec
from schemas.partitioner import PARTITIONER
from schemas.topics import ORDERS

MEMBERS = 5_000
SAMPLE_EVERY = 10
# How long between two looks: what is measured is later by half of it. A watcher that
# never sleeps would take the processor from what it watches.
LOOK_SECONDS = 0.003
LOOKED_AT_MAX = 64
LOST_SECONDS = 10.0


def main(arguments: list[str]) -> None:
    """Produce at a rate, look every tenth up: broker, redis, rate, seconds."""
    broker, redis_url, rate, seconds = arguments
    views = redis.Redis.from_url(redis_url)
    waits = measure(broker, views, rate=int(rate), seconds=int(seconds))
    waits.sort()
    p50, p99 = waits[len(waits) // 2], waits[len(waits) * 99 // 100]
    sys.stdout.write(f"{len(waits)} {p50 * 1000:.1f} {p99 * 1000:.1f}\n")


def measure(broker: str, views: redis.Redis, *, rate: int, seconds: int) -> list[float]:
    """Seconds that each sampled order took to be readable."""
    producer = Producer(
        {
            "bootstrap.servers": broker,
            "partitioner": PARTITIONER,
            # As tills should: what comes while requests are under way goes together.
            "enable.idempotence": True,
            "linger.ms": 2,
        }
    )
    codec = EventCodec()
    waiting: dict[str, tuple[float, int]] = {}
    waits: list[float] = []
    # Tills send orders of now: what is earlier than a member's latest is judged anew
    # with all that came after it, and that is another question.
    now = time.time()
    orders = simple_orders(
        rate * seconds,
        MEMBERS,
        int(now),
        start_ms=int(now * 1_000),
        gap_ms=1_000 // rate,
    )
    begun = time.perf_counter()
    for number, order in enumerate(orders):
        key = order.member_id
        due = begun + number / rate
        while time.perf_counter() < due:
            producer.poll(0)
            _look(views, waiting, waits)
        if number % SAMPLE_EVERY == 0 and key not in waiting:
            waiting[key] = (time.perf_counter(), _version(views, key))
        producer.produce(ORDERS.name, codec.encode_order(order), key)
    producer.flush(10)
    deadline = time.perf_counter() + LOST_SECONDS
    while waiting and time.perf_counter() < deadline:
        _look(views, waiting, waits)
    assert not waiting, f"{len(waiting)} orders never arrived"
    return waits


def _look(
    views: redis.Redis,
    waiting: dict[str, tuple[float, int]],
    waits: list[float],
) -> None:
    """Read those waited for longest, all at once; and rest."""
    time.sleep(LOOK_SECONDS)
    keys = list(waiting)[:LOOKED_AT_MAX]
    if not keys:
        return
    asked = views.pipeline(transaction=False)
    for key in keys:
        asked.hget(f"regulars:member:{key}", "version")
    now = time.perf_counter()
    for key, found in zip(keys, asked.execute(), strict=True):
        since, known = waiting[key]
        if int(found or 0) > known:
            waits.append(now - since)
            del waiting[key]


def _version(views: redis.Redis, key: str) -> int:
    found = views.hget(f"regulars:member:{key}", "version")
    return int(found or 0)


if __name__ == "__main__":
    main(sys.argv[1:])
