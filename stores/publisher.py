"""Kafka as the API writes to it: publish, and wait for the broker's word."""

import asyncio
from contextlib import suppress
from threading import Event, Thread
from typing import Final, NamedTuple, Protocol

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from runtime.kafka_access import kafka_access
from runtime.tracing import Headers, publish_span
from schemas.events import KEY_BYTES_MAX
from schemas.partitioner import PARTITIONER
from schemas.topics import SOURCE_BYTES_MAX
from stores.unavailable import StoreUnavailable

IN_FLIGHT_MAX: Final = 10_000
# Large records fill memory long before there are so many of them.
IN_FLIGHT_KIB_MAX: Final = 131_072
# Shorter than a stop of the API, so that a request in flight is answered.
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
        """
        Write a record and wait until all replicas in sync have it.

        After StoreUnavailable it may be in the log all the same: send it again
        under its own id, which counts once.
        """

    async def ping(self) -> None:
        """Answer, or raise."""

    async def close(self) -> None:
        """Deliver what is on its way, within a bound."""


class KafkaPublisher:
    """Publishes with acks of all replicas, without repeats, by the key's partition."""

    def __init__(
        self, bootstrap_servers: str, *, delivery_timeout_ms: int = DELIVERY_TIMEOUT_MS
    ) -> None:
        """Start the thread that hears the broker's answers."""
        self._producer = Producer(
            {
                **kafka_access(bootstrap_servers),
                "acks": "all",
                "enable.idempotence": True,
                "partitioner": PARTITIONER,
                "linger.ms": 2,
                "compression.type": "lz4",
                "delivery.timeout.ms": delivery_timeout_ms,
                "message.max.bytes": SOURCE_BYTES_MAX + KEY_BYTES_MAX,
                "queue.buffering.max.messages": IN_FLIGHT_MAX,
                "queue.buffering.max.kbytes": IN_FLIGHT_KIB_MAX,
                "log_level": 0,
            }
        )
        self._in_flight = 0
        self._closing = Event()
        self._closed = Event()
        Thread(target=self._listen, name="publisher", daemon=True).start()

    async def publish(self, topic: str, *, key: bytes, value: bytes) -> Published:
        """Write a record and wait until all replicas in sync have it."""
        if self._closing.is_set():
            # Nobody would hear the broker's answer.
            raise StoreUnavailable("kafka", "this process is stopping")
        if self._in_flight >= IN_FLIGHT_MAX:
            raise StoreUnavailable("kafka", f"{IN_FLIGHT_MAX} records are on their way")
        with publish_span(topic) as headers:
            return await self._publish(topic, key=key, value=value, headers=headers)

    async def _publish(
        self, topic: str, *, key: bytes, value: bytes, headers: Headers
    ) -> Published:
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
            # A loop that has ended has nobody who waits; others still listen.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(settle, error, place)

        try:
            self._producer.produce(
                topic, value, key, headers=headers, on_delivery=on_delivery
            )
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
        self._closing.set()
        await asyncio.to_thread(self._producer.flush, FLUSH_SECONDS)
        self._closed.set()

    def _listen(self) -> None:
        while not self._closed.is_set():
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
