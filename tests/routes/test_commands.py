"""Commands: sent once, decided by the engine, and answered with what it decided."""

import asyncio
from typing import Any

import httpx
import pytest

from api.commands import KEY_LENGTH_MAX
from api.refusals import BY_REASON
from loyalty.limits import ADJUST_POINTS_MAX, DAY_MS
from schemas.events import EventCodec
from stores.command_notes import CommandNote
from tests.builders import NOON
from tests.routes.client import Client
from tests.routes.programs import EVERYTHING

ANN = "/v1/members/member-1"
BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("POST", "/v1/members"): {"member_id": "zoe"},
    ("PATCH", ANN): {"birthday": "02-29"},
    ("POST", f"{ANN}/reservations"): {"points": 10},
    ("POST", f"{ANN}/redemptions"): {"points": 10},
    ("POST", f"{ANN}/adjustments"): {"points": 10, "reason": "sorry"},
    ("POST", f"{ANN}/transfers"): {"to": "member-2", "points": 10},
    ("POST", f"{ANN}/void"): {"command_id": "api-x"},
    ("POST", f"{ANN}/reinstatements"): {"wallet": "points"},
    ("PUT", f"{ANN}/challenges/month"): {},
    ("DELETE", f"{ANN}/challenges/month"): {},
    ("PUT", f"{ANN}/pool"): {"pool_id": "family"},
    ("PUT", f"{ANN}/consents"): {"channel": "push", "given": True, "source": "app"},
    ("DELETE", f"{ANN}/pool"): {},
}
ALL = list(BODIES)


@pytest.fixture
def client() -> Client:
    """Two members: one with 300 points, the other with 50."""
    made = Client(EVERYTHING)
    made.earn(271)
    made.earn(46, member_id="member-2", order="o2")
    return made


def balance(client: Client, member_id: str = "member-1") -> int:
    return int(client.call("GET", f"/v1/members/{member_id}").json()["balance"])


def sent(client: Client) -> Any:
    topic, key, value = client.publisher.published[-1]
    assert topic == "commands"
    return EventCodec().decode_command(key, value, NOON)


def test_a_new_member_is_made_and_an_old_one_is_changed(client: Client) -> None:
    made = client.ask("POST", "/v1/members", member_id="zoe", birthday="05-17")
    again = client.ask("POST", "/v1/members", "key-2", member_id="zoe", segments=["a"])

    assert (made.status_code, again.status_code) == (201, 200)
    assert made.json()["member_id"] == "zoe"
    assert client.publisher.members["zoe"].profile.birth_day == 17
    assert client.publisher.members["zoe"].profile.segments == ("a",)


def test_a_member_without_an_id_gets_the_same_one_for_the_same_key(
    client: Client,
) -> None:
    first = client.ask("POST", "/v1/members", birthday="05-17").json()
    again = client.ask("POST", "/v1/members", birthday="05-17").json()
    other = client.ask("POST", "/v1/members", "key-2", birthday="05-17").json()

    assert first == again
    assert first["member_id"].startswith("m-")
    assert other["member_id"] != first["member_id"]


def test_a_reservation_is_confirmed_by_its_id_alone(client: Client) -> None:
    reserved = client.ask("POST", f"{ANN}/reservations", reward_id="coffee")
    result = reserved.json()["result"]
    member = client.call("GET", ANN).json()
    path = f"/v1/reservations/{result['reservation_id']}"
    confirmed = client.ask("POST", f"{path}/confirm", "key-2")
    late = client.ask("DELETE", path, "key-3")

    assert reserved.status_code == 201
    assert result["points"] == 40
    assert result["expires_at"] == "2024-01-15T12:15:00.001Z"
    assert member["reservations"][0]["reservation_id"] == result["reservation_id"]
    assert member["wallets"][0]["held"] == 40
    assert confirmed.status_code == 200
    assert confirmed.json()["result"]["reservation_id"] == result["reservation_id"]
    assert (late.status_code, late.json()["reason"]) == (409, "reservation-unknown")
    assert balance(client) == 260


