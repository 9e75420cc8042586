"""The tills' contract: each transaction once, answered in time, and undone whole."""

import asyncio
from typing import Any

import pytest

from api import till
from api.estimate_responses import RewardOut
from api.responses import OfferOut
from tests.builders import DAY, NOON
from tests.routes.client import Client

PATH = "/v1/pos/transactions"
PHONE = "+15550100199"
BY_ID = {"by": "member_id", "value": "member-1"}


@pytest.fixture
def client() -> Client:
    """A member with some hundred points, known by a phone number."""
    client = Client()
    client.earn(450)
    client.ask("PATCH", "/v1/members/member-1", phone=PHONE)
    return client


def send(client: Client, kind: str, number: int = 1, **more: Any) -> Any:
    """Answer to a transaction, which is what is sent unless it was refused."""
    body = {"transaction_id": f"t-{number}", "type": kind, "store_id": "s-7"} | more
    if kind != "LOYALTY_REVERSE" and "identify" not in body:
        body["identify"] = BY_ID
    return client.call("POST", PATH, json=body)


def a_check(dollars: int = 10, *, check_id: str = "c-1", **more: Any) -> dict[str, Any]:
    item = {
        "line_id": "1",
        "sku": "burger",
        "category": "food",
        "quantity": 1,
        "unit_price_minor": dollars * 100,
    }
    return {
        "check_id": check_id,
        "currency": "USD",
        "items": [item],
        "total_minor": dollars * 100,
    } | more


def balance(client: Client) -> int:
    return client.call("GET", "/v1/members/member-1").json()["balance"]


@pytest.mark.parametrize(
    "identify",
    [
        BY_ID,
        {"by": "phone", "value": "+1 (555) 010-0199"},
        {"by": "phone", "value": "001 555 010 0199"},
    ],
    ids=["id", "phone", "phone by 00"],
)
def test_a_guest_is_found_however_it_is_said(
    client: Client, identify: dict[str, str]
) -> None:
    answer = send(client, "LOYALTY_SEARCH", identify=identify)

    assert answer.status_code == 200
    assert answer.json()["status"] == "accepted"
    assert answer.json()["member"]["member_id"] == "member-1"
    assert PHONE not in answer.text


@pytest.mark.parametrize(
    ("identify", "reason"),
    [
        ({"by": "member_id", "value": "nobody"}, "member-unknown"),
        ({"by": "phone", "value": "+15550100198"}, "member-unknown"),
        ({"by": "phone", "value": "555 010 0199"}, "contact-invalid"),
        ({"by": "email", "value": "ann"}, "contact-invalid"),
        ({"by": "card", "value": "9999"}, "member-unknown"),
        ({"by": "code", "value": "12345678"}, "code-not-valid"),
        ({"by": "code", "value": "RG1.1.bWVtYmVyLTE.00"}, "code-not-valid"),
        ({"by": "code", "value": "RG1.é"}, "code-not-valid"),
    ],
    ids=lambda value: value if isinstance(value, str) else value["value"],
)
def test_whoever_is_not_found_is_rejected_with_a_reason(
    client: Client, identify: dict[str, str], reason: str
) -> None:
    answer = send(client, "LOYALTY_SEARCH", identify=identify)

    assert answer.json()["status"] == "rejected"
    assert answer.json()["reason"] == reason


def test_an_inquiry_tells_what_there_is_and_what_the_check_would_earn(
    client: Client,
) -> None:
    before = balance(client)
    out = send(client, "LOYALTY_INQUIRE", check=a_check(20)).json()

    assert out["member"] == {
        "member_id": "member-1",
        "balance": before,
        "tier": out["member"]["tier"],
    }
    assert out["accrual"]["points"] > 0
    assert [reward["reward_id"] for reward in out["rewards"]]
    assert balance(client) == before


