"""The dispatcher with its real clients, from the settings."""

import time
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from delivery.choices import delivery_key, target_rules
from delivery.mail import PATIENCE, MailServer
from delivery.sealing import DeliveryKey
from delivery.web import SafeClient
from loyalty.program import Programs
from runtime.settings import InvalidSettings, Settings
from schemas.update_reader import UpdateReader
from stores.delivery_controls import RedisDeliveryControls
from stores.email_addresses import RedisEmailAddresses
from stores.endpoints import RedisEndpoints
from stores.endpoints_contract import ACTIVE, Endpoint
from stores.inbox import RedisInbox
from stores.inbox_contract import Inbox
from stores.outbox import RedisOutbox
from stores.outbox_contract import INBOX_TARGET, MAIL_TARGET
from stores.publisher import KafkaPublisher
from streams.dispatching.dispatcher import Dispatcher
from streams.dispatching.intake import Intake
from streams.dispatching.mail_sender import MailSender
from streams.dispatching.pacing import Pacing
from streams.dispatching.planning import Planner, PlanRules
from streams.dispatching.senders import InboxSender, Sender, SigningKeys, WebhookSender
from streams.dispatching.shared_clock import SharedClock
from streams.dispatching.telling import Teller

HOUR_MS: Final = 3_600_000
DAY_SECONDS: Final = 86_400
# What a lease has beside the longest attempt: to record how it went.
RECORD_MS: Final = 10_000


class DispatchParts(NamedTuple):
    """What runs beside one another: asking for the time, reading, sending, telling."""

    clock: SharedClock
    intake: Intake
    dispatcher: Dispatcher
    teller: Teller


class Senders:
    """Finds the sender of a target; None for one that takes nothing."""

    def __init__(
        self,
        fixed: Mapping[str, Sender],
        client: SafeClient,
        key: DeliveryKey | None,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Without a key what is for endpoints waits; `clock` as a webhook's."""
        self._fixed = fixed
        self._client = client
        self._keys = SigningKeys(key)
        self._clock = clock

    def __call__(self, target: str, known: Mapping[str, Endpoint]) -> Sender | None:
        """Sender of a target as it is now."""
        if target in self._fixed:
            return self._fixed[target]
        endpoint = known.get(target)
        if endpoint is None or endpoint.status != ACTIVE:
            return None
        return WebhookSender(endpoint, self._client, self._keys, self._clock)


def fixed_senders(
    settings: Settings, inbox: Inbox, clock: Callable[[], float]
) -> dict[str, Sender]:
    """
    Senders of targets that are there without an endpoint.

    Raises: InvalidSettings.
    """
    found: dict[str, Sender] = {INBOX_TARGET: InboxSender(inbox)}
    key = delivery_key(settings)
    if not settings.smtp_host:
        return found
    if key is None or "@" not in settings.mail_from:
        raise InvalidSettings(
            "REGULARS_SMTP_HOST needs REGULARS_DELIVERY_KEY and REGULARS_MAIL_FROM"
        )
    server = MailServer(
        settings.smtp_host,
        settings.smtp_port,
        settings.smtp_security,
        settings.smtp_user,
        settings.smtp_password.get_secret_value(),
        settings.mail_from,
    )
    found[MAIL_TARGET] = MailSender(
        server,
        RedisEmailAddresses(settings.redis_url, settings.app_id),
        key=key,
        public_address=settings.public_address,
        clock=clock,
    )
    return found


def pacing_of(settings: Settings) -> Pacing:
    """Bounds of a dispatcher: each lease outlives the longest attempt of its target."""
    return Pacing(
        settings.dispatch_concurrency,
        lease_ms=settings.webhook_timeout_ms + RECORD_MS,
        mail_lease_ms=int(PATIENCE.seconds_max * 1_000) + RECORD_MS,
    )


def dispatch_parts(settings: Settings, programs: Programs) -> DispatchParts:
    """
    Build what the dispatcher runs.

    Raises: InvalidSettings.
    """
    url, app_id = settings.redis_url, settings.app_id
    kept_seconds = settings.deliveries_kept_days * DAY_SECONDS
    outbox = RedisOutbox(url, app_id, kept_seconds=kept_seconds)
    endpoints, inbox = RedisEndpoints(url, app_id), RedisInbox(url, app_id)
    rules = PlanRules(
        sends_mail=bool(settings.smtp_host),
        age_ms_max=settings.message_age_hours_max * HOUR_MS,
        is_history=settings.messages_of_history,
    )
    clock = SharedClock(outbox.now)
    client = SafeClient(target_rules(settings), timeout_ms=settings.webhook_timeout_ms)
    return DispatchParts(
        clock,
        Intake(
            outbox,
            endpoints,
            inbox=inbox,
            addresses=RedisEmailAddresses(url, app_id),
            planner=Planner(programs, rules),
            reader=UpdateReader(),
            clock=clock,
        ),
        Dispatcher(
            outbox,
            RedisDeliveryControls(url, app_id),
            endpoints=endpoints,
            find_sender=Senders(
                fixed_senders(settings, inbox, clock),
                client,
                delivery_key(settings),
                clock=clock,
            ),
            pacing=pacing_of(settings),
            clock=clock,
        ),
        Teller(outbox, KafkaPublisher(settings.kafka_bootstrap_servers)),
    )
