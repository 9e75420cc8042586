"""AMQP 0-9-1, as RabbitMQ speaks it, by aio-pika."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Final

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractIncomingMessage
from aio_pika.exceptions import AMQPError, ChannelInvalidStateError, MessageProcessError

from jobs.bridging.ports import CALL_SECONDS_MAX, MemberEvent, Received
from schemas.cloud_events import STRUCTURED
from stores.unavailable import StoreUnavailable

BATCH_MAX: Final = 100
FAILURES: Final = (
    AMQPError,
    ChannelInvalidStateError,
    MessageProcessError,
    OSError,
    RuntimeError,
    TimeoutError,
)


class _Connected:
    """A connection and its channel, made when they are needed and not there."""

    def __init__(self, url: str, *, confirms: bool) -> None:
        self._url = url
        self._confirms = confirms
        self._connection: AbstractConnection | None = None
        self._channel: AbstractChannel | None = None

    async def channel(
        self, prepare: Callable[[AbstractChannel], Any] | None = None
    ) -> AbstractChannel:
        """Channel that is open; `prepare` is awaited on each new one."""
        if self._channel is None or self._channel.is_closed:
            await self.close()
            self._connection = await aio_pika.connect(
                self._url, timeout=CALL_SECONDS_MAX
            )
            channel = await self._connection.channel(
                publisher_confirms=self._confirms, on_return_raises=self._confirms
            )
            if prepare is not None:
                await prepare(channel)
            self._channel = channel
        return self._channel

    async def close(self) -> None:
        connection, self._connection, self._channel = self._connection, None, None
        if connection is not None:
            try:
                await asyncio.wait_for(connection.close(), CALL_SECONDS_MAX)
            except FAILURES:
                # It is gone, which is what was wanted.
                return


class AmqpSource:
    """A queue that is there; the broker lends as many messages as we hold at most."""

    def __init__(self, url: str, queue: str, *, messages_max: int) -> None:
        """Connect at the first call."""
        self._queue = queue
        self._messages_max = messages_max
        self._connected = _Connected(url, confirms=False)
        self._inbox: asyncio.Queue[AbstractIncomingMessage] = asyncio.Queue()

    async def receive(self, limit: int, wait_seconds: float) -> list[Received]:
        """Up to so many messages."""
        try:
            async with asyncio.timeout(2 * CALL_SECONDS_MAX):
                channel = await self._connected.channel(self._consume)
        except FAILURES as error:
            await self._connected.close()
            raise _away(error) from error
        try:
            found = [await asyncio.wait_for(self._inbox.get(), wait_seconds)]
        except TimeoutError as error:
            if channel.is_closed:
                raise _away(error) from error
            return []
        while len(found) < limit and not self._inbox.empty():
            found.append(self._inbox.get_nowait())
        return [_received(message) for message in found]

    async def acknowledge(self, messages: Sequence[Received]) -> None:
        """Have messages forgotten there."""
        try:
            async with asyncio.timeout(CALL_SECONDS_MAX):
                for message in messages:
                    await message.handle.ack()
        except FAILURES as error:
            raise _away(error) from error

    async def hold(self, messages: Sequence[Received]) -> None:
        """They are ours as long as the channel is open."""

    async def release(self, messages: Sequence[Received]) -> None:
        """Give messages back."""
        try:
            async with asyncio.timeout(CALL_SECONDS_MAX):
                for message in messages:
                    await message.handle.nack(requeue=True)
        except FAILURES:
            # They come again when the connection ends.
            return

    async def close(self) -> None:
        """Let go of the connection."""
        await self._connected.close()

    async def _consume(self, channel: AbstractChannel) -> None:
        # What came by a channel that is closed cannot be acknowledged any more.
        inbox: asyncio.Queue[AbstractIncomingMessage] = asyncio.Queue()
        self._inbox = inbox
        await channel.set_qos(prefetch_count=self._messages_max)
        queue = await channel.declare_queue(self._queue, passive=True)
        await queue.consume(inbox.put)


class AmqpTarget:
    """An exchange; a message that no queue gets is not taken for sent."""

    batch_max = BATCH_MAX

    def __init__(self, url: str, exchange: str, routing_key: str) -> None:
        """Connect at the first call."""
        self._exchange = exchange
        self._routing_key = routing_key
        self._connected = _Connected(url, confirms=True)

    async def send(self, events: Sequence[MemberEvent]) -> None:
        """Publish, and wait for the broker's confirms."""
        try:
            async with asyncio.timeout(CALL_SECONDS_MAX):
                channel = await self._connected.channel()
                exchange = (
                    await channel.get_exchange(self._exchange)
                    if self._exchange
                    else channel.default_exchange
                )
                await asyncio.gather(
                    *(
                        exchange.publish(_message(one), self._routing_key or one.kind)
                        for one in events
                    )
                )
        except FAILURES as error:
            await self._connected.close()
            raise _away(error) from error

    async def close(self) -> None:
        """Let go of the connection."""
        await self._connected.close()


def _message(event: MemberEvent) -> aio_pika.Message:
    return aio_pika.Message(
        event.body,
        content_type=STRUCTURED,
        message_id=event.event_id[:255],
        delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
    )


def _received(message: AbstractIncomingMessage) -> Received:
    headers = {
        name.lower(): value.decode() if isinstance(value, bytes) else str(value)
        for name, value in message.headers.items()
    }
    name = message.message_id or str(message.delivery_tag)
    return Received(name, message.body, message.content_type or "", headers, message)


def _away(error: BaseException) -> StoreUnavailable:
    return StoreUnavailable("amqp", f"{type(error).__name__}: {error}"[:300])
