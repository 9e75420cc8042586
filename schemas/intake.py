"""Events on their way into the log: checked as the engine checks them, and encoded."""

from collections.abc import Callable
from typing import NamedTuple, TypeVar

from loyalty.campaigns import PREFIX, is_of_campaign
from loyalty.events import (
    ActivityEvent,
    InvalidEvent,
    OrderEvent,
    check_activity,
    check_order,
)
from schemas.events import EventCodec, check_key
from schemas.framing import MalformedRecord
from schemas.topics import ACTIVITY, ORDERS, SOURCE_BYTES_MAX

Event = TypeVar("Event", OrderEvent, ActivityEvent)


class Checked(NamedTuple):
    """An event that the engine will take, as a record of its topic."""

    event_id: str
    topic: str
    key: bytes
    value: bytes


class RecordTooLarge(MalformedRecord):
    """An event that holds, and has more bytes than a record may have."""


def checked_order(order: OrderEvent, codec: EventCodec, now: int) -> Checked:
    """
    Check an order at a time (ms since 1970).

    Raises: MalformedRecord, RecordTooLarge.
    """
    _check(order, check_order, now)
    return _fitting(order, ORDERS.name, codec.encode_order(order))


def checked_activity(act: ActivityEvent, codec: EventCodec, now: int) -> Checked:
    """
    Check an act at a time (ms since 1970), which somebody outside says was done.

    Raises: MalformedRecord, RecordTooLarge.
    """
    if is_of_campaign(act.type):
        # Else an app could give its member what a campaign gives to others.
        detail = f"acts {PREFIX}… are the chain's own: campaigns send them"
        raise MalformedRecord("type-reserved", detail)
    return checked_campaign_act(act, codec, now)


def checked_campaign_act(act: ActivityEvent, codec: EventCodec, now: int) -> Checked:
    """
    Check an act of our own at a time (ms since 1970).

    Raises: MalformedRecord, RecordTooLarge.
    """
    _check(act, check_activity, now)
    return _fitting(act, ACTIVITY.name, codec.encode_activity(act))


def _check(event: Event, check: Callable[[Event, int], None], now: int) -> None:
    check_key(event.member_id.encode(), event.member_id)
    try:
        check(event, now)
    except InvalidEvent as invalid:
        raise MalformedRecord(invalid.reason, invalid.detail) from invalid


def _fitting(event: OrderEvent | ActivityEvent, topic: str, value: bytes) -> Checked:
    if len(value) > SOURCE_BYTES_MAX:
        detail = f"the event has {len(value)} bytes, at most {SOURCE_BYTES_MAX}"
        raise RecordTooLarge("too-large", detail)
    return Checked(event.event_id, topic, event.member_id.encode(), value)
