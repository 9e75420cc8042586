"""Events in: what is sound reaches the log whole, what is not is told why."""

import json
import math
from typing import Any

import pytest

from api.middleware import BODY_BYTES_MAX
from schemas.events import EventCodec
from schemas.topics import SOURCE_BYTES_MAX
from tests.builders import NOON
from tests.routes.client import Client

LINE = {
    "line_id": "1",
    "sku": "latte",
    "category": "coffee",
    "quantity": 1,
    "unit_price_minor": 900,
}
ORDER = {
    "event_id": "e1",
    "order_id": "o1",
    "member_id": "member-1",
    "occurred_at": NOON,
    "store_id": "s1",
    "currency": "USD",
    "lines": [LINE],
    "total_minor": 900,
    "subtotal_minor": 900,
}
ACT = {
    "event_id": "e1",
    "member_id": "member-1",
    "type": "menu.viewed",
    "occurred_at": "2024-01-15T12:00:00Z",
    "attributes": {"item": "latte", "count": 2, "rate": 0.5, "new": True},
}


def _post(client: Client, path: str, body: Any) -> Any:
    content = body if isinstance(body, str | bytes) else json.dumps(body)
    return client.call(
        "POST", path, content=content, headers={"content-type": "application/json"}
    )


def test_a_sound_order_reaches_the_log_as_it_was_sent() -> None:
    client = Client()

    answer = _post(client, "/v1/orders", ORDER)

    assert answer.status_code == 202
    assert answer.json() == {
        "event_id": "e1",
        "topic": "orders",
        "partition": 0,
        "offset": 0,
    }
    topic, key, value = client.publisher.published[0]
    order = EventCodec().decode_order(key, value, NOON)
    assert (topic, key, order.order_id) == ("orders", b"member-1", "o1")
    assert order.lines[0].unit_price_minor == 900
    assert order.occurred_at == NOON


def test_a_time_with_a_zone_is_the_same_moment() -> None:
    client = Client()

    _post(client, "/v1/orders", ORDER | {"occurred_at": "2024-01-15T07:00:00-05:00"})

    _, key, value = client.publisher.published[0]
    assert EventCodec().decode_order(key, value, NOON).occurred_at == NOON


