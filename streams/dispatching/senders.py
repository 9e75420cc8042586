"""How each target is sent to: a webhook one at a time, the inbox many at once."""

import json
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final, Protocol

import msgspec

from delivery.sealing import DeliveryKey, NotSealed
from delivery.signing import SECRETS_MAX, key_of, signed_headers
from delivery.targets import TargetRefused
from delivery.web import NotSent, SafeClient
from stores.endpoints_contract import ENDPOINTS_MAX, Endpoint
from stores.inbox_contract import Inbox, InboxMessage, InboxWrite
from stores.outbox_contract import TAKE_MAX, Delivery
from streams.dispatching.attempts import Attempt, answered

INBOX_BATCH_MAX: Final = TAKE_MAX
# Keys that are known unsealed: all of an installation's endpoints, twice.
KEYS_MAX: Final = 2 * SECRETS_MAX * ENDPOINTS_MAX


class Sender(Protocol):
    """One target; `batch_max` is how many deliveries it takes at once."""

    batch_max: int

    async def send(self, deliveries: Sequence[Delivery]) -> list[Attempt]:
        """
        Send deliveries; an attempt for each, in their order.

        Raises: StoreUnavailable when nothing was tried.
        """


class SigningKeys:
    """Keys that endpoints' secrets stand for; each secret is unsealed once."""

    def __init__(self, key: DeliveryKey | None) -> None:
        """Without a key nothing can be signed."""
        self._key = key
        self._known: dict[str, bytes] = {}

    def of(self, endpoint: Endpoint, at: int) -> list[bytes]:
        """
        Give the keys that an endpoint's deliveries are signed with at a time.

        Raises: NotSealed.
        """
        if self._key is None:
            raise NotSealed("REGULARS_DELIVERY_KEY is not set")
        if len(self._known) > KEYS_MAX:
            self._known.clear()
        found = []
        for secret in endpoint.secrets_at(at):
            known = self._known.get(secret.sealed)
            if known is None:
                known = key_of(self._key.unseal(secret.sealed))
                self._known[secret.sealed] = known
            found.append(known)
        return found


class WebhookSender:
    """Posts to one endpoint, signed by each of its secrets in use."""

    batch_max = 1

    def __init__(
        self,
        endpoint: Endpoint,
        client: SafeClient,
        keys: SigningKeys,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`clock` gives seconds since 1970."""
        self._endpoint = endpoint
        self._client = client
        self._keys = keys
        self._clock = clock

    async def send(self, deliveries: Sequence[Delivery]) -> list[Attempt]:
        """Post each."""
        return [await self._post(one) for one in deliveries]

    async def _post(self, delivery: Delivery) -> Attempt:
        at = self._clock()
        body = payload(delivery)
        try:
            keys = self._keys.of(self._endpoint, int(at * 1_000))
            headers = signed_headers(
                delivery.message_id, body, keys=keys, at_seconds=int(at)
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
    """
    What a receiver gets: type, time of the event, data with the member's id.

    The data is in the outbox as it is sent: nothing is read and written anew here.
    """
    assert delivery.body.startswith("{"), "what is sent has its data"
    at = datetime.fromtimestamp(delivery.created_at / 1_000, UTC)
    told = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    member_id = json.dumps(delivery.member_id, ensure_ascii=False)
    rest = "}" if delivery.body == "{}" else "," + delivery.body[1:]
    return (
        f'{{"type":"{delivery.kind}","timestamp":"{told}",'
        f'"data":{{"member_id":{member_id}{rest}}}'
    ).encode()


class _Told(msgspec.Struct):
    """What an inbox needs of a delivery's data."""

    template_id: str
    title: str
    body: str


_TOLD: Final = msgspec.json.Decoder(_Told)


def _inbox_write(delivery: Delivery) -> InboxWrite:
    told = _TOLD.decode(delivery.body)
    message = InboxMessage(
        delivery.message_id,
        delivery.campaign_id,
        told.template_id,
        told.title,
        told.body,
        delivery.created_at,
        delivery.expires_at,
    )
    return InboxWrite(delivery.member_id, message)
