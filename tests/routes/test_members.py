"""Members out: one read, pages without gaps, errors that say what is wrong."""

import asyncio
from base64 import urlsafe_b64encode

import pytest

from loyalty.view_shapes import LotView, OfferView
from schemas.views import encode_view
from stores.member_views_contract import StoredView, ViewWrite
from tests.builders import NOON
from tests.routes.client import Client


def _cursor(place: str) -> str:
    return urlsafe_b64encode(place.encode()).decode().rstrip("=")


def test_a_member_is_shown_with_all_that_an_app_needs() -> None:
    client = Client()
    client.hold_member(orders=3)

    member = client.call("GET", "/v1/members/member-1").json()

    assert member["balance"] == 135
    assert member["version"] == 3
    assert member["tier"] == "silver"
    assert member["progress"]["points_to_next_tier"] == 15
    assert member["lots"][0]["points"] == 135
    assert member["lots"][0]["expires_at"].endswith("T00:00:00.000Z")
    assert [offer["offer_id"] for offer in member["offers"]] == ["coffee"]
    assert (member["pending"], member["debt"]) == (0, 0)


def test_an_unchanged_member_is_not_sent_again() -> None:
    client = Client()
    client.hold_member()
    etag = client.call("GET", "/v1/members/member-1").headers["etag"]

    same = client.call("GET", "/v1/members/member-1", headers={"if-none-match": etag})
    other = client.call("GET", "/v1/members/member-1", headers={"if-none-match": '"0"'})

    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", etag)
    assert other.status_code == 200


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ('"3"', 304),
        ('W/"3"', 304),
        ('"1", "2" , "3"', 304),
        (",".join(f'"{n}"' for n in range(100)), 304),
        ("*", 304),
        ('"33"', 200),
        ('"2"', 200),
        ("3", 200),
        ("", 200),
        ('"*"', 200),
    ],
)
def test_any_tag_of_a_list_may_be_the_one(header: str, status: int) -> None:
    client = Client()
    client.hold_member(orders=3)

    answer = client.call(
        "GET", "/v1/members/member-1", headers={"if-none-match": header}
    )

    assert answer.status_code == status
    assert answer.headers["cache-control"] == "private, no-cache"


def test_a_member_is_read_in_one_round_trip() -> None:
    client = Client()
    client.hold_member()
    asked = []
    get = client.views.get

    async def counted(member_id: str) -> StoredView | None:
        asked.append(member_id)
        return await get(member_id)

    client.views.get = counted  # type: ignore[method-assign]
    client.call("GET", "/v1/members/member-1")

    assert asked == ["member-1"]


def test_what_ended_by_the_members_own_time_is_not_offered() -> None:
    """A replay of the past is read as it stood then, not by the clock on the wall."""
    client = Client()
    ends = {"over": NOON, "open": NOON + 1, "lasting": 0}
    offers = [OfferView(name, name, 1, NOON - 1, at, "w") for name, at in ends.items()]
    lots = (LotView(5, 0), LotView(7, NOON + 1))
    view = Client.view._replace(
        version=1, as_of=NOON, balance=12, lots=lots, offers=tuple(offers)
    )
    document = encode_view(view)
    asyncio.run(client.views.put([ViewWrite("member-1", 1, document)]))

    page = client.call("GET", "/v1/members/member-1/offers").json()
    first = client.call("GET", "/v1/members/member-1/offers?limit=1").json()
    member = client.call("GET", "/v1/members/member-1").json()

    assert [offer["offer_id"] for offer in page["items"]] == ["open", "lasting"]
    assert [offer["offer_id"] for offer in first["items"]] == ["open"]
    assert page["items"][0]["expires_at"] == "2024-01-15T12:00:00.001Z"
    assert page["items"][1]["expires_at"] is None
    assert member["lots"][0]["expires_at"] is None
    assert member["as_of"] == "2024-01-15T12:00:00.000Z"


def test_offers_say_why() -> None:
    client = Client()
    client.hold_member(orders=5)

    page = client.call("GET", "/v1/members/member-1/offers").json()

    assert [offer["offer_id"] for offer in page["items"]] == ["meal", "coffee"]
    assert page["items"][0]["why"] == "balance 225 reaches 200 points"
    assert page["next_cursor"] is None


@pytest.mark.parametrize("limit", ["0", "-1", "51", "1000000000", "x"])
def test_a_limit_outside_its_bounds_is_refused(limit: str) -> None:
    client = Client()
    client.hold_member()

    answer = client.call("GET", f"/v1/members/member-1/offers?limit={limit}")

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "query/limit"


@pytest.mark.parametrize("path", ["", "/offers"])
def test_an_unknown_member_is_not_found(path: str) -> None:
    answer = Client().call("GET", f"/v1/members/nobody{path}")

    assert answer.status_code == 404
    assert answer.json()["type"] == "/problems/member-not-found"


def test_the_ledger_comes_in_pages_without_gaps_or_repeats() -> None:
    client = Client()
    client.hold_member(orders=11)
    seen, cursor = [], ""

    while cursor is not None:
        query = f"?limit=3&cursor={cursor}" if cursor else "?limit=3"
        page = client.call("GET", f"/v1/members/member-1/ledger{query}").json()
        seen.extend(row["entry_id"] for row in page["items"])
        cursor = page["next_cursor"]

    assert seen == [f"member-1:{version}:0" for version in range(11, 0, -1)]


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "!!!!",
        "MS4yLjM",
        "LTEuMA",
        "%00",
        "a" * 65,
        "",
        _cursor("1_0.0"),
        _cursor(" 1.0"),
        _cursor("+1.0"),
        _cursor("01.0"),
        _cursor("1.0") + "=",
        "!" + _cursor("1.0"),
        _cursor(f"{2**63}.0"),
        _cursor(f"1.{2**32}"),
    ],
)
def test_a_forged_cursor_is_refused(cursor: str) -> None:
    answer = Client().call("GET", f"/v1/members/member-1/ledger?cursor={cursor}")

    assert answer.status_code == 422


@pytest.mark.parametrize("length", [1, 128, 129])
def test_a_member_id_has_at_most_128_characters(length: int) -> None:
    answer = Client().call("GET", "/v1/members/" + "m" * length)

    assert answer.status_code == (404 if length <= 128 else 422)


def test_reads_answer_503_while_redis_is_away() -> None:
    client = Client()
    client.views.is_available = False

    answer = client.call("GET", "/v1/members/member-1")

    assert answer.status_code == 503
    assert "retry-after" in answer.headers


def test_the_ledger_answers_503_while_clickhouse_is_away() -> None:
    client = Client()
    client.hold_member()
    client.analytics.is_available = False

    assert client.call("GET", "/v1/members/member-1/ledger").status_code == 503
    assert client.call("GET", "/v1/members/member-1").status_code == 200
