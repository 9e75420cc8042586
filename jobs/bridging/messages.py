"""Messages of other systems as records of our topics, or as what is wrong with them."""

import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import unquote

from pydantic import ValidationError

from jobs.bridging.ports import Received
from schemas.cloud_events import (
    BATCH,
    EVENTS_MAX,
    STRUCTURED,
    Fault,
    FaultyEvent,
    event_of,
)
from schemas.event_bodies import ActivityIn, OrderIn
from schemas.events import EventCodec
from schemas.framing import MalformedRecord
from schemas.intake import Checked, checked_activity, checked_order
from schemas.topics import SOURCE_BYTES_MAX

# How the attributes of a binary event are named: by AMQP's two bindings, and by HTTP's.
ATTRIBUTE_PREFIXES: Final = ("cloudevents:", "cloudevents_", "ce-", "ce_")
DETAIL_LENGTH_MAX: Final = 500
FAULTS_TOLD_MAX: Final = 5
# Envelopes that SNS and EventBridge put round a message, and where it is in them.
ENVELOPES: Final = (
    (frozenset({"Type", "MessageId", "Message", "TopicArn"}), "Message"),
    (frozenset({"detail-type", "detail", "source", "id"}), "detail"),
)


def records_of(message: Received, codec: EventCodec, now: int) -> list[Checked]:
    """
    Records of a message, as the API would write them, at a time (ms since 1970).

    Raises: MalformedRecord for all of it, if any event of it does not hold.
    """
    if len(message.body) > SOURCE_BYTES_MAX:
        detail = f"the message has {len(message.body)} bytes"
        raise MalformedRecord("too-large", f"{detail}, at most {SOURCE_BYTES_MAX}")
    try:
        events = [
            _event(value, found)
            for value, found in _documents(message, _parsed(message))
        ]
    except FaultyEvent as error:
        where = "/data" if error.in_data else ""
        raise MalformedRecord("not-an-event", _told(error.faults, where)) from error
    except ValidationError as error:
        faults = [dict(one) for one in error.errors(include_url=False)]
        raise MalformedRecord("not-an-event", _told(faults, "")) from error
    return [
        checked_order(event.event(), codec, now)
        if isinstance(event, OrderIn)
        else checked_activity(event.event(), codec, now)
        for event in events
    ]


def _parsed(message: Received) -> Any:
    try:
        document = json.loads(message.body)
        for names, inside in ENVELOPES:
            if isinstance(document, dict) and names <= document.keys():
                within = document[inside]
                return json.loads(within) if isinstance(within, str) else within
    except (ValueError, RecursionError) as error:
        raise MalformedRecord("not-json", str(error)[:DETAIL_LENGTH_MAX]) from error
    return document


def _documents(message: Received, document: Any) -> list[tuple[Any, bool]]:
    """Events of a message, and whether each has the envelope of CloudEvents."""
    if message.content_type.startswith(BATCH) or isinstance(document, list):
        if not isinstance(document, list) or not 1 <= len(document) <= EVENTS_MAX:
            detail = f"a batch is a list of 1 to {EVENTS_MAX} events"
            raise MalformedRecord("not-an-event", detail)
        return [(one, True) for one in document]
    attributes = _attributes(message.headers)
    if "specversion" in attributes:
        return [(attributes | {"data": document}, True)]
    is_event = message.content_type.startswith(STRUCTURED) or (
        isinstance(document, dict) and "specversion" in document
    )
    return [(document, is_event)]


def _attributes(headers: Mapping[str, str]) -> dict[str, Any]:
    return {
        name[len(prefix) :]: unquote(value, errors="replace")
        for name, value in headers.items()
        for prefix in ATTRIBUTE_PREFIXES
        if name.startswith(prefix)
    }


def _event(document: Any, is_event: bool) -> OrderIn | ActivityIn:  # noqa: FBT001 - a pair's second
    if is_event:
        return event_of(document)
    # Only an order has it, and it must have it.
    if isinstance(document, dict) and "order_id" in document:
        return OrderIn.model_validate(document)
    return ActivityIn.model_validate(document)


def _told(faults: list[Fault], where: str) -> str:
    """Pointers to the first faults, and what each is."""
    told = [
        f"{where}{''.join(f'/{part}' for part in fault['loc'])}: {fault['msg']}"
        for fault in faults[:FAULTS_TOLD_MAX]
    ]
    left_out = len(faults) - len(told)
    return "; ".join([*told, *([f"and {left_out} more"] if left_out else [])])[
        :DETAIL_LENGTH_MAX
    ]
