"""Azure Service Bus over AMQP 1.0, by its own client."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from hashlib import blake2b
from typing import Any, Final

from azure.core.credentials import AzureNamedKeyCredential
from azure.core.exceptions import AzureError
from azure.servicebus import ServiceBusMessage, ServiceBusReceivedMessage
from azure.servicebus.aio import ServiceBusClient, ServiceBusReceiver, ServiceBusSender

from jobs.bridging.ports import CALL_SECONDS_MAX, MemberEvent, Received
from schemas.cloud_events import STRUCTURED
from stores.unavailable import StoreUnavailable

BATCH_MAX: Final = 100
MESSAGE_ID_LENGTH_MAX: Final = 128


class Place:
    """A queue or topic of a namespace, and who we are there."""

    def __init__(
        self,
        host: str,
        entity: str,
        *,
        policy: str,
        key: str,
        uses_tls: bool = True,
        subscription: str = "",
    ) -> None:
        """`uses_tls` is off for an emulator on this machine only."""
        self._host = host
        self._credential = AzureNamedKeyCredential(policy, key)
        self._uses_tls = uses_tls
        self.entity = entity
        self.subscription = subscription

    def client(self) -> ServiceBusClient:
        """Client that gives up at once: we are the ones who try again."""
        return ServiceBusClient(
            self._host,
            self._credential,
            retry_total=0,
            use_tls=self._uses_tls,
            socket_timeout=CALL_SECONDS_MAX,
        )


class ServiceBusSource:
    """A queue or subscription, in peek-lock mode."""

    def __init__(self, place: Place) -> None:
        """Connect at the first call."""
        self._place = place
        self._client: ServiceBusClient | None = None
        self._receiver: ServiceBusReceiver | None = None

    async def receive(self, limit: int, wait_seconds: float) -> list[Received]:
        """Up to so many messages."""
        async with self._answering(wait_seconds) as receiver:
            found = await receiver.receive_messages(
                max_message_count=limit, max_wait_time=wait_seconds
            )
        return [_received(one) for one in found]

    async def acknowledge(self, messages: Sequence[Received]) -> None:
        """Have messages forgotten there."""
        async with self._answering() as receiver:
            for message in messages:
                await receiver.complete_message(message.handle)

    async def hold(self, messages: Sequence[Received]) -> None:
        """Keep messages ours for the time of a lock more."""
        async with self._answering() as receiver:
            for message in messages:
                await receiver.renew_message_lock(message.handle)

    async def release(self, messages: Sequence[Received]) -> None:
        """Give messages back."""
        # Where it is away they come again after their time.
        with suppress(StoreUnavailable):
            async with self._answering() as receiver:
                for message in messages:
                    await receiver.abandon_message(message.handle)

    async def close(self) -> None:
        """Let go of the connection."""
        client, self._client, self._receiver = self._client, None, None
        await _closed(client)

    @asynccontextmanager
    async def _answering(self, seconds: float = 0) -> AsyncIterator[ServiceBusReceiver]:
        try:
            if self._receiver is None:
                async with asyncio.timeout(CALL_SECONDS_MAX):
                    self._receiver = await self._opened()
            async with asyncio.timeout(seconds + CALL_SECONDS_MAX):
                yield self._receiver
        except (AzureError, OSError, TimeoutError, ValueError) as error:
            await self.close()
            raise _away(error) from error

    async def _opened(self) -> ServiceBusReceiver:
        """Receiver whose link is open: a wait for messages is not one for that."""
        self._client, place = self._place.client(), self._place
        receiver = (
            self._client.get_subscription_receiver(place.entity, place.subscription)
            if place.subscription
            else self._client.get_queue_receiver(place.entity)
        )
        return await receiver.__aenter__()


class ServiceBusTarget:
    """A queue or topic; its duplicate detection knows an event by its id."""

    batch_max = BATCH_MAX

    def __init__(self, place: Place) -> None:
        """Connect at the first call."""
        self._place = place
        self._client: ServiceBusClient | None = None
        self._sender: ServiceBusSender | None = None

    async def send(self, events: Sequence[MemberEvent]) -> None:
        """Send, and wait until the broker has accepted all."""
        try:
            if self._sender is None:
                async with asyncio.timeout(CALL_SECONDS_MAX):
                    self._client = self._place.client()
                    sender = self._client.get_queue_sender(self._place.entity)
                    self._sender = await sender.__aenter__()
            async with asyncio.timeout(CALL_SECONDS_MAX):
                for event in events:
                    await self._sender.send_messages(_message(event))
        except (AzureError, OSError, TimeoutError, ValueError) as error:
            await self.close()
            raise _away(error) from error

    async def close(self) -> None:
        """Let go of the connection."""
        client, self._client, self._sender = self._client, None, None
        await _closed(client)


async def _closed(client: ServiceBusClient | None) -> None:
    if client is None:
        return
    try:
        async with asyncio.timeout(CALL_SECONDS_MAX):
            await client.close()
    except (AzureError, OSError, TimeoutError):
        # It is gone, which is what was wanted.
        return


def _message(event: MemberEvent) -> ServiceBusMessage:
    return ServiceBusMessage(
        event.body,
        content_type=STRUCTURED,
        message_id=_name(event.event_id),
        subject=event.kind,
    )


def _name(event_id: str) -> str:
    """Id of an event where there is room, else a digest of it."""
    if len(event_id) <= MESSAGE_ID_LENGTH_MAX:
        return event_id
    return blake2b(event_id.encode(), digest_size=32).hexdigest()


def _received(message: ServiceBusReceivedMessage) -> Received:
    properties: dict[Any, Any] = dict(message.application_properties or {})
    headers = {_text(name).lower(): _text(value) for name, value in properties.items()}
    name = str(message.message_id or "")
    return Received(
        name, _body(message.body), _text(message.content_type or ""), headers, message
    )


def _body(found: Any) -> bytes:
    """Bytes of a body, which may be a text, or in pieces."""
    if isinstance(found, bytes | str):
        return found if isinstance(found, bytes) else found.encode()
    parts = [part if isinstance(part, bytes) else str(part).encode() for part in found]
    return b"".join(parts)


def _text(value: object) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _away(error: BaseException) -> StoreUnavailable:
    return StoreUnavailable("service-bus", f"{type(error).__name__}: {error}"[:300])