def test_a_released_reservation_gives_its_points_back(client: Client) -> None:
    reserved = client.ask("POST", f"{ANN}/reservations", points=100, hold_seconds=60)
    found = reserved.json()["result"]
    assert balance(client) == 200

    client.ask("DELETE", f"/v1/reservations/{found['reservation_id']}", "key-2")

    assert found["expires_at"] == "2024-01-15T12:01:00.001Z"
    assert balance(client) == 300


@pytest.mark.parametrize("given", ["x", "!!", "a" * 1_401, "MS5hYg=="])
def test_an_id_that_is_no_reservation_of_ours_leads_nowhere(
    client: Client, given: str
) -> None:
    answer = client.ask("DELETE", f"/v1/reservations/{given}")

    assert answer.status_code == (422 if len(given) > 1_400 else 404)


def test_an_order_that_names_a_reservation_names_the_engines_own_id(
    client: Client,
) -> None:
    reserved = client.ask("POST", f"{ANN}/reservations", points=100).json()
    order = an_order_body("o9") | {
        "applied": [{"reservation_id": reserved["result"]["reservation_id"]}]
    }
    assert client.call("POST", "/v1/orders", json=order).status_code == 202

    _, key, value = client.publisher.published[-1]
    kept = EventCodec().decode_order(key, value, NOON)
    assert kept.applied[0].reservation_id == reserved["command_id"]


def test_a_repeat_is_answered_with_the_first_answer(client: Client) -> None:
    first = client.ask("POST", f"{ANN}/redemptions", points=100)
    sent_before = len(client.publisher.published)
    again = client.ask("POST", f"{ANN}/redemptions", points=100)

    assert again.json() == first.json()
    assert again.status_code == first.status_code == 200
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert len(client.publisher.published) == sent_before
    assert balance(client) == 200


def test_a_repeated_refusal_is_the_same_refusal(client: Client) -> None:
    first = client.ask("POST", f"{ANN}/redemptions", points=301)
    client.ask("POST", f"{ANN}/adjustments", "key-2", points=100, reason="x")
    again = client.ask("POST", f"{ANN}/redemptions", points=301)

    assert first.status_code == again.status_code == 409
    assert first.json() == again.json()
    assert first.json()["type"] == "/problems/command-refused"
    assert first.json()["reason"] == "insufficient-points"
    assert first.json()["detail"] == "301 points asked for, 300 there"
    assert again.headers["idempotency-replayed"] == "true"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (f"{ANN}/redemptions", {"points": 101}),
        (f"{ANN}/redemptions", {"points": 100, "store_id": "s"}),
        (f"{ANN}/reservations", {"points": 100}),
    ],
    ids=["another amount", "another field", "another path"],
)
def test_a_key_is_good_for_one_request(
    client: Client, path: str, body: dict[str, Any]
) -> None:
    client.ask("POST", f"{ANN}/redemptions", points=100)
    answer = client.ask("POST", path, **body)

    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/idempotency-key-reused"
    assert balance(client) == 200


def test_a_key_is_one_members_own(client: Client) -> None:
    for member_id in ("member-1", "member-2"):
        path = f"/v1/members/{member_id}/redemptions"
        assert client.ask("POST", path, points=10).status_code == 200

    assert balance(client) == 290


@pytest.mark.parametrize(("method", "path"), ALL)
@pytest.mark.parametrize("key", [None, "", "k" * 256, "caf\u00e9", "a\tb"])
def test_a_command_needs_a_key(
    client: Client, method: str, path: str, key: str | None
) -> None:
    headers = {} if key is None else {"idempotency-key": key.encode()}
    body = BODIES[method, path]
    options: dict[str, Any] = {"json": body} if body else {}
    answer = client.call(method, path, headers=headers, **options)

    assert answer.status_code == 400
    assert answer.json()["type"] == "/problems/idempotency-key-invalid"


