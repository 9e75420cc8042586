"""Members out: one read, pages without gaps, errors that say what is wrong."""

import pytest

from tests.routes.client import Client


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


@pytest.mark.parametrize("cursor", ["x", "!!!!", "MS4yLjM", "LTEuMA", "%00", "a" * 65])
def test_a_forged_cursor_is_refused(cursor: str) -> None:
    answer = Client().call("GET", f"/v1/members/member-1/ledger?cursor={cursor}")

    assert answer.status_code == 422


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


def test_another_method_is_told_which_there_are() -> None:
    answer = Client().call("PUT", "/v1/members/member-1")

    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET"
    assert answer.headers["content-type"] == "application/problem+json"


def test_every_answer_has_an_id_and_the_security_headers() -> None:
    answer = Client().call("GET", "/nowhere")

    assert answer.status_code == 404
    assert len(answer.headers["x-request-id"]) == 32
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_ready_needs_redis_and_kafka_and_tells_of_clickhouse() -> None:
    client = Client()
    client.analytics.is_available = False
    without_clickhouse = client.call("GET", "/health/ready")
    other = Client()
    other.views.is_available = False

    assert without_clickhouse.status_code == 200
    assert without_clickhouse.json()["checks"]["clickhouse"] is False
    assert other.call("GET", "/health/ready").status_code == 503
    assert other.call("GET", "/health/live").status_code == 200


def test_metrics_name_the_route_not_the_member() -> None:
    client = Client()
    client.call("GET", "/v1/members/somebody-in-particular")

    text = client.call("GET", "/metrics").text

    assert 'route="/v1/members/{member_id}"' in text
    assert "somebody-in-particular" not in text


def test_the_api_describes_itself_with_its_problems() -> None:
    document = Client().call("GET", "/openapi.json").json()

    assert document["openapi"].startswith("3.1")
    assert "Problem" in document["components"]["schemas"]
    responses = document["paths"]["/v1/orders"]["post"]["responses"]
    assert {"202", "413", "415", "422", "503"} <= responses.keys()
