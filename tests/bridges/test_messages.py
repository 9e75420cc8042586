"""What a message may be, and what is said of one that is not."""

import json
from typing import Any

import pytest

from jobs.bridging.member_events import MemberEvents
from jobs.bridging.messages import records_of
from jobs.bridging.ports import Received
from loyalty.events import ActivityEvent, OrderEvent
from schemas.cloud_event_examples import MENU_VIEWED, ORDER_PLACED
from schemas.cloud_events import BATCH, EVENTS_MAX, STRUCTURED
from schemas.event_examples import ACTIVITY, ORDER
from schemas.events import EventCodec
from schemas.framing import MalformedRecord
from schemas.topics import ACTIVITY as ACTS
from schemas.topics import ORDERS, SOURCE_BYTES_MAX

CODEC = EventCodec()
# A day after the examples.
NOW = 1_795_600_000_000


def a_message(
    body: Any, content_type: str = "", headers: dict[str, str] | None = None
) -> Received:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Received("1", raw, content_type, headers or {}, None)


def in_sns(body: Any) -> dict[str, str]:
    return {
        "Type": "Notification",
        "MessageId": "1",
        "TopicArn": "arn:aws:sns:eu-west-1:1:orders",
        "Message": json.dumps(body),
    }


def in_eventbridge(body: Any) -> dict[str, Any]:
    return {
        "version": "0",
        "id": "1",
        "detail-type": "order",
        "source": "till",
        "account": "1",
        "detail": body,
    }


def read(topic: str, key: bytes, value: bytes) -> OrderEvent | ActivityEvent:
    if topic == ORDERS.name:
        return CODEC.decode_order(key, value, NOW)
    assert topic == ACTS.name
    return CODEC.decode_activity(key, value, NOW)


@pytest.mark.parametrize(
    ("message", "event_ids"),
    [
        pytest.param(a_message(ORDER), [ORDER["event_id"]], id="an order"),
        pytest.param(a_message(ACTIVITY), [ACTIVITY["event_id"]], id="an act"),
        pytest.param(
            a_message(ORDER_PLACED), ["/stores/7/tills/2 000123"], id="a CloudEvent"
        ),
        pytest.param(
            a_message([ORDER_PLACED, MENU_VIEWED], BATCH),
            ["/stores/7/tills/2 000123", "https://app.example/devices/9 77"],
            id="a batch",
        ),
        pytest.param(
            a_message(
                MENU_VIEWED["data"],
                "application/json",
                {
                    f"cloudevents:{name}": MENU_VIEWED[name]
                    for name in ("specversion", "id", "source", "type")
                }
                | {"traceparent": "00-1"},
            ),
            ["https://app.example/devices/9 77"],
            id="a binary CloudEvent",
        ),
        pytest.param(a_message(in_sns(ORDER)), [ORDER["event_id"]], id="from SNS"),
        pytest.param(
            a_message(in_eventbridge(ORDER)), [ORDER["event_id"]], id="from EventBridge"
        ),
        pytest.param(
            a_message(in_sns(ORDER_PLACED)),
            ["/stores/7/tills/2 000123"],
            id="a CloudEvent from SNS",
        ),
    ],
)
def test_a_message_is_the_records_of_its_events(
    message: Received, event_ids: list[str]
) -> None:
    records = records_of(message, CODEC, NOW)

    assert [one.event_id for one in records] == event_ids
    assert [
        read(one.topic, one.key, one.value).event_id for one in records
    ] == event_ids


@pytest.mark.parametrize(
    ("message", "reason", "detail"),
    [
        pytest.param(a_message(b""), "not-json", "Expecting value", id="nothing"),
        pytest.param(a_message(b'"\xff"'), "not-json", "codec", id="no text"),
        pytest.param(a_message(b"[" * 100_000), "not-json", "", id="too deep"),
        pytest.param(a_message(7), "not-an-event", "valid dict", id="a number"),
        pytest.param(a_message([]), "not-an-event", "1 to 500", id="an empty list"),
        pytest.param(
            a_message([MENU_VIEWED] * (EVENTS_MAX + 1)),
            "not-an-event",
            "1 to 500",
            id="too many",
        ),
        pytest.param(
            a_message(ORDER | {"total_minor": 1.5}),
            "not-an-event",
            "/total_minor: ",
            id="a fraction of a cent",
        ),
        pytest.param(
            a_message(ORDER_PLACED | {"data": ORDER_PLACED["data"] | {"kind": "X"}}),
            "not-an-event",
            "/data/kind: ",
            id="said twice",
        ),
        pytest.param(
            a_message(ORDER | {"member_id": "lease:1"}),
            "key-reserved",
            "budgets",
            id="an account",
        ),
        pytest.param(
            a_message(ORDER | {"occurred_at": "1970-01-01T00:00:00Z"}),
            "time-too-early",
            "",
            id="long ago",
        ),
        pytest.param(
            a_message([ORDER_PLACED, {"specversion": "1.0"}], BATCH),
            "not-an-event",
            "/id: ",
            id="one of a batch",
        ),
        pytest.param(
            a_message(b"x" * (SOURCE_BYTES_MAX + 1)),
            "too-large",
            "at most",
            id="too large",
        ),
        pytest.param(
            a_message(ORDER, STRUCTURED), "not-an-event", "/id: ", id="no envelope"
        ),
    ],
)
def test_what_is_no_event_says_what_is_wrong(
    message: Received, reason: str, detail: str
) -> None:
    with pytest.raises(MalformedRecord) as refused:
        records_of(message, CODEC, NOW)

    assert refused.value.reason == reason
    assert detail in refused.value.detail
    assert len(refused.value.detail) <= 500


def test_what_is_no_update_is_no_event() -> None:
    with pytest.raises(MalformedRecord):
        MemberEvents("regulars").event_of(b"\x00")