@pytest.mark.parametrize("key", ["k", "k" * KEY_LENGTH_MAX, "~ !\"'{}"])
def test_any_printable_key_will_do(client: Client, key: str) -> None:
    assert client.ask("POST", f"{ANN}/redemptions", key, points=1).status_code == 200


@pytest.mark.parametrize(("method", "path"), ALL[1:])
def test_a_command_for_nobody_makes_nobody(method: str, path: str) -> None:
    client = Client(EVERYTHING)
    client.earn(10, member_id="member-2")
    answer = client.ask(method, path, **BODIES[method, path])

    assert answer.status_code == 404
    assert answer.json()["type"] == "/problems/member-not-found"
    assert "member-1" not in client.publisher.members


def test_points_are_not_given_to_nobody(client: Client) -> None:
    answer = client.ask("POST", f"{ANN}/transfers", to="nobody", points=10)

    assert answer.status_code == 404
    assert balance(client) == 300


def test_points_given_arrive(client: Client) -> None:
    answer = client.ask("POST", f"{ANN}/transfers", to="member-2", points=10)

    assert answer.json()["result"] == {
        "wallet": "points",
        "balance": 290,
        "points": 10,
        "to": "member-2",
    }
    assert balance(client, "member-2") == 60


def test_a_void_undoes_a_command(client: Client) -> None:
    done = client.ask("POST", f"{ANN}/redemptions", points=100).json()
    path = f"{ANN}/void"
    answer = client.ask("POST", path, "key-2", command_id=done["command_id"])

    assert answer.json()["result"] == {"voided": done["command_id"]}
    assert balance(client) == 300


def test_points_that_expired_come_back(client: Client) -> None:
    client.now_seconds += 40 * DAY_MS / 1000
    nothing = client.ask("POST", f"{ANN}/redemptions", points=1)
    back = client.ask("POST", f"{ANN}/reinstatements", "key-2", wallet="points")

    assert nothing.json()["reason"] == "insufficient-points"
    # With the 7 that were still to come at noon.
    assert back.json()["result"]["points"] == 307
    assert balance(client) == 307


@pytest.mark.parametrize(
    ("body", "points", "amount_minor"),
    [
        ({"amount_minor": 100}, 200, 100),
        ({"amount_minor": 150}, 300, 150),
        ({"amount_minor": 1_000, "partial": True}, 300, 150),
        ({"amount_minor": 1_000, "points_max": 41}, 40, 20),
    ],
)
def test_points_pay_money_at_the_programs_rate(
    client: Client, body: dict[str, Any], points: int, amount_minor: int
) -> None:
    result = client.ask("POST", f"{ANN}/redemptions", **body).json()["result"]

    assert (result["points"], result["amount_minor"]) == (points, amount_minor)
    assert balance(client) == 300 - points


def test_a_challenge_is_joined_and_left(client: Client) -> None:
    path = f"{ANN}/challenges/month"
    joined = client.ask("PUT", path)
    member = client.call("GET", ANN).json()
    left = client.ask("DELETE", path, "key-2")
    unknown = client.ask("PUT", f"{ANN}/challenges/none", "key-3")

    assert (joined.status_code, left.status_code) == (200, 200)
    assert {c["challenge_id"]: c["joined"] for c in member["challenges"]} == {
        "month": True,
        "orders": True,
    }
    assert unknown.status_code == 404
    assert unknown.json()["reason"] == "challenge-unknown"


def test_who_is_in_a_pool_earns_for_it(client: Client) -> None:
    client.ask("PUT", f"{ANN}/pool", pool_id="family")
    client.earn(10, order="o3", after_ms=1_000)
    client.now_seconds += 2
    client.ask("DELETE", f"{ANN}/pool", "key-2")
    client.earn(20, order="o4", after_ms=3_000)

    # The third order's bonus is the member's own again.
    assert balance(client, "family") == 10
    assert balance(client) == 300 + 20 + 11


