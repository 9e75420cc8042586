"""Events in: what is sound reaches the log whole, what is not is told why."""

import json
from typing import Any

import pytest

from schemas.events import EventCodec
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
        ("{" + " " * 2_000_000 + "}", 413),
    ],
    ids=["cut", "empty", "null", "list", "nan", "inf", "deep", "not utf-8", "large"],
)
def test_a_body_that_is_no_order_is_refused(body: str | bytes, status: int) -> None:
    client = Client()

    answer = _post(client, "/v1/orders", body)

    assert answer.status_code == status
    assert answer.json()["status"] == status
    assert "Traceback" not in answer.text
    assert client.publisher.published == []


def test_a_fault_is_pointed_at() -> None:
    answer = _post(Client(), "/v1/orders", ORDER | {"lines": [LINE | {"sku": 7}]})

    assert answer.json()["errors"][0]["pointer"] == "/lines/0/sku"


def test_a_refusal_of_the_rules_carries_its_reason() -> None:
    answer = _post(Client(), "/v1/orders", ORDER | {"occurred_at": NOON // 1000})

    assert answer.json()["type"] == "/problems/event-refused"
    assert answer.json()["reason"] == "time-too-early"


def test_only_json_is_taken() -> None:
    answer = Client().call(
        "POST", "/v1/orders", content="a=b", headers={"content-type": "text/plain"}
    )

    assert answer.status_code == 415


def test_an_event_is_not_taken_while_the_broker_is_away() -> None:
    client = Client()
    client.publisher.is_available = False

    answer = _post(client, "/v1/orders", ORDER)

    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert "kafka" in answer.json()["detail"]
