"""What we answer about webhooks and their deliveries."""

from pydantic import BaseModel, ConfigDict

from api import delivery_examples as examples
from api.responses import shown, shown_or_never
from stores.endpoints_contract import Endpoint
from stores.outbox_contract import Delivery


def _shown(example: examples.Example) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [example]})


class WebhookOut(BaseModel):
    """An endpoint; of its secrets only how many sign now."""

    model_config = _shown(examples.WEBHOOK)

    id: str
    url: str
    event_types: list[str]
    description: str
    status: str
    disabled_why: str
    secrets: int
    created_at: str
    created_by: str
    revision: int


class WebhookSecretOut(WebhookOut):
    """An endpoint and its new secret, which is not shown again."""

    model_config = _shown(examples.WEBHOOK_SECRET)

    secret: str


class WebhooksOut(BaseModel):
    """Every endpoint, oldest first."""

    model_config = _shown(examples.WEBHOOKS)

    items: list[WebhookOut]


class DeliveryOut(BaseModel):
    """A delivery and its latest attempt; what the receiver wrote is not kept."""

    id: str
    webhook_id: str
    event_type: str
    member_id: str
    campaign_id: str
    status: str
    attempts: int
    http_status: int
    detail: str
    created_at: str
    attempted_at: str | None


class DeliveriesOut(BaseModel):
    """A page of deliveries, latest attempt first."""

    model_config = _shown(examples.DELIVERIES)

    items: list[DeliveryOut]
    next_cursor: str | None


class ReplayedOut(BaseModel):
    """How many go out anew; with `more`, ask again."""

    model_config = _shown(examples.REPLAYED)

    replayed: int
    more: bool


class QueuedOut(BaseModel):
    """A delivery that is on its way."""

    model_config = _shown(examples.QUEUED)

    delivery_id: str


def webhook_fields(endpoint: Endpoint, now: int) -> dict[str, object]:
    """Fields of an endpoint as the API shows them."""
    return {
        "id": endpoint.endpoint_id,
        "url": endpoint.url,
        "event_types": list(endpoint.event_types),
        "description": endpoint.description,
        "status": endpoint.status,
        "disabled_why": endpoint.disabled_why,
        "secrets": len(endpoint.secrets_at(now)),
        "created_at": shown(endpoint.created_at),
        "created_by": endpoint.created_by,
        "revision": endpoint.revision,
    }


def webhook_out(endpoint: Endpoint, now: int) -> WebhookOut:
    """Endpoint as the API shows it."""
    return WebhookOut.model_validate(webhook_fields(endpoint, now))


def delivery_out(delivery: Delivery) -> DeliveryOut:
    """Delivery as the API shows it."""
    return DeliveryOut(
        id=delivery.delivery_id,
        webhook_id=delivery.message_id,
        event_type=delivery.kind,
        member_id=delivery.member_id,
        campaign_id=delivery.campaign_id,
        status=delivery.status,
        attempts=delivery.attempts,
        http_status=delivery.http_status,
        detail=delivery.detail,
        created_at=shown(delivery.created_at),
        attempted_at=shown_or_never(delivery.attempted_at),
    )
