"""Orders at a fixed rate from a thread, and how long some of them take to Redis."""

import threading
import time
from itertools import count
from typing import Final, NamedTuple

import redis
from confluent_kafka import Producer

from jobs.traffic import simple_orders
from schemas.events import EventCodec
from schemas.partitioner import PARTITIONER
from schemas.topics import ORDERS

SAMPLE_EVERY: Final = 20
# So many days of event time pass in 100,000 orders: returns close, states stay small.
GAP_MS: Final = 60_000
PIECE: Final = 100_000
WAITING_MAX: Final = 500


class Wait(NamedTuple):
    """How long a sampled order took to be readable; `sent_at` in seconds since 1970."""

    sent_at: float
    seconds: float


class SteadyLoad:
    """Sends until it is stopped; `waits` grows as sampled orders arrive."""

    def __init__(self, broker: str, redis_url: str, *, rate: int, members: int) -> None:
        """Orders a second, of so many members."""
        self.sent = 0
        self.waits: list[Wait] = []
        self._rate, self._members = rate, members
        self._views = redis.Redis.from_url(redis_url)
        self._producer = Producer(
            {"bootstrap.servers": broker, "partitioner": PARTITIONER, "linger.ms": 0}
        )
        self._waiting: dict[str, tuple[float, int]] = {}
        self._ended = threading.Event()
        self._threads = [
            threading.Thread(target=target, daemon=True)
            for target in (self._send, self._look)
        ]

    def start(self) -> None:
        """Begin to send."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Send no more, and let the broker have what was sent."""
        self._ended.set()
        for thread in self._threads:
            thread.join()
        self._producer.flush(30)

    def _send(self) -> None:
        codec = EventCodec()
        begun = time.monotonic()
        for piece in count():
            orders = simple_orders(PIECE, self._members, piece, gap_ms=GAP_MS)
            for order in orders:
                left = begun + self.sent / self._rate - time.monotonic()
                if self._ended.wait(left) if left > 0 else self._ended.is_set():
                    return
                later = order.occurred_at + piece * PIECE * GAP_MS
                value = codec.encode_order(order._replace(occurred_at=later))
                self._sample(order.member_id)
                self._producer.produce(ORDERS.name, value, order.member_id)
                self._producer.poll(0)
                self.sent += 1

    def _sample(self, member_id: str) -> None:
        is_due = self.sent % SAMPLE_EVERY == 0 and member_id not in self._waiting
        if is_due and len(self._waiting) < WAITING_MAX:
            self._waiting[member_id] = (time.time(), self._version(member_id))

    def _look(self) -> None:
        while not self._ended.wait(0.001):
            for member_id in list(self._waiting)[:5]:
                sent_at, known = self._waiting[member_id]
                if self._version(member_id) > known:
                    self.waits.append(Wait(sent_at, time.time() - sent_at))
                    del self._waiting[member_id]

    def _version(self, member_id: str) -> int:
        found = self._views.hget(f"regulars:member:{member_id}", "version")
        return int(found or 0)


def percentile(waits: list[Wait], percent: int) -> float:
    """Seconds that so many of a hundred waits do not exceed; 0.0 without any."""
    seconds = sorted(wait.seconds for wait in waits)
    return seconds[(len(seconds) - 1) * percent // 100] if seconds else 0.0