def test_a_birthday_is_told_once_by_the_app_and_changed_by_the_desk(
    client: Client,
) -> None:
    client.ask("POST", "/v1/members", member_id="member-1", birthday="05-17")
    by_app = client.ask(
        "POST", "/v1/members", "key-2", member_id="member-1", birthday="05-18"
    )
    by_desk = client.ask("PATCH", ANN, "key-3", birthday="05-18")

    assert (by_app.status_code, by_app.json()["reason"]) == (409, "birthday-known")
    assert by_desk.status_code == 200
    assert client.publisher.members["member-1"].profile.birth_day == 18


@pytest.mark.parametrize(
    ("method", "path", "actor"),
    [
        ("PATCH", ANN, "service"),
        ("POST", f"{ANN}/adjustments", "service"),
        ("POST", f"{ANN}/void", "service"),
        ("POST", f"{ANN}/reinstatements", "service"),
        ("POST", f"{ANN}/redemptions", "app"),
        ("POST", f"{ANN}/transfers", "app"),
        ("PUT", f"{ANN}/pool", "app"),
    ],
)
def test_the_engine_is_told_who_asks(
    client: Client, method: str, path: str, actor: str
) -> None:
    client.ask(method, path, **BODIES[method, path])

    asked = [
        EventCodec().decode_command(key, value, NOON)
        for topic, key, value in client.publisher.published
        if topic == "commands"
    ]
    assert asked[0].actor == actor


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", f"{ANN}/redemptions", {}),
        ("POST", f"{ANN}/redemptions", {"points": 1, "reward_id": "coffee"}),
        ("POST", f"{ANN}/redemptions", {"reward_id": "coffee", "wallet": "points"}),
        ("POST", f"{ANN}/redemptions", {"amount_minor": 0}),
        ("POST", f"{ANN}/redemptions", {"amount_minor": 1, "points": 1}),
        ("POST", f"{ANN}/redemptions", {"amount_minor": 1, "wallet": "points"}),
        ("POST", f"{ANN}/redemptions", {"points": 1, "partial": True}),
        ("POST", f"{ANN}/redemptions", {"points": 1, "points_max": 5}),
        ("POST", f"{ANN}/redemptions", {"points": 0}),
        ("POST", f"{ANN}/redemptions", {"points": -1}),
        ("POST", f"{ANN}/redemptions", {"points": "1"}),
        ("POST", f"{ANN}/redemptions", {"points": 1.0}),
        ("POST", f"{ANN}/redemptions", {"points": True}),
        ("POST", f"{ANN}/redemptions", {"points": ADJUST_POINTS_MAX + 1}),
        ("POST", f"{ANN}/redemptions", {"points": 1, "pionts": 1}),
        ("POST", f"{ANN}/redemptions", {"points": 1, "channel": "FAX"}),
        ("POST", f"{ANN}/reservations", {"points": 1, "hold_seconds": 0}),
        ("POST", f"{ANN}/reservations", {"points": 1, "hold_seconds": 604_801}),
        ("POST", f"{ANN}/adjustments", {"points": 0, "reason": "x"}),
        ("POST", f"{ANN}/adjustments", {"points": 1}),
        ("POST", f"{ANN}/adjustments", {"points": 1, "reason": "x" * 129}),
        ("POST", f"{ANN}/transfers", {"points": 1}),
        ("POST", f"{ANN}/transfers", {"to": "", "points": 1}),
        ("POST", f"{ANN}/void", {}),
        ("PUT", f"{ANN}/pool", {"pool_id": ""}),
        ("PATCH", ANN, {}),
        ("PATCH", ANN, {"birthday": "5-17"}),
        ("PATCH", ANN, {"segments": ["a,b"]}),
        ("PATCH", ANN, {"segments": ["x"] * 33}),
        ("POST", "/v1/members", {"member_id": "m" * 129}),
    ],
)
def test_a_body_outside_its_bounds_is_refused(
    client: Client, method: str, path: str, body: dict[str, Any]
) -> None:
    answer = client.call(method, path, json=body, headers={"idempotency-key": "k"})

    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/invalid-request"
    assert not any(topic == "commands" for topic, _, _ in client.publisher.published)


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "reason"),
    [
        ("POST", "redemptions", {"reward_id": "none"}, 422, "reward-unknown"),
        ("POST", "redemptions", {"reward_id": "lounge"}, 409, "reward-not-available"),
        ("POST", "redemptions", {"points": 1, "wallet": "x"}, 422, "wallet-unknown"),
        ("POST", "adjustments", {"points": -301, "reason": "x"}, 409, "insufficient-points"),
        ("POST", "transfers", {"to": "member-2", "points": 1_001}, 422, "command-invalid"),
        ("POST", "void", {"command_id": "none"}, 409, "command-not-voidable"),
        ("POST", "reinstatements", {"wallet": "points"}, 409, "nothing-to-reinstate"),
        ("PATCH", "", {"time_zone": "Mars/Olympus"}, 422, "zone-unknown"),
        ("PATCH", "", {"birthday": "02-30"}, 422, "command-invalid"),
    ],
)  # fmt: skip
def test_what_the_engine_refuses_is_told_with_its_reason(
    client: Client,
    method: str,
    path: str,
    body: dict[str, Any],
    status: int,
    reason: str,
) -> None:
    answer = client.ask(method, f"{ANN}/{path}".rstrip("/"), **body)

    assert (answer.status_code, answer.json()["reason"]) == (status, reason)
    command_id = answer.json()["command_id"]
    known = client.call("GET", f"/v1/commands/{command_id}").json()
    assert (known["status"], known["reason"]) == ("refused", reason)
    assert balance(client) == 300


