"""Messages that the desk sends again: which may be, under which id, in which words."""

from hashlib import blake2b
from typing import Final, NamedTuple

from api.sending import Sending
from delivery.rendering import TemplateFault
from delivery.wording import body_of, webhook_id
from loyalty.engagement.sending import has_agreed
from loyalty.limits import DAY_MS
from loyalty.messages import Message
from loyalty.program import Programs
from loyalty.view_shapes import MemberView
from schemas.deliveries import DeliveryEvent
from stores.analytics_contract import Analytics
from stores.outbox_contract import (
    DEAD,
    DISABLED,
    FIXED_TARGETS,
    SENT,
    Delivery,
    Settled,
)

# Of one message to one target.
RESENDS_MAX: Final = 3
# A message that is older stays what it was.
RESEND_DAYS_MAX: Final = 7
# Attempts and messages of a member that are looked through, the latest.
ATTEMPTS_MAX: Final = 200
MESSAGES_MAX: Final = 500
# Over, so that nothing is on its way under the first id any more.
OVER: Final = frozenset({SENT, DEAD, DISABLED})
# Not to be taken before it is told of: its outcome would come first.
TELLING_MS: Final = 2_000
DETAIL_LENGTH_MAX: Final = 300


class NotResent(Exception):
    """A message that is not sent again; `why` is a key of the catalogue."""

    def __init__(self, why: str) -> None:
        """Keep the key."""
        super().__init__(why)
        self.why = why


class Wanted(NamedTuple):
    """A delivery to make again for the `number`th time, and why."""

    delivery_id: str
    number: int
    reason: str


def resent_id(message_id: str, number: int) -> str:
    """Id of a message that is sent again: another one, and the same for a repeat."""
    text = f"{message_id}\0again\0{number}".encode()
    return f"msg_{blake2b(text, digest_size=16).hexdigest()}"


def resent_ids(event: DeliveryEvent) -> list[str]:
    """Ids of all deliveries by which one can be made again, in their order."""
    numbers = range(1, RESENDS_MAX + 1)
    return [f"{resent_id(event.message_id, n)}:{event.target}" for n in numbers]


def may_resend(event: DeliveryEvent, now: int) -> bool:
    """Whether a delivery is over, of a message, and not too long ago."""
    return (
        event.status in OVER
        and event.kind.startswith("message.")
        and now - event.created_at <= RESEND_DAYS_MAX * DAY_MS
    )


class Resending:
    """Sends a message of a member again, if that is still right."""

    def __init__(
        self, sends: Sending, analytics: Analytics, programs: Programs
    ) -> None:
        """Say where deliveries, what was said, and templates are."""
        self._stores = sends.stores
        self._analytics = analytics
        self._programs = programs

    async def resend(
        self, member_id: str, view: MemberView, wanted: Wanted, *, now: int
    ) -> bool:
        """
        Queue a delivery anew under an id of its own; whether it was not yet.

        Raises: NotResent; StoreUnavailable.
        """
        event = await self._event(member_id, wanted.delivery_id)
        if view.merged_into:
            raise NotResent("merged")
        if not may_resend(event, now):
            raise NotResent("not_over")
        message = await self._message(member_id, event)
        self._check(message, view, now)
        await self._check_target(event)
        outbox, ids = self._stores.outbox, resent_ids(event)
        before, number = wanted.number - 1, wanted.number
        if not 1 <= number <= RESENDS_MAX:
            raise NotResent("too_often")
        if before and await outbox.find(ids[before - 1]) is None:
            raise NotResent("unknown")
        again = self._delivery(event, message, wanted)
        is_new = await outbox.put([again], now + TELLING_MS) > 0
        if is_new:
            told = again._replace(attempted_at=now, detail=_detail(wanted.reason))
            # Told first, and due from now on.
            await outbox.settle([Settled(told, now)], now)
        return is_new

    async def _event(self, member_id: str, delivery_id: str) -> DeliveryEvent:
        found = await self._analytics.deliveries_page(member_id, limit=ATTEMPTS_MAX)
        for event in found:
            if event.delivery_id == delivery_id:
                return event
        raise NotResent("unknown")

    async def _message(self, member_id: str, event: DeliveryEvent) -> Message:
        """What was said, as it was decided; what was sent again is none of these."""
        found = await self._analytics.messages_page(member_id, limit=MESSAGES_MAX)
        for message in found:
            if webhook_id(member_id, message.message_id) == event.message_id:
                return message
        raise NotResent("unknown")

    def _check(self, message: Message, view: MemberView, now: int) -> None:
        if message.expires_at and message.expires_at <= now:
            raise NotResent("too_late")
        policy = self._programs.at(now).engagement
        channel, purpose = message.channel, message.purpose
        if not has_agreed(view.consents, policy, channel, purpose=purpose):
            raise NotResent("no_consent")

    async def _check_target(self, event: DeliveryEvent) -> None:
        if event.target in FIXED_TARGETS:
            return
        endpoint = await self._stores.endpoints.find(event.target)
        if endpoint is None or not endpoint.wants(event.kind):
            raise NotResent("no_target")

    def _delivery(
        self, event: DeliveryEvent, message: Message, wanted: Wanted
    ) -> Delivery:
        try:
            body = body_of(message, self._programs.at(message.created_at))
        except TemplateFault as fault:
            # It was kept before values were, or its template is no more.
            raise NotResent("no_words") from fault
        return Delivery(
            delivery_id=resent_ids(event)[wanted.number - 1],
            message_id=resent_id(event.message_id, wanted.number),
            target=event.target,
            campaign_id=event.campaign_id,
            channel=event.channel,
            kind=event.kind,
            member_id=event.member_id,
            body=body,
            created_at=event.created_at,
            expires_at=message.expires_at,
        )


def _detail(reason: str) -> str:
    return f"sent again: {reason}"[:DETAIL_LENGTH_MAX]