def test_a_sound_act_reaches_the_log_as_it_was_sent() -> None:
    client = Client()

    answer = _post(client, "/v1/activity", ACT)

    assert answer.status_code == 202
    topic, key, value = client.publisher.published[0]
    act = EventCodec().decode_activity(key, value, NOON)
    assert (topic, act.type, act.attributes) == (
        "app-activity",
        "menu.viewed",
        ACT["attributes"],
    )


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"total_minor": -1}, 422),
        ({"total_minor": 2**63}, 422),
        ({"total_minor": 2**63 - 1}, 422),
        ({"total_minor": 1.5}, 422),
        ({"total_minor": 1e308}, 422),
        ({"total_minor": "900"}, 422),
        ({"total_minor": None}, 422),
        ({"total_minor": True}, 422),
        ({"lines": [LINE | {"quantity": 0}]}, 422),
        ({"lines": [LINE | {"discount_minor": 901}]}, 422),
        ({"lines": [LINE | {"unit_price_minor": -1}]}, 422),
        ({"lines": [LINE] * 1_001}, 422),
        ({"lines": "none"}, 422),
        ({"currency": "usd"}, 422),
        ({"kind": "STOLEN"}, 422),
        ({"kind": "REFUNDED"}, 422),
        ({"occurred_at": 0}, 422),
        ({"occurred_at": NOON // 1000}, 422),
        ({"occurred_at": "2034-01-15T12:00:00Z"}, 422),
        ({"occurred_at": "2024-01-15T12:00:00"}, 422),
        ({"occurred_at": "yesterday"}, 422),
        ({"occurred_at": str(NOON // 1000)}, 422),
        ({"occurred_at": NOON + 0.5}, 422),
        ({"occurred_at": True}, 422),
        ({"occurred_at": 2**63}, 422),
        ({"occurred_at": "2024-01-15 12:00:00Z"}, 422),
        ({"occurred_at": "2024-01-15"}, 422),
        ({"occurred_at": "2024-02-30T12:00:00Z"}, 422),
        ({"occurred_at": "0001-01-01T00:00:00+14:00"}, 422),
        ({"occurred_at": "9999-12-31T23:59:59-14:00"}, 422),
        ({"member_id": "\N{BEER MUG}" * 65}, 422),
        ({"member_id": "\0member"}, 422),
        ({"member_id": "\ud800"}, 422),
        ({"attributes": {"table": 7}}, 422),
        ({"attributes": {str(n): "x" for n in range(65)}}, 422),
        ({"refund": {}}, 422),
        ({"trace": "t" * 129}, 422),
        ({"member_id": ""}, 422),
        ({"member_id": "m" * 129}, 422),
        ({"balance": 1_000_000}, 422),
        ({"tier": "gold"}, 422),
        ({"role": "admin"}, 422),
    ],
)
def test_an_order_outside_the_bounds_is_refused(
    change: dict[str, Any], status: int
) -> None:
    client = Client()

    answer = _post(client, "/v1/orders", ORDER | change)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status
    assert answer.json()["detail"]
    assert client.publisher.published == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{", 422),
        ("", 422),
        ("null", 422),
        ("[]", 422),
        ('{"total_minor": NaN}', 422),
        ('{"total_minor": Infinity}', 422),
        ('{"a":' * 10_000 + "1" + "}" * 10_000, 422),
        (b"\xff\xfe", 422),
        ('{"total_minor": ' + "1" * 5_000 + "}", 422),
        ('{"\\ud800": 1}', 422),
        ("{" + " " * 2_000_000 + "}", 413),
    ],
    ids=[
        "cut",
        "empty",
        "null",
        "list",
        "nan",
        "inf",
        "deep",
        "not utf-8",
        "digits",
        "half",
        "large",
    ],
)
def test_a_body_that_is_no_order_is_refused(body: str | bytes, status: int) -> None:
    client = Client()

    answer = _post(client, "/v1/orders", body)

    assert answer.status_code == status
    assert answer.json()["status"] == status
    assert "Traceback" not in answer.text
    assert client.publisher.published == []


@pytest.mark.parametrize(
    "value",
    [2**63, -(2**63) - 1, 10**400, math.nan, math.inf, None, [], {}, "x" * 1_025],
    ids=repr,
)
def test_an_attribute_that_the_record_cannot_hold_is_refused(value: Any) -> None:
    client = Client()

    answer = _post(client, "/v1/activity", ACT | {"attributes": {"a/b~c": value}})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/attributes/a~1b~0c"
    assert client.publisher.published == []


@pytest.mark.parametrize(
    "value", [2**63 - 1, -(2**63), 0, 1.5, True, "", "\N{BEER MUG}"]
)
def test_an_attribute_reaches_the_log_with_its_type(value: Any) -> None:
    client = Client()

    _post(client, "/v1/activity", ACT | {"attributes": {"x": value}})

    _, key, record = client.publisher.published[0]
    kept = EventCodec().decode_activity(key, record, NOON).attributes["x"]
    assert (kept, type(kept)) == (value, type(value))


@pytest.mark.parametrize(
    ("text", "after_noon_ms"),
    [
        ("2024-01-15T12:00:00.001Z", 1),
        ("2024-01-15T12:00:00.9999Z", 999),
        ("2024-01-15t12:00:00z", 0),
        ("2024-01-15T23:30:00.5+11:30", 500),
    ],
)
def test_a_time_is_kept_to_the_millisecond(text: str, after_noon_ms: int) -> None:
    client = Client()

    _post(client, "/v1/orders", ORDER | {"occurred_at": text})

    _, key, value = client.publisher.published[0]
    order = EventCodec().decode_order(key, value, NOON)
    assert order.occurred_at == NOON + after_noon_ms


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"lines": [LINE | {"sku": 7}]}, "/lines/0/sku"),
        ({"lines": [LINE, {}]}, "/lines/1/line_id"),
        ({"occurred_at": "noon"}, "/occurred_at"),
        ({"attributes": {"k" * 129: "v"}}, "/attributes/" + "k" * 129),
        ({"x": 1}, "/x"),
        ({"x" * 10_000: 1}, "/" + "x" * 511),
    ],
)
def test_a_fault_is_pointed_at(change: dict[str, Any], pointer: str) -> None:
    answer = _post(Client(), "/v1/orders", ORDER | change)

    assert answer.json()["errors"][0]["pointer"] == pointer


