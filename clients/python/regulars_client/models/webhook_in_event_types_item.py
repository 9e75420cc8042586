from typing import Literal

WebhookInEventTypesItem = Literal[
    "message.email",
    "message.push",
    "message.sms",
    "message.webhook",
    "offer.granted",
    "offer.redeemed",
    "ping",
    "points.earned",
    "points.expired",
    "points.used",
    "tier.changed",
]

WEBHOOK_IN_EVENT_TYPES_ITEM_VALUES: set[WebhookInEventTypesItem] = {
    "message.email",
    "message.push",
    "message.sms",
    "message.webhook",
    "offer.granted",
    "offer.redeemed",
    "ping",
    "points.earned",
    "points.expired",
    "points.used",
    "tier.changed",
}


def check_webhook_in_event_types_item(value: str) -> WebhookInEventTypesItem:
    if value in WEBHOOK_IN_EVENT_TYPES_ITEM_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {WEBHOOK_IN_EVENT_TYPES_ITEM_VALUES!r}"
    )