def test_offers_and_rewards_at_a_till_have_all_fields_that_they_have_elsewhere(
    client: Client,
) -> None:
    out = send(client, "LOYALTY_INQUIRE").json()

    for listed, shape in (("offers", OfferOut), ("rewards", RewardOut)):
        assert out[listed]
        assert all(set(one) == set(shape.model_fields) for one in out[listed])
    assert {reward["why_not"] for reward in out["rewards"]} >= {None}
    assert "redemption" not in out


def test_points_are_redeemed_once_however_often_it_is_sent(client: Client) -> None:
    before = balance(client)
    answers = [send(client, "LOYALTY_REDEEM", redeem={"points": 100}) for _ in range(3)]

    assert {answer.text for answer in answers} == {answers[0].text}
    assert answers[0].json()["redemption"] == {"points": 100, "wallet": "points"}
    assert answers[0].json()["member"]["balance"] == before - 100 == balance(client)
    assert [a.headers.get("idempotency-replayed") for a in answers] == [
        None,
        "true",
        "true",
    ]


def test_an_id_that_was_used_for_something_else_is_refused(client: Client) -> None:
    send(client, "LOYALTY_REDEEM", redeem={"points": 100})
    other = send(client, "LOYALTY_REDEEM", redeem={"points": 101})
    client.token = client.tokens.token(client_id="another-till")
    of_another = send(client, "LOYALTY_REDEEM", redeem={"points": 101})

    assert other.status_code == 422
    assert other.json()["type"] == "/problems/transaction-reused"
    assert of_another.json()["status"] == "accepted"


def test_what_the_engine_refuses_is_rejected_and_stays_so(client: Client) -> None:
    first = send(client, "LOYALTY_REDEEM", redeem={"points": 100_000})
    client.earn(90_000, order="rich")
    again = send(client, "LOYALTY_REDEEM", redeem={"points": 100_000})

    assert first.json()["reason"] == "insufficient-points"
    assert again.text == first.text


def test_a_check_earns_once_and_says_what(client: Client) -> None:
    before = balance(client)
    answers = [send(client, "LOYALTY_ACCRUE", check=a_check()) for _ in range(2)]
    out = answers[0].json()

    assert out["status"] == "accepted"
    assert out["accrual"]["points"] > 0
    assert balance(client) == before + out["accrual"]["points"]
    assert answers[1].text == answers[0].text


def test_where_states_are_not_kept_a_check_is_taken_told_again_and_undone(
    client: Client,
) -> None:
    client.publisher.tells_states = False
    client.earn(1, order="without-state")
    before = balance(client)
    answers = [send(client, "LOYALTY_ACCRUE", 1, check=a_check()) for _ in range(2)]
    undone = send(client, "LOYALTY_REVERSE", 2, reverses="t-1")

    assert answers[0].json()["accrual"] == {}
    assert answers[1].text == answers[0].text
    assert undone.json()["status"] == "accepted"
    assert balance(client) == before


def test_a_check_belongs_to_one_transaction_until_that_is_undone(
    client: Client,
) -> None:
    before = balance(client)
    send(client, "LOYALTY_ACCRUE", 1, check=a_check())
    second = send(client, "LOYALTY_ACCRUE", 2, check=a_check(20))
    send(client, "LOYALTY_REVERSE", 3, reverses="t-1")
    undone = balance(client)
    third = send(client, "LOYALTY_ACCRUE", 4, check=a_check(20))

    assert second.json()["reason"] == "check-accrued"
    assert undone == before
    assert third.json()["status"] == "accepted"
    assert balance(client) == before + third.json()["accrual"]["points"]


def test_a_redemption_is_undone_once_and_cannot_be_repeated(client: Client) -> None:
    before = balance(client)
    send(client, "LOYALTY_REDEEM", 1, redeem={"points": 100})
    undone = [send(client, "LOYALTY_REVERSE", 2, reverses="t-1") for _ in range(2)]
    other = send(client, "LOYALTY_REVERSE", 3, reverses="t-1")
    repeated = send(client, "LOYALTY_REDEEM", 1, redeem={"points": 100})

    assert undone[0].json()["status"] == "accepted"
    assert undone[1].text == undone[0].text
    assert other.json()["reason"] == "already-reversed"
    assert repeated.headers["idempotency-replayed"] == "true"
    assert balance(client) == before


