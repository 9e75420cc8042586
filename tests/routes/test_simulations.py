"""One order by a program that may be, beside the one that runs."""

from typing import Any

import pytest

from loyalty.program_document import program_from
from stores.programs import EDGE_CALENDARS
from tests.builders import DAY, NOON
from tests.routes.client import Client

RUNNING: dict[str, Any] = {
    "program": "town",
    "version": 1,
    "currency": "USD",
    "earn": [{"id": "spend", "kind": "spend", "points": 1, "step_minor": 100}],
    "challenges": [
        {"id": "three", "goal": "orders", "target": 3, "period": "week", "points": 50}
    ],
}
ORDER: dict[str, Any] = {
    "event_id": "s",
    "order_id": "s",
    "member_id": "member-1",
    "occurred_at": NOON + DAY,
    "store_id": "store-1",
    "channel": "APP",
    "currency": "USD",
    "lines": [
        {
            "line_id": "1",
            "sku": "latte",
            "category": "coffee",
            "quantity": 2,
            "unit_price_minor": 500,
        }
    ],
    "total_minor": 1000,
    "subtotal_minor": 1000,
}
TWICE = {"id": "spend", "kind": "spend", "points": 2, "step_minor": 100}
MORNINGS = {"id": "mornings", "kind": "visit", "points": 7}


@pytest.fixture
def client() -> Client:
    return Client(program_from(RUNNING, EDGE_CALENDARS), RUNNING)


def simulated(client: Client, **more: Any) -> dict[str, Any]:
    answer = client.call("POST", "/v1/simulations", json={"order": ORDER} | more)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_rule_takes_the_place_of_its_namesake(client: Client) -> None:
    told = simulated(client, rule={"kind": "earn", "document": TWICE})

    assert told["differences"] == [
        {"rule_id": "spend", "wallet": "points", "current": 10, "candidate": 20}
    ]


def test_a_new_rule_comes_beside_the_others(client: Client) -> None:
    told = simulated(client, rule={"kind": "earn", "document": MORNINGS})

    assert told["differences"] == [
        {"rule_id": "mornings", "wallet": "points", "current": 0, "candidate": 7}
    ]
    assert told["candidate"]["wallets"][0]["earned"] == 17


def test_a_whole_program_is_judged_beside_the_one_that_runs(client: Client) -> None:
    told = simulated(client, program=RUNNING | {"earn": [MORNINGS]})

    assert told["differences"] == [
        {"rule_id": "mornings", "wallet": "points", "current": 0, "candidate": 7},
        {"rule_id": "spend", "wallet": "points", "current": 10, "candidate": 0},
    ]


def test_what_came_before_was_judged_by_the_program_of_its_time(client: Client) -> None:
    client.earn(30)

    told = simulated(client, rule={"kind": "earn", "document": TWICE})

    wallet = told["candidate"]["wallets"][0]
    assert (wallet["balance_before"], wallet["balance_after"]) == (30, 50)


def test_the_running_side_is_what_an_estimate_says(client: Client) -> None:
    client.earn(30)
    client.now_seconds += DAY / 1000

    told = simulated(client, rule={"kind": "earn", "document": TWICE})
    estimate = client.call("POST", "/v1/estimates", json={"order": ORDER})

    assert told["current"] == estimate.json()


def test_a_time_to_come_can_be_asked_of(client: Client) -> None:
    later = ORDER | {"occurred_at": NOON + 90 * DAY}
    document = MORNINGS | {"when": {"from": "2024-03-01"}}
    rule = {"kind": "earn", "document": document}

    now = simulated(client, rule=rule)
    then = simulated(client, rule=rule, order=later)

    assert now["differences"] == []
    assert then["differences"][0]["candidate"] == 7


def test_why_not_says_how_much_more_and_by_when(client: Client) -> None:
    told = simulated(client, rule={"kind": "earn", "document": TWICE})

    (without,) = told["candidate"]["rules_without"]
    assert without == {
        "rule_id": "three",
        "reason": "goes-on",
        "why_not": "1 of 3 orders",
        "distance": {
            "missing": 2,
            "unit": "orders",
            "until": "2024-01-22T00:00:00.000Z",
            "text": "2 more orders by Sunday, 2024-01-21",
        },
    }


