"""Orders at a fixed rate from a thread, and how long some of them take to Redis."""

import threading
import time
from collections.abc import Iterator
from typing import Final, NamedTuple

import redis
from confluent_kafka import Producer

from jobs.traffic import simple_orders
from local.stack import Stack
from loyalty.events import OrderEvent, Tick
from schemas.events import EventCodec
from schemas.partitioner import PARTITIONER
from schemas.topics import CLOCK, ORDERS

SAMPLE_EVERY: Final = 20
# Seventy days of event time pass in 100,000 orders: returns close, points end.
GAP_MS: Final = 60_000
PIECE: Final = 100_000
# Nineteen years; an order of tomorrow would be a dead letter.
ORDERS_MAX: Final = 10_000_000
# A day of event time.
TICK_EVERY: Final = 1_440
# What the client holds back until the broker has it.
FLUSH_EVERY: Final = 50_000
CALL_SECONDS: Final = 60.0
# As tills send, see `latency`.
LINGER_MS: Final = 2
WAITING_MAX: Final = 500


class Wait(NamedTuple):
    """How long a sampled order took to be readable; `sent_at` in seconds since 1970."""

    sent_at: float
    seconds: float


def years_of_orders(members: int, until_ms: int) -> Iterator[OrderEvent]:
    """ORDERS_MAX orders, each GAP_MS after the one before; the last is of a time."""
    begin = until_ms - ORDERS_MAX * GAP_MS
    for piece in range(ORDERS_MAX // PIECE):
        start = begin + piece * PIECE * GAP_MS
        yield from simple_orders(PIECE, members, piece, start_ms=start, gap_ms=GAP_MS)
    raise RuntimeError(f"{ORDERS_MAX} orders were sent: the next would be of tomorrow")


class Till:
    """Sends orders; time goes with them, a tick a day, unless somebody else says it."""

    def __init__(
        self, broker: str, *, linger_ms: int, tick_every: int = TICK_EVERY
    ) -> None:
        """Connect; a tick after so many orders, 0 for none."""
        self.sent = 0
        # Event time of the last tick (ms).
        self.ticked_at = 0
        self._tick_every = tick_every
        self._codec = EventCodec()
        self._producer = Producer(
            {
                "bootstrap.servers": broker,
                "partitioner": PARTITIONER,
                "linger.ms": linger_ms,
            }
        )
        topics = self._producer.list_topics(CLOCK.name, CALL_SECONDS).topics
        self._clock = list(topics[CLOCK.name].partitions)

    def send(self, order: OrderEvent) -> None:
        """Send one; of too many that are on their way it waits for all."""
        if self.sent % FLUSH_EVERY == FLUSH_EVERY - 1:
            self.flush()
        value = self._codec.encode_order(order)
        self._producer.produce(ORDERS.name, value, order.member_id)
        self.sent += 1
        if self._tick_every and self.sent % self._tick_every == 0:
            self.tick(order.occurred_at)
        self._producer.poll(0)

    def tick(self, at: int) -> None:
        """Say what time it is (ms), to all partitions."""
        self.ticked_at = at
        tick = self._codec.encode_tick(Tick(at))
        for partition in self._clock:
            self._producer.produce(CLOCK.name, tick, partition=partition)

    def flush(self) -> None:
        """Let the broker have what was sent."""
        self._producer.flush(CALL_SECONDS)


class SteadyLoad:
    """Sends until it is stopped; `waits` grows as sampled orders arrive."""

    def __init__(
        self,
        broker: str,
        redis_url: str,
        *,
        rate: int,
        orders: Iterator[OrderEvent],
        tick_every: int = TICK_EVERY,
    ) -> None:
        """So many of these a second."""
        self.waits: list[Wait] = []
        self._rate, self._orders = rate, orders
        self._views = redis.Redis.from_url(redis_url)
        self._till = Till(broker, linger_ms=LINGER_MS, tick_every=tick_every)
        self._waiting: dict[str, tuple[float, int]] = {}
        self._ended = threading.Event()
        self._threads = [
            threading.Thread(target=target, daemon=True)
            for target in (self._send, self._look)
        ]

    @property
    def sent(self) -> int:
        """How many orders were sent."""
        return self._till.sent

    @property
    def ticked_at(self) -> int:
        """Event time of the last tick that was sent (ms), 0 before it."""
        return self._till.ticked_at

    def start(self) -> None:
        """Begin to send."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Send no more; what is not seen until now has waited until now."""
        self._ended.set()
        for thread in self._threads:
            thread.join()
        now = time.time()
        self.waits += [Wait(at, now - at) for at, _ in self._waiting.values()]
        self._till.flush()

    def _send(self) -> None:
        begun = time.monotonic()
        for order in self._orders:
            left = begun + self.sent / self._rate - time.monotonic()
            if self._ended.wait(left) if left > 0 else self._ended.is_set():
                return
            self._sample(order.member_id)
            self._till.send(order)

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


def start_load(
    stack: Stack,
    orders: Iterator[OrderEvent],
    rate: int,
    *,
    tick_every: int = TICK_EVERY,
) -> SteadyLoad:
    """Begin to send at a rate to the servers of a stack."""
    addresses = stack.addresses()
    places = addresses["bootstrap_servers"], addresses["redis_url"]
    load = SteadyLoad(*places, rate=rate, orders=orders, tick_every=tick_every)
    load.start()
    return load


def percentile(waits: list[Wait], percent: int) -> float:
    """Seconds that so many of a hundred waits do not exceed; 0.0 without any."""
    seconds = sorted(wait.seconds for wait in waits)
    return seconds[(len(seconds) - 1) * percent // 100] if seconds else 0.0
