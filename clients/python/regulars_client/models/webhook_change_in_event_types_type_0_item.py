from typing import Literal

WebhookChangeInEventTypesType0Item = Literal[
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

WEBHOOK_CHANGE_IN_EVENT_TYPES_TYPE_0_ITEM_VALUES: set[
    WebhookChangeInEventTypesType0Item
] = {
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


def check_webhook_change_in_event_types_type_0_item(
    value: str,
) -> WebhookChangeInEventTypesType0Item:
    if value in WEBHOOK_CHANGE_IN_EVENT_TYPES_TYPE_0_ITEM_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {WEBHOOK_CHANGE_IN_EVENT_TYPES_TYPE_0_ITEM_VALUES!r}"
    )
