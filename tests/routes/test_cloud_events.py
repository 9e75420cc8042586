"""CloudEvents 1.0.2: three modes, the same checks as orders and acts of their own."""

import json
from typing import Any

import pytest

from schemas.cloud_events import EVENTS_MAX
from schemas.events import EventCodec
from tests.builders import NOON
from tests.routes.client import Client
from tests.routes.test_ingest import ACT, ORDER

STRUCTURED = "application/cloudevents+json; charset=UTF-8"
BATCH = "application/cloudevents-batch+json"
NOON_TEXT = "2024-01-15T12:00:00Z"
ORDER_DATA = {k: v for k, v in ORDER.items() if k not in ("event_id", "occurred_at")}
ACT_DATA = {k: v for k, v in ACT.items() if k not in ("event_id", "type")}
PLACED: dict[str, Any] = {
    "specversion": "1.0",
    "id": "1",
    "source": "/tills/7",
    "type": "regulars.order.placed",
    "time": NOON_TEXT,
    "data": ORDER_DATA,
}
VIEWED: dict[str, Any] = {
    "specversion": "1.0",
    "id": "2",
    "source": "https://app.example",
    "type": "regulars.activity.menu.viewed",
    "datacontenttype": "application/json",
    "subject": "member-1",
    "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "sequence": 7,
    "data": ACT_DATA,
}
HEADERS = {
    "ce-specversion": "1.0",
    "ce-id": "1",
    "ce-source": "/tills/7",
    "ce-type": "regulars.order.placed",
    "ce-time": NOON_TEXT,
}


def _post(client: Client, body: Any, kind: str, **headers: str) -> Any:
    content = body if isinstance(body, str | bytes) else json.dumps(body)
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    headers["content-type"] = kind
    return client.call("POST", "/v1/cloudevents", content=content, headers=headers)


def test_an_order_in_an_envelope_is_the_order() -> None:
    client = Client()

    answer = _post(client, PLACED, STRUCTURED)

    assert answer.status_code == 202
    assert [one["event_id"] for one in answer.json()["items"]] == ["/tills/7 1"]
    topic, key, value = client.publisher.published[0]
    order = EventCodec().decode_order(key, value, NOON)
    assert (topic, order.kind, order.order_id) == ("orders", "PLACED", "o1")
    assert (order.event_id, order.occurred_at) == ("/tills/7 1", NOON)


@pytest.mark.parametrize("path", ["/v1/cloudevents", "/v1/events"])
def test_attributes_in_headers_are_an_envelope(path: str) -> None:
    client = Client()
    headers = HEADERS | {"content-type": "application/json", "ce-id": "Gr%C3%BC%C3%9Fe"}

    answer = client.call("POST", path, content=json.dumps(ORDER_DATA), headers=headers)

    assert answer.status_code == 202
    assert answer.json()["items"][0]["event_id"] == "/tills/7 Grüße"
    assert answer.json()["items"][0]["topic"] == "orders"


def test_a_batch_is_taken_in_its_order() -> None:
    client = Client()
    later = PLACED | {"id": "3", "data": ORDER_DATA | {"order_id": "o3"}}

    answer = _post(client, [PLACED, VIEWED, later], BATCH)

    assert answer.status_code == 202
    topics = [topic for topic, _, _ in client.publisher.published]
    assert topics == ["orders", "app-activity", "orders"]
    act = EventCodec().decode_activity(*client.publisher.published[1][1:], NOON)
    assert (act.type, act.attributes) == ("menu.viewed", ACT["attributes"])


@pytest.mark.parametrize("kind", ["adjusted", "refunded", "cancelled"])
def test_the_type_says_what_became_of_an_order(kind: str) -> None:
    client = Client()
    refund = {"refund_id": "r1", "lines": [], "amount_minor": 100}
    data = ORDER_DATA | ({"refund": refund} if kind == "refunded" else {})

    answer = _post(
        client, PLACED | {"type": f"regulars.order.{kind}", "data": data}, STRUCTURED
    )

    assert answer.status_code == 202
    _, key, value = client.publisher.published[0]
    assert EventCodec().decode_order(key, value, NOON).kind == kind.upper()


def test_the_same_event_again_counts_once() -> None:
    client = Client()

    _post(client, PLACED, STRUCTURED)
    once = client.call("GET", "/v1/members/member-1").json()
    for _ in range(3):
        assert _post(client, PLACED, STRUCTURED).status_code == 202

    assert once["balance"] > 0
    assert client.call("GET", "/v1/members/member-1").json() == once


def test_the_same_id_of_another_source_is_another_event() -> None:
    client = Client()
    act = VIEWED | {"source": "https://app.example", "id": "x" * 1_000}
    sent = [act, act | {"source": "https://web.example"}, act]

    ids = [
        _post(client, one, STRUCTURED).json()["items"][0]["event_id"] for one in sent
    ]

    assert ids[0] == ids[2] != ids[1]
    assert all(len(one) <= 128 for one in ids)


