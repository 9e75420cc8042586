"""What we answer about deliveries: what holds them back, inboxes, previews."""

from pydantic import BaseModel, ConfigDict

from api import delivery_examples as examples
from api.responses import shown, shown_or_never
from stores.delivery_controls_contract import Controls
from stores.inbox_contract import InboxMessage, InboxPage
from stores.outbox_contract import LaneDepth


def _shown(example: examples.Example) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [example]})


class StopOut(BaseModel):
    """Who stopped a scope, when and why."""

    scope: str
    by: str
    at: str
    reason: str


class PaceOut(BaseModel):
    """How fast a scope may go."""

    scope: str
    per_second: int
    ramp_seconds: int


class LaneOut(BaseModel):
    """What waits for a target, of a campaign on a channel."""

    target: str
    channel: str
    campaign_id: str
    waiting: int
    due_at: str
    is_stopped: bool


class BreakerOut(BaseModel):
    """A target that failed, and until when it is left alone."""

    target: str
    failures: int
    open_until: str | None


class ControlsOut(BaseModel):
    """Everything that holds deliveries back, and what waits longest."""

    model_config = _shown(examples.CONTROLS)

    stops: list[StopOut]
    paces: list[PaceOut]
    lanes: list[LaneOut]
    breakers: list[BreakerOut]


class InboxMessageOut(BaseModel):
    """A message in the app."""

    model_config = _shown(examples.INBOX_MESSAGE)

    id: str
    campaign_id: str
    title: str
    body: str
    created_at: str
    expires_at: str | None
    read_at: str | None
    dismissed_at: str | None


class InboxOut(BaseModel):
    """A page of an inbox, newest first; `unread` counts the whole of it."""

    model_config = _shown(examples.INBOX)

    items: list[InboxMessageOut]
    unread: int
    next_cursor: str | None


class MessageNewsOut(BaseModel):
    """A message that came or was marked; `unread` counts the inbox after it."""

    message: InboxMessageOut
    unread: int


class InboxNewsOut(BaseModel):
    """A whole inbox, newest first."""

    items: list[InboxMessageOut]
    unread: int


class TextOut(BaseModel):
    """What a member would read on one channel."""

    channel: str
    title: str
    body: str
    html: str


class PreviewOut(BaseModel):
    """A template with its values, and the names that it needs."""

    model_config = _shown(examples.PREVIEWED)

    template_id: str
    names: list[str]
    texts: list[TextOut]


def controls_out(controls: Controls, depths: list[LaneDepth]) -> ControlsOut:
    """Controls as the API shows them."""
    return ControlsOut(
        stops=[
            StopOut(scope=one.scope, by=one.by, at=shown(one.at), reason=one.reason)
            for _, one in sorted(controls.stops.items())
        ],
        paces=[PaceOut(**one._asdict()) for _, one in sorted(controls.paces.items())],
        lanes=[
            LaneOut(
                **depth.lane._asdict(),
                waiting=depth.waiting,
                due_at=shown(depth.due_at),
                is_stopped=controls.is_stopped(depth.lane),
            )
            for depth in depths
        ],
        breakers=[
            BreakerOut(
                target=target,
                failures=one.failures,
                open_until=shown_or_never(one.open_until),
            )
            for target, one in sorted(controls.breakers.items())
        ],
    )


def message_news_out(message: InboxMessage, unread: int) -> MessageNewsOut:
    """News of one message, as a stream tells it."""
    return MessageNewsOut(message=message_out(message), unread=unread)


def inbox_news_out(page: InboxPage, now: int) -> InboxNewsOut:
    """An inbox as a stream begins with it."""
    items = [message_out(one) for one in page.shown_at(now)]
    return InboxNewsOut(items=items, unread=page.unread_at(now))


def message_out(message: InboxMessage) -> InboxMessageOut:
    """Message as the API shows it."""
    return InboxMessageOut(
        id=message.message_id,
        campaign_id=message.campaign_id,
        title=message.title,
        body=message.body,
        created_at=shown(message.created_at),
        expires_at=shown_or_never(message.expires_at),
        read_at=shown_or_never(message.read_at),
        dismissed_at=shown_or_never(message.dismissed_at),
    )