def test_what_is_not_decided_in_time_has_an_address(client: Client) -> None:
    client.publisher.is_paused = True
    accepted = client.ask("POST", f"{ANN}/redemptions", points=100)
    where = accepted.headers["location"]
    pending = client.call("GET", where).json()
    asyncio.run(client.publisher.catch_up())
    done = client.call("GET", where).json()
    again = client.ask("POST", f"{ANN}/redemptions", points=100)

    assert accepted.status_code == 202
    assert accepted.json()["status"] == pending["status"] == "pending"
    assert pending["accepted_at"] == "2024-01-15T12:00:00.000Z"
    assert (done["status"], done["result"]["balance"]) == ("done", 200)
    assert (again.status_code, again.json()) == (200, done)
    assert again.headers["idempotency-replayed"] == "true"


def test_one_who_repeats_while_it_runs_waits_for_the_same_answer(
    client: Client,
) -> None:
    client.publisher.is_paused = True
    client.ask("POST", f"{ANN}/redemptions", points=100)
    client.now_seconds += 5
    client.publisher.is_paused = False
    again = client.ask("POST", f"{ANN}/redemptions", points=100)

    # Both are in the log, under one id and one time: it counts once.
    commands = [EventCodec().decode_command(k, v, NOON + 9_000) for t, k, v in client.publisher.published if t == "commands"]  # fmt: skip
    assert [c.occurred_at for c in commands] == [NOON, NOON]
    assert len({c.command_id for c in commands}) == 1
    assert again.status_code == 200
    assert balance(client) == 200