@pytest.mark.parametrize(
    ("reverses", "reason"),
    [("t-9", "transaction-unknown"), ("t-1", "nothing-to-reverse")],
    ids=["never was", "was rejected"],
)
def test_what_was_never_done_is_not_undone(
    client: Client, reverses: str, reason: str
) -> None:
    send(client, "LOYALTY_REDEEM", 1, redeem={"points": 100_000})
    answer = send(client, "LOYALTY_REVERSE", 2, reverses=reverses)

    assert answer.json()["reason"] == reason


def test_another_clients_transaction_is_not_there_to_be_undone(client: Client) -> None:
    send(client, "LOYALTY_REDEEM", 1, redeem={"points": 100})
    client.token = client.tokens.token(client_id="another-till")

    assert (
        send(client, "LOYALTY_REVERSE", 2, reverses="t-1").json()["reason"]
        == "transaction-unknown"
    )


def test_points_that_paid_come_back_when_the_check_is_undone(client: Client) -> None:
    before = balance(client)
    send(client, "LOYALTY_REDEEM", 1, redeem={"points": 100})
    paid = [{"amount_minor": 100, "transaction_id": "t-1"}]
    send(client, "LOYALTY_ACCRUE", 2, check=a_check(discounts=paid))
    send(client, "LOYALTY_REVERSE", 3, reverses="t-2")

    assert balance(client) == before


def test_what_is_not_decided_in_time_is_unknown_and_found_later(
    client: Client,
) -> None:
    before = balance(client)
    client.publisher.is_paused = True
    unsure = send(client, "LOYALTY_REDEEM", redeem={"points": 100})
    asyncio.run(client.publisher.catch_up())
    client.publisher.is_paused = False
    sure = send(client, "LOYALTY_REDEEM", redeem={"points": 100})

    assert unsure.status_code == 202
    assert unsure.headers["retry-after"]
    assert unsure.json()["status"] == "unknown"
    assert sure.json()["status"] == "accepted"
    assert balance(client) == before - 100


def test_no_receipt_has_a_balance_without_what_was_just_done(client: Client) -> None:
    before = balance(client)
    client.publisher.is_paused = True
    accrued = send(client, "LOYALTY_ACCRUE", 1, check=a_check()).json()
    client.publisher.is_paused = False
    asyncio.run(client.publisher.catch_up())
    after = balance(client)
    client.publisher.is_paused = True
    undone = send(client, "LOYALTY_REVERSE", 2, reverses="t-1").json()
    client.publisher.is_paused = False
    asyncio.run(client.publisher.catch_up())
    told = send(client, "LOYALTY_SEARCH", 3).json()

    assert [one["status"] for one in (accrued, undone)] == ["accepted"] * 2
    assert after > before
    assert accrued["accrual"] == {}
    assert "member" not in accrued
    assert "member" not in undone
    assert told["member"]["balance"] == before


def test_a_redemption_that_is_unknown_is_undone_for_good(client: Client) -> None:
    before = balance(client)
    client.publisher.is_paused = True
    send(client, "LOYALTY_REDEEM", 1, redeem={"points": 100})
    send(client, "LOYALTY_REVERSE", 2, reverses="t-1")
    client.publisher.is_paused = False
    undone = send(client, "LOYALTY_REVERSE", 2, reverses="t-1")
    again = send(client, "LOYALTY_REDEEM", 1, redeem={"points": 100})

    assert undone.json()["status"] == "accepted"
    assert again.json()["reason"] == "reversed"
    assert balance(client) == before


