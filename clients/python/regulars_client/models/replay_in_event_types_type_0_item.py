from typing import Literal

ReplayInEventTypesType0Item = Literal[
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

REPLAY_IN_EVENT_TYPES_TYPE_0_ITEM_VALUES: set[ReplayInEventTypesType0Item] = {
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


def check_replay_in_event_types_type_0_item(value: str) -> ReplayInEventTypesType0Item:
    if value in REPLAY_IN_EVENT_TYPES_TYPE_0_ITEM_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {REPLAY_IN_EVENT_TYPES_TYPE_0_ITEM_VALUES!r}"
    )
