"""Webhooks over HTTP: secrets shown once, addresses refused, the dead replayed."""

import asyncio
from typing import Any

import pytest

from stores.outbox_contract import DEAD, Delivery, Settled
from tests.builders import NOON
from tests.routes.client import DELIVERY_KEY, Client

BODY = {"url": "https://hooks.example.com/x", "event_types": ["message.push"]}


def created(client: Client, **changes: Any) -> dict[str, Any]:
    answer = client.call("POST", "/v1/webhooks", json=BODY | changes)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"/v1/webhooks/{made['id']}"
    return made


def test_a_secret_is_shown_once_and_kept_sealed() -> None:
    client = Client()
    made = created(client, description="push")
    kept = asyncio.run(client.deliveries.endpoints.find(made["id"]))

    assert made["secret"].startswith("whsec_")
    assert kept is not None
    assert made["secret"] not in str(kept)
    assert DELIVERY_KEY.unseal(kept.secrets[0].sealed) == made["secret"]
    shown = client.call("GET", f"/v1/webhooks/{made['id']}").json()
    assert shown == {key: made[key] for key in made if key != "secret"}
    assert client.call("GET", "/v1/webhooks").json() == {"items": [shown]}


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.com/",
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://[::ffff:10.0.0.1]/",
        "https://inner.example.com/",
        "https://me@example.com/",
        "file:///etc/passwd",
    ],
)
def test_an_address_inside_is_refused_at_once(url: str) -> None:
    client = Client()
    answer = client.call("POST", "/v1/webhooks", json=BODY | {"url": url})
    made = created(client)
    changed = client.call("PATCH", f"/v1/webhooks/{made['id']}", json={"url": url})

    for refused in (answer, changed):
        assert refused.status_code == 422
        assert refused.json()["type"] == "/problems/webhook-refused"
        assert refused.json()["errors"][0]["pointer"] == "/url"


def test_without_a_key_there_are_no_webhooks() -> None:
    answer = Client(delivery_key=None).call("POST", "/v1/webhooks", json=BODY)

    assert answer.status_code == 501
    assert answer.json()["type"] == "/problems/delivery-not-kept"


def test_a_rotation_leaves_two_secrets_for_a_day() -> None:
    client = Client()
    made = created(client)
    path = f"/v1/webhooks/{made['id']}"
    rotated = client.call("POST", f"{path}/secret", json={}).json()

    assert rotated["secret"] != made["secret"]
    assert rotated["secrets"] == 2
    kept = asyncio.run(client.deliveries.endpoints.find(made["id"]))
    assert kept is not None
    secrets = [DELIVERY_KEY.unseal(s.sealed) for s in kept.secrets_at(NOON)]
    assert secrets == [rotated["secret"], made["secret"]]
    client.now_seconds += 86_400
    assert client.call("GET", path).json()["secrets"] == 1
    at_once = client.call("POST", f"{path}/secret", json={"overlap_hours": 0})
    assert at_once.json()["secrets"] == 1


def test_a_webhook_is_changed_as_it_was_seen_or_not_at_all() -> None:
    client = Client()
    path = f"/v1/webhooks/{created(client)['id']}"
    etag = client.call("GET", path).headers["etag"]
    off = {"status": "disabled", "event_types": ["ping", "ping"]}
    changed = client.call("PATCH", path, json=off, headers={"if-match": etag})
    stale = client.call("PATCH", path, json=off, headers={"if-match": etag})

    assert changed.json()["status"] == "disabled"
    assert changed.json()["event_types"] == ["ping"]
    assert changed.json()["disabled_why"] == "it was switched off"
    assert stale.status_code == 412
    on = client.call("PATCH", path, json={"status": "active"}).json()
    assert (on["status"], on["disabled_why"], on["revision"]) == ("active", "", 3)
    assert client.call("DELETE", path).status_code == 204
    assert client.call("DELETE", path).status_code == 404
    assert client.call("GET", path).status_code == 404


