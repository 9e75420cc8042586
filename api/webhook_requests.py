"""What is asked of webhooks."""

from typing import Annotated, Any, Final, Literal

from pydantic import Field

from api import delivery_examples as examples
from delivery.targets import URL_LENGTH_MAX
from schemas.event_bodies import Strict
from schemas.json_values import Id, Moment
from stores.endpoints_contract import EVENT_TYPES

DESCRIPTION_LENGTH_MAX: Final = 200
OVERLAP_HOURS_MAX: Final = 168
IDS_MAX: Final = 100

EventType = Literal[
    "message.push",
    "message.sms",
    "message.webhook",
    "message.email",
    "points.earned",
    "points.used",
    "points.expired",
    "offer.granted",
    "offer.redeemed",
    "tier.changed",
    "ping",
]
Url = Annotated[str, Field(min_length=1, max_length=URL_LENGTH_MAX)]
EventTypes = Annotated[
    list[EventType], Field(min_length=1, max_length=len(EVENT_TYPES))
]
Description = Annotated[str, Field(max_length=DESCRIPTION_LENGTH_MAX)]


class WebhookIn(Strict):
    """A new endpoint; its address is looked up and must be public."""

    model_config = Strict.shown(examples.WEBHOOK_NEW)

    url: Url
    event_types: EventTypes
    description: Description = ""


class WebhookChangeIn(Strict):
    """What is to be different; `active` lets a disabled endpoint be sent to again."""

    model_config = Strict.shown(examples.WEBHOOK_CHANGE)

    url: Url | None = None
    event_types: EventTypes | None = None
    description: Description | None = None
    status: Literal["active", "disabled"] | None = None

    def changes(self) -> dict[str, Any]:
        """Fields that are named, as the endpoint has them."""
        named = self.model_dump(exclude_none=True)
        if "event_types" in named:
            named["event_types"] = tuple(dict.fromkeys(named["event_types"]))
        return named


class RotationIn(Strict):
    """How long the old secret signs beside the new one."""

    model_config = Strict.shown(examples.ROTATION)

    overlap_hours: Annotated[int, Field(strict=True, ge=0, le=OVERLAP_HOURS_MAX)] = 24


class ReplayIn(Strict):
    """Which dead deliveries are sent anew: those that fit everything that is named."""

    model_config = Strict.shown(examples.REPLAY)

    since: Moment | None = None
    until: Moment | None = None
    campaign_id: Id | None = None
    event_types: EventTypes | None = None
    delivery_ids: Annotated[list[Id], Field(max_length=IDS_MAX)] | None = None
