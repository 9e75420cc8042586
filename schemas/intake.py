"""Events on their way into the log: checked as the engine checks them, and encoded."""

from typing import NamedTuple

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
    key = order.member_id.encode()
    check_key(key, order.member_id)
    try:
        check_order(order, now)
    except InvalidEvent as invalid:
        raise MalformedRecord(invalid.reason, invalid.detail) from invalid
    return _fitting(
        Checked(order.event_id, ORDERS.name, key, codec.encode_order(order))
    )


def checked_activity(act: ActivityEvent, codec: EventCodec, now: int) -> Checked:
    """
    Check an act at a time (ms since 1970).

    Raises: MalformedRecord, RecordTooLarge.
    """
    key = act.member_id.encode()
    check_key(key, act.member_id)
    try:
        check_activity(act, now)
    except InvalidEvent as invalid:
        raise MalformedRecord(invalid.reason, invalid.detail) from invalid
    return _fitting(
        Checked(act.event_id, ACTIVITY.name, key, codec.encode_activity(act))
    )


def _fitting(event: Checked) -> Checked:
    size = len(event.value)
    if size > SOURCE_BYTES_MAX:
        detail = f"the event has {size} bytes, at most {SOURCE_BYTES_MAX}"
        raise RecordTooLarge("too-large", detail)
    return event