def test_a_ping_goes_as_any_other_delivery() -> None:
    client = Client()
    made = created(client)
    queued = client.call("POST", f"/v1/webhooks/{made['id']}/test")
    found = asyncio.run(client.deliveries.outbox.find(queued.json()["delivery_id"]))

    assert queued.status_code == 202
    assert found is not None
    assert (found.kind, found.target) == ("ping", made["id"])


def dead_ones(client: Client, target: str, count: int) -> None:
    async def put() -> None:
        for number in range(count):
            one = Delivery(
                f"msg_{number}:{target}",
                f"msg_{number}",
                target,
                "spring" if number % 2 else "autumn",
                "push",
                "message.push",
                "ann",
                "{}",
                NOON,
            )
            await client.deliveries.outbox.put([one], NOON)
            at = NOON + number // 3
            dead = one._replace(status=DEAD, attempted_at=at, detail="answered 500")
            await client.deliveries.outbox.settle([Settled(dead)], at)

    asyncio.run(put())


def test_dead_deliveries_are_paged_and_replayed_by_selection() -> None:
    client = Client()
    made = created(client)
    dead_ones(client, made["id"], 10)
    path = f"/v1/webhooks/{made['id']}"
    seen, cursor = [], ""
    while cursor is not None:
        more = f"&cursor={cursor}" if cursor else ""
        page = client.call("GET", f"{path}/deliveries?status=dead&limit=3{more}").json()
        seen += [item["webhook_id"] for item in page["items"]]
        cursor = page["next_cursor"]

    assert sorted(seen) == [f"msg_{number}" for number in range(10)]
    chosen = {"campaign_id": "spring", "since": NOON + 1, "until": NOON + 3}
    replayed = client.call("POST", f"{path}/replays", json=chosen)
    assert replayed.json() == {"replayed": 3, "more": False}
    left = client.call("GET", f"{path}/deliveries?status=dead&limit=100").json()
    assert len(left["items"]) == 7
    rest = client.call("POST", f"{path}/replays", json={})
    assert rest.json() == {"replayed": 7, "more": False}


@pytest.mark.parametrize("scope", ["members:read rules:write", "members:write"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/webhooks"),
        ("POST", "/v1/webhooks"),
        ("GET", "/v1/delivery"),
        ("PUT", "/v1/delivery/stops/all"),
    ],
)
def test_other_scopes_do_not_reach_it(scope: str, method: str, path: str) -> None:
    client = Client()
    client.token = client.tokens.token(scope=scope)

    answer = client.call(method, path, **({"json": BODY} if method != "GET" else {}))

    assert answer.status_code == 403


def test_members_do_not_reach_it_whatever_their_scope() -> None:
    client = Client()
    client.token = client.tokens.token(member_id="member-1")

    assert client.call("GET", "/v1/webhooks").status_code == 403
    assert client.call("GET", "/v1/delivery").status_code == 403


@pytest.mark.parametrize("scope", ["all", "channel:push", "campaign:spring sale/é"])
def test_the_kill_switch_stops_and_starts(scope: str) -> None:
    client = Client()
    path = f"/v1/delivery/stops/{scope.replace('/', '%2F')}"
    if "/" in scope:
        # A path's part cannot hold one.
        assert client.call("PUT", path, json={}).status_code == 404
        return
    stopped = client.call("PUT", path, json={"reason": "wrong"}).json()

    assert [(one["scope"], one["reason"]) for one in stopped["stops"]] == [
        (scope, "wrong")
    ]
    assert client.call("DELETE", path).json()["stops"] == []
    assert client.call("DELETE", path).status_code == 404


def test_a_pace_is_set_and_dropped() -> None:
    client = Client()
    path = "/v1/delivery/paces/campaign:spring"
    body = {"per_second": 100, "ramp_seconds": 60}

    assert client.call("PUT", path, json=body).json()["paces"] == [
        {"scope": "campaign:spring", **body}
    ]
    assert client.call("DELETE", path).json()["paces"] == []
    assert client.call("DELETE", path).status_code == 404
    bad = client.call("PUT", "/v1/delivery/paces/everything", json=body)
    assert bad.status_code == 422
