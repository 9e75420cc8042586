"""Member updates to deliveries: who is to hear of them, and in which words."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from delivery.rendering import TemplateFault
from delivery.wording import body_of, webhook_id, written
from loyalty.messages import EMAIL, INBOX, Message
from loyalty.program import Programs
from schemas.update_reader import Update
from schemas.updates import Change
from stores.endpoints_contract import Endpoint
from stores.outbox_contract import (
    DEAD,
    EXPIRED,
    INBOX_TARGET,
    MAIL_TARGET,
    UNROUTED,
    WAITING,
    Delivery,
)
from streams.dispatching.member_events import events_of

EVENT_CHANNEL: Final = "event"


class PlanRules(NamedTuple):
    """
    What is planned: `sends_mail` by SMTP, and nothing older than `age_ms_max`.

    With `is_history` a message may be as late as the history that it belongs to:
    its time runs from when the broker took the event.
    """

    sends_mail: bool
    age_ms_max: int
    is_history: bool = False


class Surroundings(NamedTuple):
    """Who listens, and the time (ms since 1970)."""

    endpoints: tuple[Endpoint, ...]
    now: int


class Planner:
    """Plans what an update leads to; the same update leads to the same ids always."""

    def __init__(self, programs: Programs, rules: PlanRules) -> None:
        """`programs` know the templates."""
        self._programs = programs
        self._rules = rules

    def deliveries(self, update: Update, around: Surroundings) -> Iterator[Delivery]:
        """Deliveries of an update, in the order of its changes."""
        member_id = update.member_id
        for change in update.changes:
            for message in change.messages:
                planned = self._message(message, change, around)
                planned = planned._replace(
                    member_id=member_id,
                    message_id=webhook_id(member_id, message.message_id),
                )
                yield from self._routed(planned, change, around)
            # Almost always nobody listens, or not to this: so that is asked first.
            is_recent = around.now - change.recorded_at <= self._rules.age_ms_max
            if around.endpoints and is_recent:
                for kind, data in events_of(member_id, change):
                    if any(one.wants(kind) for one in around.endpoints):
                        planned = _event(kind, data, change)
                        yield from _to_endpoints(planned, change, around)

    def _message(
        self, message: Message, change: Change, around: Surroundings
    ) -> Delivery:
        """A message in words, for no target yet; or why it cannot be."""
        recorded_at, expires_at = change.recorded_at, message.expires_at
        if self._rules.is_history and expires_at:
            expires_at += recorded_at - message.created_at
        planned = Delivery(
            delivery_id="",
            message_id="",
            target="",
            campaign_id=message.campaign_id,
            channel=message.channel,
            kind=f"message.{message.channel}",
            member_id="",
            body="",
            created_at=message.created_at,
            expires_at=expires_at,
        )
        is_old = around.now - recorded_at > self._rules.age_ms_max
        if is_old or (expires_at and expires_at <= around.now):
            return planned._replace(status=EXPIRED, detail="too late to be sent")
        try:
            program = self._programs.at(message.created_at)
            return planned._replace(body=body_of(message, program))
        except TemplateFault as fault:
            detail = f"template {message.template_id}: {fault.part}: {fault.message}"
            return planned._replace(status=DEAD, detail=detail[:300])

    def _routed(
        self, planned: Delivery, change: Change, around: Surroundings
    ) -> Iterator[Delivery]:
        found = list(self._targets(planned, change, around))
        yield from found
        if not found:
            lost = planned._replace(delivery_id=f"{planned.message_id}:", body="")
            if planned.status == WAITING:
                why = "nobody takes this channel"
                lost = lost._replace(status=UNROUTED, detail=why)
            yield lost._replace(attempted_at=around.now)

    def _targets(
        self, planned: Delivery, change: Change, around: Surroundings
    ) -> Iterator[Delivery]:
        if planned.channel == INBOX:
            yield _to(INBOX_TARGET, planned, around.now)
            return
        found = list(_to_endpoints(planned, change, around))
        yield from found
        # An endpoint that takes e-mails is there to send them: nobody gets two.
        if planned.channel == EMAIL and self._rules.sends_mail and not found:
            yield _to(MAIL_TARGET, planned, around.now)


def _event(kind: str, data: dict[str, object], change: Change) -> Delivery:
    """What happened to a member, for no target yet."""
    member_id = str(data.pop("member_id"))
    return Delivery(
        delivery_id="",
        message_id=webhook_id(member_id, f"{change.version}\0{kind}"),
        target="",
        campaign_id="",
        channel=EVENT_CHANNEL,
        kind=kind,
        member_id=member_id,
        body=written(data),
        created_at=change.occurred_at,
    )


def _to_endpoints(
    planned: Delivery, change: Change, around: Surroundings
) -> Iterator[Delivery]:
    for endpoint in around.endpoints:
        # What happened before it was there is not its business.
        is_later = change.recorded_at >= endpoint.created_at
        if is_later and endpoint.wants(planned.kind):
            yield _to(endpoint.endpoint_id, planned, around.now)


def _to(target: str, planned: Delivery, now: int) -> Delivery:
    return planned._replace(
        delivery_id=f"{planned.message_id}:{target}",
        target=target,
        attempted_at=0 if planned.status == WAITING else now,
    )