@pytest.mark.parametrize("store", ["views", "notes", "till_notes"])
def test_without_redis_nothing_is_known_and_nothing_lost(
    client: Client, store: str
) -> None:
    before = balance(client)
    getattr(client, store).is_available = False
    unsure = send(client, "LOYALTY_REDEEM", redeem={"points": 100})
    getattr(client, store).is_available = True

    assert unsure.json()["status"] == "unknown"
    assert (
        send(client, "LOYALTY_REDEEM", redeem={"points": 100}).json()["status"]
        == "accepted"
    )
    assert balance(client) == before - 100


def test_a_store_that_hangs_makes_the_answer_unknown_in_time(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang(_: str) -> None:
        await asyncio.sleep(60)

    client.views.get = hang  # type: ignore[method-assign, assignment] # no answer
    monkeypatch.setattr(till, "ANSWER_SECONDS_MAX", 0.1)
    answer = send(client, "LOYALTY_SEARCH")

    assert (answer.status_code, answer.json()["status"]) == (202, "unknown")
    assert till.ANSWER_SECONDS_MAX < 5


def test_an_order_outside_the_bounds_is_rejected_and_its_check_is_free(
    client: Client,
) -> None:
    wrong = send(client, "LOYALTY_ACCRUE", 1, check=a_check(), occurred_at=1)
    right = send(client, "LOYALTY_ACCRUE", 2, check=a_check())

    assert wrong.json()["reason"] == "time-too-early"
    assert right.json()["status"] == "accepted"


def test_a_batch_is_taken_in_order_and_each_is_answered(client: Client) -> None:
    before = balance(client)
    late = {"occurred_at": NOON - DAY, "store_id": "s-7", "identify": BY_ID}
    transactions = [
        {"transaction_id": "b-1", "type": "LOYALTY_ACCRUE", "check": a_check()} | late,
        {
            "transaction_id": "b-2",
            "type": "LOYALTY_ACCRUE",
            "store_id": "s-7",
            "identify": {"by": "phone", "value": "nonsense"},
            "check": a_check(check_id="c-2"),
        },
        {
            "transaction_id": "b-3",
            "type": "LOYALTY_REDEEM",
            "store_id": "s-7",
            "identify": BY_ID,
            "redeem": {"points": 100},
        },
        {
            "transaction_id": "b-4",
            "type": "LOYALTY_REVERSE",
            "store_id": "s-7",
            "reverses": "b-1",
        },
    ]
    answers = [
        client.call("POST", f"{PATH}/batch", json={"transactions": transactions})
        for _ in range(2)
    ]
    said = [
        (item["transaction_id"], item["status"]) for item in answers[0].json()["items"]
    ]

    assert said == [
        ("b-1", "accepted"),
        ("b-2", "rejected"),
        ("b-3", "accepted"),
        ("b-4", "accepted"),
    ]
    assert answers[1].text == answers[0].text
    assert balance(client) == before - 100


def test_what_a_batch_has_no_time_for_is_unknown(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(till, "ANSWER_SECONDS_MAX", -1.0)
    redeem = {
        "transaction_id": "b-1",
        "type": "LOYALTY_REDEEM",
        "store_id": "s-7",
        "identify": BY_ID,
        "redeem": {"points": 100},
    }
    answer = client.call("POST", f"{PATH}/batch", json={"transactions": [redeem]})

    assert [item["status"] for item in answer.json()["items"]] == ["unknown"]


def test_a_batch_has_a_bounded_number_of_transactions(client: Client) -> None:
    one = {
        "transaction_id": "b",
        "type": "LOYALTY_REVERSE",
        "store_id": "s-7",
        "reverses": "x",
    }

    for body in ([], [one] * 101):
        answer = client.call("POST", f"{PATH}/batch", json={"transactions": body})
        assert answer.status_code == 422


@pytest.mark.parametrize("form", ["code", "qr"])
def test_a_members_code_finds_the_member_for_one_check(
    client: Client, form: str
) -> None:
    code = client.call("GET", "/v1/members/member-1/code").json()[form]
    identify = {"by": "code", "value": code}
    found = send(client, "LOYALTY_SEARCH", identify=identify)
    mine = [
        send(client, "LOYALTY_SEARCH", identify=identify, check_id="c-1"),
        send(client, "LOYALTY_ACCRUE", 2, identify=identify, check=a_check()),
    ]
    other = send(client, "LOYALTY_SEARCH", identify=identify, check_id="c-2")

    assert found.json()["member"]["member_id"] == "member-1"
    assert [answer.json()["status"] for answer in mine] == ["accepted"] * 2
    assert other.json()["reason"] == "code-used"


@pytest.mark.parametrize("form", ["code", "qr"])
def test_a_code_is_good_for_two_windows_and_no_longer(
    client: Client, form: str
) -> None:
    client.now_seconds -= client.now_seconds % 60
    code = client.call("GET", "/v1/members/member-1/code").json()[form]
    identify = {"by": "code", "value": code}
    client.now_seconds += 119
    good = send(client, "LOYALTY_SEARCH", identify=identify)
    client.now_seconds += 1
    over = send(client, "LOYALTY_SEARCH", identify=identify)

    assert good.json()["status"] == "accepted"
    assert over.json()["reason"] == "code-not-valid"


def test_a_code_is_the_same_in_its_window_and_another_in_the_next(
    client: Client,
) -> None:
    client.now_seconds -= client.now_seconds % 60
    ask = ("GET", "/v1/members/member-1/code")
    first, same = client.call(*ask).json(), client.call(*ask).json()
    client.now_seconds += 60
    later = client.call(*ask).json()

    assert first == same
    assert first["code"] != later["code"]
    assert first["renew_at"] == "2024-01-15T12:01:00.000Z"
    assert first["expires_at"] == "2024-01-15T12:02:00.000Z"


@pytest.mark.parametrize("place", range(4))
def test_a_qr_text_that_is_changed_anywhere_is_not_valid(
    client: Client, place: int
) -> None:
    parts = client.call("GET", "/v1/members/member-1/code").json()["qr"].split(".")
    parts[place] = parts[place][:-1] + ("0" if parts[place][-1] != "0" else "1")
    identify = {"by": "code", "value": ".".join(parts)}

    answer = send(client, "LOYALTY_SEARCH", identify=identify)

    assert answer.json()["reason"] == "code-not-valid"


def test_a_repeat_needs_no_code_that_is_still_good(client: Client) -> None:
    code = client.call("GET", "/v1/members/member-1/code").json()["code"]
    asked = {"identify": {"by": "code", "value": code}, "redeem": {"points": 100}}
    client.publisher.is_paused = True
    send(client, "LOYALTY_REDEEM", **asked)
    client.publisher.is_paused = False
    client.now_seconds += 600

    assert send(client, "LOYALTY_REDEEM", **asked).json()["status"] == "accepted"


def test_only_tills_may(client: Client) -> None:
    client.token = client.tokens.token(member_id="member-1")
    of_member = send(client, "LOYALTY_SEARCH")
    client.token = client.tokens.token(scope="points:write members:read events:write")
    of_app = send(client, "LOYALTY_SEARCH")

    assert of_member.status_code == of_app.status_code == 403


def test_without_a_key_members_are_known_by_their_ids_only() -> None:
    client = Client(contact_key=None)
    client.earn(45)
    by_phone = {"by": "phone", "value": PHONE}

    assert send(client, "LOYALTY_SEARCH").json()["status"] == "accepted"
    assert send(client, "LOYALTY_SEARCH", identify=by_phone).status_code == 501
    assert client.call("GET", "/v1/members/member-1/code").status_code == 501
    assert client.ask("POST", "/v1/members", phone=PHONE).status_code == 501