def test_a_body_that_is_no_json_is_told_where() -> None:
    fault = _post(Client(), "/v1/orders", '{"a"').json()["errors"][0]

    assert fault == {
        "pointer": "",
        "detail": "Not JSON at character 4: Expecting ':' delimiter",
    }


def test_what_every_topic_would_refuse_for_its_size_is_not_taken() -> None:
    client = Client()
    long_line = LINE | {"labels": ["x" * 128] * 32}
    body = json.dumps(ORDER | {"lines": [long_line] * 240}, separators=(",", ":"))
    assert len(body) < BODY_BYTES_MAX

    answer = _post(client, "/v1/orders", body)

    assert answer.status_code == 413
    assert str(SOURCE_BYTES_MAX) in answer.json()["detail"]
    assert client.publisher.published == []


def test_a_taken_order_is_one_that_the_engine_can_read() -> None:
    """Whatever is answered 202 decodes with key and bounds as the engine checks."""
    client = Client()
    refund = {"refund_id": "r1", "amount_minor": 5, "lines": []}
    applied = [{"code": "HELLO", "amount_minor": 5}]
    for change in (
        {"kind": "CANCELLED", "lines": []},
        {"kind": "REFUNDED", "refund": refund},
        {"kind": "ADJUSTED", "applied": applied, "attributes": {"a": "b"}},
        {"member_id": "\N{BEER MUG}" * 64, "trace": ""},
        {"lines": [LINE | {"line_id": str(n)} for n in range(1_000)]},
    ):
        assert _post(client, "/v1/orders", ORDER | change).status_code == 202

    for _, key, value in client.publisher.published:
        EventCodec().decode_order(key, value, NOON)


def test_a_refusal_of_the_rules_carries_its_reason() -> None:
    answer = _post(Client(), "/v1/orders", ORDER | {"occurred_at": NOON // 1000})

    assert answer.json()["type"] == "/problems/event-refused"
    assert answer.json()["reason"] == "time-too-early"


@pytest.mark.parametrize("member_id", ["budget:summer", "lease:summer:3"])
def test_an_account_of_a_budget_is_no_member(member_id: str) -> None:
    client = Client()

    answer = _post(client, "/v1/orders", ORDER | {"member_id": member_id})

    assert answer.status_code == 422
    assert answer.json()["reason"] == "key-reserved"
    assert client.publisher.published == []


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("application/cloudevents+json", 415),
        ("", 415),
        ("application/json", 202),
        ("Application/JSON; charset=utf-8", 202),
    ],
)
def test_only_json_is_taken(content_type: str, status: int) -> None:
    answer = Client().call(
        "POST",
        "/v1/orders",
        content=json.dumps(ORDER),
        headers={"content-type": content_type} if content_type else {},
    )

    assert answer.status_code == status


def test_an_event_is_not_taken_while_the_broker_is_away() -> None:
    client = Client()
    client.publisher.is_available = False

    answer = _post(client, "/v1/orders", ORDER)

    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert "kafka" in answer.json()["detail"]
