"""Kafka as the API writes to it: publish, and wait for the broker's word."""

import asyncio
from threading import Event, Thread
from typing import Final, NamedTuple, Protocol

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from stores.unavailable import StoreUnavailable

IN_FLIGHT_MAX: Final = 10_000
DELIVERY_TIMEOUT_MS: Final = 5_000
PING_SECONDS: Final = 1.0
POLL_SECONDS: Final = 0.05
FLUSH_SECONDS: Final = 5.0


class Published(NamedTuple):
    """Where a record stands in the log."""

    topic: str
    partition: int
    offset: int


class Publisher(Protocol):
    """The way into the log; every call raises StoreUnavailable when it is shut."""

    async def publish(self, topic: str, *, key: bytes, value: bytes) -> Published:
        """Write a record and wait until all replicas in sync have it."""

    async def ping(self) -> None:
        """Answer, or raise."""

    async def close(self) -> None:
        """Deliver what is on its way, within a bound."""


class KafkaPublisher:
    """Publishes with acks of all replicas, without repeats, by the key's partition."""

    def __init__(self, bootstrap_servers: str) -> None:
        """Start the thread that hears the broker's answers."""
        self._producer = Producer(
            {
                "bootstrap.servers": bootstrap_servers,
                "acks": "all",
                "enable.idempotence": True,
                "partitioner": "murmur2_random",
                "linger.ms": 2,
                "compression.type": "lz4",
                "delivery.timeout.ms": DELIVERY_TIMEOUT_MS,
                "log_level": 0,
            }
        )
        self._in_flight = 0
        self._closing = Event()
        Thread(target=self._listen, name="publisher", daemon=True).start()

    async def publish(self, topic: str, *, key: bytes, value: bytes) -> Published:
        """Write a record and wait until all replicas in sync have it."""
        if self._in_flight >= IN_FLIGHT_MAX:
            raise StoreUnavailable("kafka", f"{IN_FLIGHT_MAX} records are on their way")
        loop = asyncio.get_running_loop()
        delivered: asyncio.Future[Published] = loop.create_future()

        def settle(error: KafkaError | None, place: Published) -> None:
            self._in_flight -= 1
            if delivered.done():
                return
            if error is None:
                delivered.set_result(place)
            else:
                delivered.set_exception(StoreUnavailable("kafka", error.str()))

        def on_delivery(error: KafkaError | None, message: Message) -> None:
            place = Published(topic, message.partition() or 0, message.offset() or 0)
            loop.call_soon_threadsafe(settle, error, place)

        try:
            self._producer.produce(topic, value, key, on_delivery=on_delivery)
        except (BufferError, KafkaException) as error:
            raise StoreUnavailable("kafka", str(error)) from error
        self._in_flight += 1
        return await delivered

    async def ping(self) -> None:
        """Answer, or raise."""
        try:
            await asyncio.to_thread(self._producer.list_topics, timeout=PING_SECONDS)
        except KafkaException as error:
            raise StoreUnavailable("kafka", str(error)) from error

    async def close(self) -> None:
        """Deliver what is on its way, within a bound."""
        await asyncio.to_thread(self._producer.flush, FLUSH_SECONDS)
        self._closing.set()

    def _listen(self) -> None:
        while not self._closing.is_set():
            self._producer.poll(POLL_SECONDS)


class MemoryPublisher:
    """The twin in memory: what was published can be looked at."""

    def __init__(self) -> None:
        """Have published nothing."""
        self.published: list[tuple[str, bytes, bytes]] = []
        self.is_available = True

    async def publish(self, topic: str, *, key: bytes, value: bytes) -> Published:
        """Keep a record."""
        await self.ping()
        self.published.append((topic, key, value))
        return Published(topic, 0, len(self.published) - 1)

    async def ping(self) -> None:
        """Answer, or raise."""
        if not self.is_available:
            raise StoreUnavailable("kafka", "switched off by a test")

    async def close(self) -> None:
        """Nothing to deliver."""