def test_many_at_once_with_one_key_are_one(client: Client) -> None:
    async def crowd() -> list[httpx.Response]:
        transport = httpx.ASGITransport(client.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://t") as http:
            asks = [
                http.post(
                    f"{ANN}/redemptions",
                    json={"points": 100},
                    headers=client.headers() | {"idempotency-key": "one"},
                )
                for _ in range(20)
            ]
            return await asyncio.gather(*asks)

    answers = asyncio.run(crowd())

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert balance(client) == 200


def test_while_the_broker_is_away_a_command_is_tried_again_with_its_key(
    client: Client,
) -> None:
    client.publisher.is_available = False
    away = client.ask("POST", f"{ANN}/redemptions", points=100)
    client.publisher.is_available = True
    again = client.ask("POST", f"{ANN}/redemptions", points=100)

    assert away.status_code == 503
    assert int(away.headers["retry-after"]) > 0
    assert (again.status_code, balance(client)) == (200, 200)


def test_nothing_is_sent_while_redis_is_away(client: Client) -> None:
    client.notes.is_available = False
    before = len(client.publisher.published)

    answer = client.ask("POST", f"{ANN}/redemptions", points=100)

    assert answer.status_code == 503
    assert len(client.publisher.published) == before


@pytest.mark.parametrize(
    ("command_id", "status"), [("api-" + "0" * 32, 404), ("x", 422), ("api-0", 422)]
)
def test_a_command_that_nobody_sent_is_not_found(
    client: Client, command_id: str, status: int
) -> None:
    assert client.call("GET", f"/v1/commands/{command_id}").status_code == status


@pytest.mark.parametrize("prefix", ["budget:", "lease:"])
def test_accounts_of_budgets_are_nobodys_members(client: Client, prefix: str) -> None:
    answer = client.ask("POST", "/v1/members", member_id=f"{prefix}x")

    assert answer.status_code == 422
    assert answer.json()["reason"] == "key-reserved"


def test_the_note_of_a_command_says_what_was_asked(client: Client) -> None:
    answer = client.ask("POST", f"{ANN}/redemptions", points=100).json()

    note = asyncio.run(client.notes.find(answer["command_id"]))
    assert isinstance(note, CommandNote)
    assert note[:2] == ("member-1", "points.redeem")
    assert note.accepted_at == NOON


def test_each_reason_of_the_rules_has_its_status() -> None:
    """The table names what the rules say, and nothing else."""
    import re
    from pathlib import Path

    root = Path(__file__).parents[2] / "loyalty"
    rules = [path.read_text() for path in root.glob("*.py")]
    turn = (root / "turn.py").read_text()
    reasons = {
        reason
        for pattern, texts in ((r"Refused", rules), (r"InvalidEvent", [turn]))
        for text in texts
        for reason in re.findall(pattern + r'\(\s*"([a-z-]+)"', text)
    }
    merging = (root / "merging.py").read_text()
    reasons |= set(re.findall(r'return "([a-z-]+)", f?"', merging))
    reasons |= set(re.findall(r'^MERGED: Final = "([a-z-]+)"', merging, re.MULTILINE))
    # Why a code is not taken: what keeps its offer from a member.
    reach = (root / "personal_reach.py").read_text()
    unmet = set(re.findall(r'Unmet\(\s*"([a-z-]+)"', reach))
    reasons |= {f"offer-{reason}" for reason in unmet}

    assert unmet
    assert reasons == BY_REASON.keys()


def an_order_body(order_id: str, **fields: Any) -> dict[str, Any]:
    """Order of $10 of food, as a till would post it."""
    line = {
        "line_id": "1",
        "sku": "burger",
        "category": "food",
        "quantity": 1,
        "unit_price_minor": 10_00,
    }
    return {
        "event_id": f"{order_id}-e",
        "order_id": order_id,
        "member_id": "member-1",
        "occurred_at": NOON,
        "store_id": "store-1",
        "channel": "APP",
        "currency": "USD",
        "lines": [line],
        "total_minor": 10_00,
        "subtotal_minor": 10_00,
    } | fields


def test_a_consent_is_noted_and_its_withdrawal_too(client: Client) -> None:
    said = {"channel": "email", "source": "app", "text_version": "2026-02"}
    given = client.ask("PUT", f"{ANN}/consents", "key-1", given=True, **said)
    later = {**said, "source": "link in an e-mail"}
    client.now_seconds += 60
    client.ask("PUT", f"{ANN}/consents", "key-2", given=False, **later)

    assert given.json()["result"]["given"] is True
    assert client.call("GET", f"{ANN}/consents").json() == {
        "items": [
            {
                "channel": "email",
                "purpose": "marketing",
                "given": False,
                "at": "2024-01-15T12:01:00.000Z",
                "source": "link in an e-mail",
                "text_version": "2026-02",
            }
        ]
    }
    member = client.call("GET", ANN).json()
    assert [one["given"] for one in member["consents"]] == [False]
    assert client.call("GET", "/v1/members/nobody/consents").status_code == 404
