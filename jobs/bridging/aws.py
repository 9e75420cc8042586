"""SQS in; SQS, SNS and EventBridge out, by boto3, whose environment says who we are."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from jobs.bridging.ports import CALL_SECONDS_MAX, MemberEvent, Received
from schemas.cloud_events import STRUCTURED
from stores.unavailable import StoreUnavailable

# What one call takes, for each of the three.
BATCH_MAX: Final = 10
BATCH_BYTES_MAX: Final = 240_000
VISIBILITY_SECONDS: Final = 60
REGION: Final = "us-east-1"


def client_of(service: str, endpoint: str, region: str) -> Any:
    """Client of a service; we are the ones who try again, so it does not."""
    return boto3.client(
        service,
        endpoint_url=endpoint,
        region_name=region,
        config=Config(
            connect_timeout=CALL_SECONDS_MAX,
            read_timeout=CALL_SECONDS_MAX,
            retries={"total_max_attempts": 1},
        ),
    )


class SqsSource:
    """A queue of SQS; its redrive policy sees only what we did not acknowledge."""

    def __init__(self, client: Any, queue_url: str) -> None:
        """Connect at the first call."""
        self._client = client
        self._queue_url = queue_url

    async def receive(self, limit: int, wait_seconds: float) -> list[Received]:
        """Up to so many messages, ten a call."""
        found: list[Received] = []
        wait = int(wait_seconds)
        while len(found) < limit:
            asked = min(BATCH_MAX, limit - len(found))
            try:
                some = await self._receive(asked, wait)
            except StoreUnavailable:
                # What was lent comes again after its time, unless we carry it now.
                if found:
                    return found
                raise
            found += some
            if len(some) < asked:
                break
            wait = 0
        return found

    async def acknowledge(self, messages: Sequence[Received]) -> None:
        """Have messages forgotten there."""
        for some in _batched(messages):
            entries = [{"Id": str(n), "ReceiptHandle": one.handle} for n, one in some]
            answer = await _call(
                self._client.delete_message_batch,
                QueueUrl=self._queue_url,
                Entries=entries,
            )
            _check(answer.get("Failed"))

    async def hold(self, messages: Sequence[Received]) -> None:
        """Keep messages ours for a minute more."""
        await self._set_visibility(messages, VISIBILITY_SECONDS)

    async def release(self, messages: Sequence[Received]) -> None:
        """Give messages back."""
        try:
            await self._set_visibility(messages, 0)
        except StoreUnavailable:
            # They come again after their time.
            return

    async def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    async def _receive(self, limit: int, wait: int) -> list[Received]:
        answer = await _call(
            self._client.receive_message,
            QueueUrl=self._queue_url,
            MaxNumberOfMessages=limit,
            WaitTimeSeconds=wait,
            VisibilityTimeout=VISIBILITY_SECONDS,
            MessageAttributeNames=["All"],
        )
        return [_received(one) for one in answer.get("Messages", ())]

    async def _set_visibility(self, messages: Sequence[Received], seconds: int) -> None:
        for some in _batched(messages):
            entries = [
                {
                    "Id": str(n),
                    "ReceiptHandle": one.handle,
                    "VisibilityTimeout": seconds,
                }
                for n, one in some
            ]
            answer = await _call(
                self._client.change_message_visibility_batch,
                QueueUrl=self._queue_url,
                Entries=entries,
            )
            _check(answer.get("Failed"))


class SqsTarget:
    """A queue of SQS; in a FIFO queue events of a member keep their order."""

    batch_max = BATCH_MAX

    def __init__(self, client: Any, queue_url: str) -> None:
        """Connect at the first call."""
        self._client = client
        self._queue_url = queue_url

    async def send(self, events: Sequence[MemberEvent]) -> None:
        """Send, and see that each was taken."""
        is_fifo = self._queue_url.endswith(".fifo")
        for some in _by_size(events):
            entries = [
                {"Id": str(n), "MessageBody": one.body.decode(), **_named(one, is_fifo)}
                for n, one in enumerate(some)
            ]
            answer = await _call(
                self._client.send_message_batch,
                QueueUrl=self._queue_url,
                Entries=entries,
            )
            _check(answer.get("Failed"))

    async def close(self) -> None:
        """Let go of the connections."""
        self._client.close()


class SnsTarget:
    """A topic of SNS."""

    batch_max = BATCH_MAX

    def __init__(self, client: Any, topic_arn: str) -> None:
        """Connect at the first call."""
        self._client = client
        self._topic_arn = topic_arn

    async def send(self, events: Sequence[MemberEvent]) -> None:
        """Publish, and see that each was taken."""
        is_fifo = self._topic_arn.endswith(".fifo")
        for some in _by_size(events):
            entries = [
                {"Id": str(n), "Message": one.body.decode(), **_named(one, is_fifo)}
                for n, one in enumerate(some)
            ]
            answer = await _call(
                self._client.publish_batch,
                TopicArn=self._topic_arn,
                PublishBatchRequestEntries=entries,
            )
            _check(answer.get("Failed"))

    async def close(self) -> None:
        """Let go of the connections."""
        self._client.close()


class EventBridgeTarget:
    """A bus of EventBridge; the event is the detail of one of the bus."""

    batch_max = BATCH_MAX

    def __init__(self, client: Any, bus: str) -> None:
        """Connect at the first call."""
        self._client = client
        self._bus = bus

    async def send(self, events: Sequence[MemberEvent]) -> None:
        """Put, and see that each was taken."""
        for some in _by_size(events):
            entries = [
                {
                    "Time": datetime.now(UTC),
                    "Source": "regulars",
                    "DetailType": one.kind,
                    "Detail": one.body.decode(),
                    "EventBusName": self._bus,
                }
                for one in some
            ]
            answer = await _call(self._client.put_events, Entries=entries)
            _check([one for one in answer["Entries"] if "ErrorCode" in one])

    async def close(self) -> None:
        """Let go of the connections."""
        self._client.close()


def _named(event: MemberEvent, is_fifo: bool) -> dict[str, Any]:  # noqa: FBT001 - a value, told by its owner
    """What SQS and SNS know of a message beside its text."""
    content_type = {"DataType": "String", "StringValue": STRUCTURED}
    named: dict[str, Any] = {"MessageAttributes": {"content-type": content_type}}
    if is_fifo:
        named |= {
            "MessageGroupId": _digest(event.key),
            "MessageDeduplicationId": _digest(event.event_id),
        }
    return named


def _received(message: dict[str, Any]) -> Received:
    headers = {
        name.lower(): value["StringValue"]
        for name, value in message.get("MessageAttributes", {}).items()
        if "StringValue" in value
    }
    return Received(
        message["MessageId"],
        message["Body"].encode(),
        headers.get("content-type", ""),
        headers,
        message["ReceiptHandle"],
    )


def _batched(
    messages: Sequence[Received],
) -> Iterator[list[tuple[int, Received]]]:
    for begin in range(0, len(messages), BATCH_MAX):
        yield list(enumerate(messages[begin : begin + BATCH_MAX]))


def _by_size(events: Sequence[MemberEvent]) -> Iterator[list[MemberEvent]]:
    """Events in their order, as many at once as a call takes by number and bytes."""
    some: list[MemberEvent] = []
    size = 0
    for event in events:
        if some and (
            len(some) == BATCH_MAX or size + len(event.body) > BATCH_BYTES_MAX
        ):
            yield some
            some, size = [], 0
        some.append(event)
        size += len(event.body)
    if some:
        yield some


def _digest(text: str) -> str:
    """A name within what FIFO queues allow, whatever the id holds."""
    return blake2b(text.encode(), digest_size=32).hexdigest()


async def _call(call: Callable[..., Any], **parameters: Any) -> Any:
    try:
        return await asyncio.to_thread(call, **parameters)
    except (BotoCoreError, ClientError, OSError) as error:
        raise StoreUnavailable(
            "aws", f"{type(error).__name__}: {error}"[:300]
        ) from error


def _check(failed: Any) -> None:
    if failed:
        raise StoreUnavailable("aws", f"{len(failed)} not taken: {failed[0]}"[:300])
