"""Merging over HTTP: who stays, who leads there, and what is refused."""

from typing import Any

import pytest

from loyalty.limits import ID_LENGTH_MAX
from tests.builders import DAY, NOON, a_refund
from tests.routes.client import Client
from tests.routes.desk import Visitor
from tests.routes.programs import EVERYTHING

ANN = "/v1/members/member-1"
BOB = "/v1/members/member-2"


@pytest.fixture
def client() -> Client:
    """Two members: one with 300 points, the other with 50."""
    made = Client(EVERYTHING)
    made.earn(271)
    made.earn(46, member_id="member-2", order="o2")
    return made


def merge(client: Client, key: str = "key-1", **body: Any) -> Any:
    return client.ask("POST", f"{ANN}/merges", key, **body)


def test_a_merged_member_leads_to_the_one_who_has_its_points(client: Client) -> None:
    before = [client.call("GET", one).json()["balance"] for one in (ANN, BOB)]
    done = merge(client, from_member_id="member-2", reason="signed up")
    ann, bob = client.call("GET", ANN).json(), client.call("GET", BOB)

    assert (done.status_code, done.json()["status"]) == (200, "done")
    assert done.json()["result"]["from_member_id"] == "member-2"
    assert (ann["balance"], ann["merged"]) == (sum(before), ["member-2"])
    assert bob.status_code == 410
    assert bob.json()["type"] == "/problems/member-merged"
    assert bob.json()["merged_into"] == "member-1"
    assert client.call("GET", f"{BOB}/offers").json()["merged_into"] == "member-1"


def test_the_same_key_merges_once_and_is_answered_alike(client: Client) -> None:
    first = merge(client, from_member_id="member-2")
    again = merge(client, from_member_id="member-2")

    assert again.json() == first.json()
    assert again.headers["Idempotency-Replayed"] == "true"


def test_commands_to_a_merged_member_name_the_survivor(client: Client) -> None:
    merge(client, from_member_id="member-2")
    refused = client.ask("POST", f"{BOB}/redemptions", points=10)

    assert refused.status_code == 410
    assert refused.json()["reason"] == "member-merged"
    assert refused.json()["merged_into"] == "member-1"


def test_a_merge_is_undone_and_both_are_there_again(client: Client) -> None:
    before = [client.call("GET", one).json()["balance"] for one in (ANN, BOB)]
    merge(client, from_member_id="member-2")
    undone = client.ask("DELETE", f"{ANN}/merges/member-2", "key-2")
    after = [client.call("GET", one).json()["balance"] for one in (ANN, BOB)]

    assert undone.json()["result"]["points"] == before[1]
    assert after == before


def test_members_with_the_longest_ids_become_one_and_two_again() -> None:
    ann, bob = "a" * ID_LENGTH_MAX, "b" * ID_LENGTH_MAX
    client = Client(EVERYTHING)
    client.earn(271, member_id=ann)
    client.earn(46, member_id=bob, order="o2")
    paths = [f"/v1/members/{one}" for one in (ann, bob)]
    before = [client.call("GET", one).json()["balance"] for one in paths]
    done = client.ask("POST", f"{paths[0]}/merges", "key-1", from_member_id=bob)
    merged = client.call("GET", paths[0]).json()["balance"]
    undone = client.ask("DELETE", f"{paths[0]}/merges/{bob}", "key-2")

    assert (done.json()["status"], merged) == ("done", sum(before))
    assert undone.json()["status"] == "done"
    assert [client.call("GET", one).json()["balance"] for one in paths] == before


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "reason"),
    [
        ("POST", "/merges", {"from_member_id": "member-1"}, 422, "command-invalid"),
        ("POST", "/merges", {"from_member_id": "nobody"}, 404, None),
        ("DELETE", "/merges/member-2", {}, 404, "not-merged"),
    ],
    ids=["with itself", "with nobody", "undone without a merge"],
)
def test_what_cannot_be_merged_is_refused(
    client: Client,
    method: str,
    path: str,
    body: dict[str, Any],
    *,
    status: int,
    reason: str | None,
) -> None:
    refused = client.ask(method, f"{ANN}{path}", **body)

    assert refused.status_code == status
    assert refused.json().get("reason") == reason


def test_only_the_service_desk_merges(client: Client) -> None:
    body = {"from_member_id": "member-2"}
    client.token = client.tokens.token(scope="points:write members:read")
    answer = client.ask("POST", f"{ANN}/merges", **body)

    assert answer.status_code == 403


def test_a_return_under_either_id_reaches_the_points(client: Client) -> None:
    merge(client, from_member_id="member-2")
    balance = client.call("GET", ANN).json()["balance"]
    for number, member_id in enumerate(("member-1", "member-2")):
        refund = a_refund(
            "o2",
            amount_minor=10_00,
            refund_id=f"refund-{number}",
            occurred_at=NOON + DAY,
            member_id=member_id,
        )
        client.give(refund)
        now = client.call("GET", ANN).json()["balance"]
        assert now < balance
        balance = now


def test_a_card_of_before_the_merge_finds_the_survivor(client: Client) -> None:
    client.ask("PATCH", BOB, "key-7", phone="+15550100199")
    merge(client, from_member_id="member-2")
    said = {
        "type": "LOYALTY_SEARCH",
        "transaction_id": "t-1",
        "store_id": "store-1",
        "identify": {"by": "phone", "value": "+15550100199"},
    }
    found = client.call("POST", "/v1/pos/transactions", json=said).json()

    assert found["member"]["member_id"] == "member-1"


def test_the_console_leads_from_one_member_to_the_other(client: Client) -> None:
    merge(client, from_member_id="member-2", reason="signed up")
    visitor = Visitor(client).sign_in()
    bob, ann = visitor.get("/members/member-2"), visitor.get("/members/member-1")

    assert 'href="/console/members/member-1"' in bob.text
    assert 'href="/console/members/member-2"' in ann.text
    assert "Became part of another member" in bob.text
    assert "asked member-2 to come: signed up" in ann.text
    assert "merged" in ann.text
