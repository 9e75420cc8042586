"""How each target is sent to: a webhook one at a time, the inbox many at once."""

import json
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final, Protocol

from delivery.sealing import DeliveryKey, NotSealed
from delivery.signing import signed_headers
from delivery.targets import TargetRefused
from delivery.web import NotSent, SafeClient
from stores.endpoints_contract import Endpoint
from stores.inbox_contract import Inbox, InboxMessage, InboxWrite
from stores.outbox_contract import TAKE_MAX, Delivery
from streams.dispatching.attempts import Attempt, answered

INBOX_BATCH_MAX: Final = TAKE_MAX


class Sender(Protocol):
    """One target; `batch_max` is how many deliveries it takes at once."""

    batch_max: int

    async def send(self, deliveries: Sequence[Delivery]) -> list[Attempt]:
        """
        Send deliveries; an attempt for each, in their order.

        Raises: StoreUnavailable when nothing was tried.
        """


class WebhookSender:
    """Posts to one endpoint, signed by each of its secrets in use."""

    batch_max = 1

    def __init__(
        self,
        endpoint: Endpoint,
        client: SafeClient,
        key: DeliveryKey | None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`clock` gives seconds since 1970."""
        self._endpoint = endpoint
        self._client = client
        self._key = key
        self._clock = clock

    async def send(self, deliveries: Sequence[Delivery]) -> list[Attempt]:
        """Post each."""
        return [await self._post(one) for one in deliveries]

    async def _post(self, delivery: Delivery) -> Attempt:
        if self._key is None:
            detail = "REGULARS_DELIVERY_KEY is not set"
            return Attempt(False, detail=detail, counts=False)
        at = self._clock()
        body = payload(delivery)
        try:
            secrets = [
                self._key.unseal(secret.sealed)
                for secret in self._endpoint.secrets_at(int(at * 1_000))
            ]
            headers = signed_headers(
                delivery.message_id, body, secrets=secrets, at_seconds=int(at)
            )
            headers["Content-Type"] = "application/json"
            answer = await self._client.post(self._endpoint.url, headers, body)
        except NotSealed as error:
            return Attempt(False, detail=str(error), counts=False)
        except TargetRefused as error:
            return Attempt(False, detail=f"refused: {error}")
        except NotSent as error:
            return Attempt(False, detail=str(error))
        return answered(answer.status, answer.retry_after_ms)


class InboxSender:
    """Keeps messages where the app finds them."""

    batch_max = INBOX_BATCH_MAX

    def __init__(self, inbox: Inbox) -> None:
        """Say where."""
        self._inbox = inbox

    async def send(self, deliveries: Sequence[Delivery]) -> list[Attempt]:
        """Keep all at once; one that is there already is as good."""
        await self._inbox.put([_inbox_write(one) for one in deliveries])
        return [Attempt(True)] * len(deliveries)


def payload(delivery: Delivery) -> bytes:
    """What a receiver gets: type, time of the event, data with the member's id."""
    at = datetime.fromtimestamp(delivery.created_at / 1_000, UTC)
    document = {
        "type": delivery.kind,
        "timestamp": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "data": {"member_id": delivery.member_id, **json.loads(delivery.body)},
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _inbox_write(delivery: Delivery) -> InboxWrite:
    told = json.loads(delivery.body)
    message = InboxMessage(
        delivery.message_id,
        delivery.campaign_id,
        told["template_id"],
        told["title"],
        told["body"],
        delivery.created_at,
        delivery.expires_at,
    )
    return InboxWrite(delivery.member_id, message)