def test_the_time_of_the_data_is_nearer_than_that_of_the_envelope() -> None:
    client = Client()
    data = ORDER_DATA | {"occurred_at": NOON + 5}

    _post(client, PLACED | {"data": data}, STRUCTURED)

    _, key, value = client.publisher.published[0]
    assert EventCodec().decode_order(key, value, NOON).occurred_at == NOON + 5


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"specversion": "0.3"}, "/specversion"),
        ({"specversion": None}, "/specversion"),
        ({"id": ""}, "/id"),
        ({"id": 7}, "/id"),
        ({"source": "a b"}, "/source"),
        ({"type": "com.example.order"}, "/type"),
        ({"type": "regulars.order.stolen"}, "/type"),
        ({"type": "regulars.activity."}, "/type"),
        ({"time": "yesterday"}, "/time"),
        ({"datacontenttype": "text/xml"}, "/datacontenttype"),
        ({"data": "text"}, "/data"),
        ({"data": None}, "/data"),
        ({"data_base64": "aGk="}, "/data_base64"),
        ({"Extension": "x"}, "/Extension"),
        ({"extension": {"x": 1}}, "/extension"),
        ({"extension": 1.5}, "/extension"),
        ({"data": ORDER_DATA | {"total_minor": 1.5}}, "/data/total_minor"),
        ({"data": ORDER_DATA | {"lines": [{}]}}, "/data/lines/0/line_id"),
        ({"data": ORDER_DATA | {"event_id": "e"}}, "/data/event_id"),
        ({"data": ORDER_DATA | {"kind": "PLACED"}}, "/data/kind"),
        ({"data": ORDER_DATA | {"unknown": 1}}, "/data/unknown"),
        ({"time": None}, "/data/occurred_at"),
    ],
)
def test_a_fault_is_pointed_at(change: dict[str, Any], pointer: str) -> None:
    client = Client()

    one = _post(client, PLACED | change, STRUCTURED)
    many = _post(client, [VIEWED, PLACED | change], BATCH)

    assert (one.status_code, many.status_code) == (422, 422)
    assert one.json()["errors"][0]["pointer"] == pointer
    assert many.json()["errors"][0]["pointer"] == "/1" + pointer
    assert client.publisher.published == []


@pytest.mark.parametrize(
    ("headers", "data", "pointer"),
    [
        ({"ce-id": None}, ORDER_DATA, "header/ce-id"),
        ({"ce-specversion": None}, ORDER_DATA, "header/ce-specversion"),
        ({"ce-type": "other"}, ORDER_DATA, "header/ce-type"),
        ({"ce-time": "now"}, ORDER_DATA, "header/ce-time"),
        ({}, ORDER_DATA | {"currency": "usd"}, "/currency"),
        ({}, [], ""),
        ({"ce-time": None}, ORDER_DATA, "/occurred_at"),
    ],
)
def test_a_fault_of_a_header_is_pointed_at(
    headers: dict[str, str | None], data: Any, pointer: str
) -> None:
    given = {k: v for k, v in (HEADERS | headers).items() if v is not None}

    answer = Client().call(
        "POST",
        "/v1/cloudevents",
        content=json.dumps(data),
        headers=given | {"content-type": "application/json"},
    )

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (PLACED, "text/plain", 415),
        (PLACED, "application/cloudevents+avro", 415),
        ("{", STRUCTURED, 422),
        ("[" * 100_000, STRUCTURED, 422),
        (b"\xff", STRUCTURED, 422),
        ([], BATCH, 422),
        ({}, BATCH, 422),
        ([PLACED] * (EVENTS_MAX + 1), BATCH, 422),
        ([PLACED], STRUCTURED, 422),
        ([7], BATCH, 422),
    ],
)
def test_what_is_no_event_is_refused(body: Any, kind: str, status: int) -> None:
    assert _post(Client(), body, kind).status_code == status


def test_what_the_engine_would_not_take_is_told_before_anything_is_sent() -> None:
    client = Client()
    early = PLACED | {"time": "1999-01-01T00:00:00Z"}

    answer = _post(client, [VIEWED, early], BATCH)

    assert answer.status_code == 422
    assert answer.json()["reason"] == "time-too-early"
    assert client.publisher.published == []


def test_a_members_token_sends_its_own_events_only() -> None:
    client = Client()
    client.token = client.tokens.token(member_id="member-2")

    assert _post(client, VIEWED, STRUCTURED).status_code == 404


def test_events_that_the_broker_does_not_take_are_503() -> None:
    client = Client()
    client.publisher.is_available = False

    assert _post(client, [PLACED, VIEWED], BATCH).status_code == 503
