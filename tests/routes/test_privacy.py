"""A copy of all that is kept, and to be forgotten."""

from typing import Any

import pytest

from tests.routes.client import Client

ANN = "/v1/members/ann"
PHONE = "+15550100199"


@pytest.fixture
def client() -> Client:
    client = Client()
    client.ask(
        "POST",
        "/v1/members",
        member_id="ann",
        phone=PHONE,
        birthday="05-17",
        segments=["families"],
    )
    client.earn(100, member_id="ann")
    return client


def erase(client: Client, key: str = "erase-1", **body: Any) -> Any:
    headers = {"idempotency-key": key}
    return client.call("POST", f"{ANN}/erase", headers=headers, json=body)


def found(client: Client) -> str:
    body = {
        "transaction_id": "t",
        "type": "LOYALTY_SEARCH",
        "store_id": "s",
        "identify": {"by": "phone", "value": PHONE},
    }
    return str(client.call("POST", "/v1/pos/transactions", json=body).json()["status"])


def test_an_export_holds_the_view_the_profile_and_the_past(client: Client) -> None:
    out = client.call("POST", f"{ANN}/export").json()

    assert out["member"]["member_id"] == "ann"
    assert out["profile"]["birthday"] == "05-17"
    assert out["profile"]["segments"] == ["families"]
    assert out["contacts"] == ["phone"]
    assert (
        sum(one["points"] for one in out["ledger"] if one["wallet"] == "points")
        == out["member"]["balance"]
    )
    assert [one["event_kind"] for one in out["explanations"]] == [
        "order.placed",
        "member.update",
    ]
    assert out["more"] is False


def test_whoever_is_forgotten_is_not_there_any_more(client: Client) -> None:
    assert found(client) == "accepted"
    answer = erase(client)

    assert answer.status_code == 200
    assert answer.json()["status"] == "done"
    assert client.call("GET", ANN).status_code == 404
    assert client.call("GET", f"{ANN}/rewards").status_code == 404
    assert client.call("POST", f"{ANN}/export").status_code == 404
    assert found(client) == "rejected"


def test_the_ledger_of_a_forgotten_member_comes_to_nothing(client: Client) -> None:
    erase(client)
    entries = client.call("GET", f"{ANN}/ledger").json()["items"]

    assert entries[0]["kind"] == "ADJUST"
    assert sum(one["points"] for one in entries if one["wallet"] == "points") == 0


def test_the_repeat_of_an_erasure_gets_its_answer_and_forgets_again(
    client: Client,
) -> None:
    first = erase(client)
    again = erase(client)
    other = erase(client, "erase-2")

    assert again.json() == first.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert other.status_code == 404


def test_a_forgotten_members_contact_is_free_and_older_repeats_take_nothing(
    client: Client,
) -> None:
    erase(client)
    client.ask(
        "POST",
        "/v1/members",
        member_id="ann",
        phone=PHONE,
        birthday="05-17",
        segments=["families"],
    )
    bob = client.ask("POST", "/v1/members", key="b", member_id="bob", email="b@ex.com")

    assert found(client) == "rejected"
    assert bob.status_code == 201


def test_points_that_are_kept_leave_a_pseudonym_with_a_balance(client: Client) -> None:
    balance = client.call("GET", ANN).json()["balance"]
    erase(client, keep_points=True)

    assert client.call("GET", ANN).json()["balance"] == balance
    assert client.call("POST", f"{ANN}/export").json()["profile"]["birthday"] is None
    assert found(client) == "rejected"


def test_whoever_comes_again_under_the_id_is_new(client: Client) -> None:
    erase(client)
    client.earn(10, member_id="ann", order="o2", after_ms=60_000)

    assert client.call("GET", ANN).json()["tier"] != ""
    assert client.call("POST", f"{ANN}/export").json()["profile"]["birthday"] is None


@pytest.mark.parametrize("path", ["export", "erase"])
def test_both_need_their_scope(client: Client, path: str) -> None:
    client.token = client.tokens.token(scope="members:read members:write points:write")
    headers = {"idempotency-key": "k"}
    answer = client.call("POST", f"{ANN}/{path}", headers=headers, json={})

    assert answer.status_code == 403