GAMES: list[Any] = [
    pytest.param(
        "challenges",
        {"id": "x", "goal": "spend", "target": 2500, "within_days": 3, "points": 1},
        (1500, "minor", "1500 more minor units by Friday, 2024-01-19"),
        id="money within days of the first",
    ),
    pytest.param(
        "streaks",
        {"id": "x", "period": "week", "length": 4, "points": 1, "orders_min": 2},
        (1, "orders", "1 more order by Sunday, 2024-01-21"),
        id="another order for this week to count",
    ),
    pytest.param(
        "streaks",
        {"id": "x", "period": "month", "length": 4, "points": 1},
        (3, "months", "3 more months"),
        id="this month counts, three are to come",
    ),
    pytest.param(
        "earn",
        MORNINGS | {"id": "x", "minimum_minor": 1500},
        (500, "minor", "500 more minor units"),
        id="money in this order",
    ),
    pytest.param(
        "earn",
        MORNINGS | {"id": "x", "when": {"channels": ["WEB"]}},
        None,
        id="no more of anything would help",
    ),
]


@pytest.mark.parametrize(("kind", "document", "expected"), GAMES)
def test_each_kind_of_rule_says_what_is_missing(
    client: Client, kind: str, document: Any, expected: Any
) -> None:
    told = simulated(client, rule={"kind": kind, "document": document})

    distances = {
        one["rule_id"]: one["distance"] for one in told["candidate"]["rules_without"]
    }
    found = distances["x"]
    shown = found and (found["missing"], found["unit"], found["text"])
    assert shown == expected


def test_nothing_is_sent_and_nothing_changes(client: Client) -> None:
    client.earn(30)
    before = client.call("GET", "/v1/members/member-1").json()
    sent = len(client.publisher.published)

    simulated(client, rule={"kind": "earn", "document": TWICE})

    assert client.call("GET", "/v1/members/member-1").json() == before
    assert len(client.publisher.published) == sent


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        pytest.param({}, "", id="no candidate"),
        pytest.param(
            {"program": RUNNING, "rule": {"kind": "earn", "document": TWICE}},
            "",
            id="two candidates",
        ),
        pytest.param(
            {"rule": {"kind": "earn", "document": TWICE | {"points": -1}}},
            "/rule/document/points",
            id="a rule that is none, in its namesake's place",
        ),
        pytest.param(
            {"rule": {"kind": "earn", "document": {"id": "x", "kind": "y"}}},
            "/rule/document/kind",
            id="a new rule that is none",
        ),
        pytest.param(
            {"rule": {"kind": "wallets", "document": {}}}, "/rule/kind", id="no rules"
        ),
        pytest.param(
            {"program": RUNNING | {"currency": "?"}}, "/program/currency", id="program"
        ),
    ],
)
def test_what_cannot_be_simulated_is_refused_with_a_pointer(
    client: Client, more: dict[str, Any], pointer: str
) -> None:
    answer = client.call("POST", "/v1/simulations", json={"order": ORDER} | more)

    assert answer.status_code == 422, answer.text
    assert pointer in [fault["pointer"] for fault in answer.json()["errors"]]


def test_an_order_that_would_not_be_taken_is_refused(client: Client) -> None:
    client.earn(30, order="s")
    rule = {"kind": "earn", "document": TWICE}

    answer = client.call("POST", "/v1/simulations", json={"order": ORDER, "rule": rule})

    assert answer.status_code == 409
    assert answer.json()["reason"] == "order-conflict"


def test_a_draft_of_a_rule_is_simulated_before_anybody_has_seen_it(
    client: Client,
) -> None:
    body = {"section": "earn", "rule": MORNINGS}
    made = client.call("POST", "/v1/rules", json=body)
    assert made.status_code == 201, made.text
    changed = {"rule": MORNINGS | {"points": 9}}
    written = client.call(
        "PUT", "/v1/rules/mornings", json=changed, headers={"if-match": '"1"'}
    )
    assert written.status_code == 200, written.text

    path = "/v1/rules/mornings/simulations"
    told = client.call("POST", path, json={"order": ORDER})
    older = client.call("POST", path, json={"order": ORDER, "version": 1})
    unknown = client.call("POST", path, json={"order": ORDER, "version": 7})
    no_rule = client.call("POST", "/v1/rules/x/simulations", json={"order": ORDER})

    assert [one["candidate"] for one in told.json()["differences"]] == [9]
    assert [one["candidate"] for one in older.json()["differences"]] == [7]
    assert [unknown.status_code, no_rule.status_code] == [404, 404]
