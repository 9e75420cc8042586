"""`fields=` and conditional reads: no more is sent than somebody needs."""

from typing import Any

import pytest

from tests.routes.client import Client

MEMBER = "/v1/members/member-1"


def _client() -> Client:
    client = Client()
    client.hold_member(orders=3)
    return client


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("balance", {"balance": 135}),
        ("tier,balance", {"balance": 135, "tier": "silver"}),
        (" balance , tier ", {"balance": 135, "tier": "silver"}),
        ("balance,balance", {"balance": 135}),
        ("progress.points_to_next_tier", {"progress": {"points_to_next_tier": 15}}),
        ("lots.points", {"lots": [{"points": 135}]}),
        ("badges", {"badges": []}),
        ("offers.offer_id", {"offers": [{"offer_id": "coffee"}]}),
    ],
)
def test_only_the_named_fields_of_a_member_are_sent(fields: str, expected: Any) -> None:
    answer = _client().call("GET", MEMBER, params={"fields": fields})

    assert answer.status_code == 200
    assert answer.json() == expected
    assert answer.headers["etag"] == '"3"'


@pytest.mark.parametrize("fields", ["progress,progress.tier_points", "progress.tier_points,progress"])  # fmt: skip
def test_the_whole_of_a_field_is_more_than_a_part_of_it(fields: str) -> None:
    client = _client()
    whole = client.call("GET", MEMBER).json()

    answer = client.call("GET", MEMBER, params={"fields": fields}).json()

    assert answer == {"progress": whole["progress"]}


@pytest.mark.parametrize(
    ("path", "fields", "unknown"),
    [
        (MEMBER, "balance,secret", ["secret"]),
        (MEMBER, "lots.nothing,x,x", ["lots.nothing", "x"]),
        (MEMBER, "balance.points", ["balance.points"]),
        (MEMBER, "balance,", [""]),
        (MEMBER, "__class__", ["__class__"]),
        (MEMBER, "lots..points", ["lots..points"]),
        (MEMBER + "/offers", "items", ["items"]),
        (MEMBER + "/ledger", "balance", ["balance"]),
        (MEMBER + "/explanations", "points", ["points"]),
    ],
)
def test_unknown_fields_are_named(path: str, fields: str, unknown: list[str]) -> None:
    answer = _client().call("GET", path, params={"fields": fields})

    assert answer.status_code == 400
    assert answer.json()["type"] == "/problems/fields-unknown"
    assert answer.json()["errors"] == [
        {"pointer": "query/fields", "detail": f"there is no field {name!r}"}
        for name in unknown
    ]


@pytest.mark.parametrize("fields", ["", "a" * 1_001])
def test_a_list_of_fields_has_a_length(fields: str) -> None:
    assert _client().call("GET", MEMBER, params={"fields": fields}).status_code == 422


@pytest.mark.parametrize(
    ("part", "fields"),
    [
        ("offers", "offer_id,why"),
        ("ledger", "entry_id,points"),
        ("explanations", "event_id,why"),
    ],
)
def test_fields_of_a_page_are_those_of_its_items(part: str, fields: str) -> None:
    client = _client()
    path = f"{MEMBER}/{part}?limit=2"

    whole = client.call("GET", path).json()
    some = client.call("GET", path, params={"fields": fields, "limit": 2}).json()

    names = fields.split(",")
    assert some["items"]
    assert some["items"] == [{n: item[n] for n in names} for item in whole["items"]]
    assert some["next_cursor"] == whole["next_cursor"]


@pytest.mark.parametrize(
    "path",
    [MEMBER, f"{MEMBER}/offers", f"{MEMBER}/ledger", f"{MEMBER}/explanations", "/v1/program"],
)  # fmt: skip
def test_what_is_known_already_is_not_sent_again(path: str) -> None:
    client = _client()
    first = client.call("GET", path)
    etag = first.headers["etag"]

    same = client.call("GET", path, headers={"if-none-match": etag})
    other = client.call("GET", path, headers={"if-none-match": '"other"'})

    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", etag)
    assert first.headers["cache-control"] == "private, no-cache"
    assert (other.status_code, other.json()) == (200, first.json())


def test_a_new_entry_makes_another_page_of_the_ledger() -> None:
    client = Client()
    client.earn(5)
    etag = client.call("GET", f"{MEMBER}/ledger").headers["etag"]

    client.earn(6, order="o2", after_ms=1)
    answer = client.call("GET", f"{MEMBER}/ledger", headers={"if-none-match": etag})

    assert answer.status_code == 200
    assert len(answer.json()["items"]) == 2
