"""What every request goes through: limits, headers, ids, metrics, failures."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, NoReturn

import httpx
import pytest

from api.middleware import BODY_BYTES_MAX
from tests.routes.client import Client

JSON = {"content-type": "application/json"}
SECURITY_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
}


def _broken(client: Client) -> Client:
    """Client of an application that fails in a way nobody foresaw."""

    async def fail(_: str) -> NoReturn:
        message = "secret at /srv/place.py"
        raise RuntimeError(message)

    client.views.get = fail  # type: ignore[method-assign]
    return client


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/health/live", 200),
        ("GET", "/v1/members/nobody", 404),
        ("GET", "/nowhere", 404),
        ("PUT", "/v1/orders", 405),
        ("POST", "/v1/orders", 415),
        ("GET", "/v1/members/nobody/offers?limit=0", 422),
    ],
)
def test_every_answer_has_an_id_and_the_security_headers(
    method: str, path: str, status: int
) -> None:
    answer = Client().call(method, path)

    assert answer.status_code == status
    assert len(answer.headers["x-request-id"]) == 32
    assert SECURITY_HEADERS.items() <= dict(answer.headers).items()
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("PUT", "/v1/members/member-1", "GET, PATCH"),
        ("DELETE", "/v1/members/member-1/ledger", "GET"),
        ("GET", "/v1/orders", "POST"),
        ("PATCH", "/v1/activity", "POST"),
        ("POST", "/health/ready", "GET"),
    ],
)
def test_another_method_is_told_which_there_are(
    method: str, path: str, allow: str
) -> None:
    answer = Client().call(method, path)

    assert answer.status_code == 405
    assert answer.headers["allow"] == allow
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "/problems/method-not-allowed"


def test_a_failure_tells_nothing_but_its_id(caplog: pytest.LogCaptureFixture) -> None:
    answer = _broken(Client()).call("GET", "/v1/members/m")

    assert answer.status_code == 500
    assert answer.json() == {
        "type": "/problems/internal",
        "title": "Something failed on our side",
        "status": 500,
        "detail": "Something failed on our side",
        "instance": "/v1/members/m",
    }
    assert SECURITY_HEADERS.items() <= dict(answer.headers).items()
    logged = [record for record in caplog.records if record.exc_info]
    assert [vars(record)["request_id"] for record in logged] == [
        answer.headers["x-request-id"]
    ]


def test_a_failure_is_counted_under_its_route() -> None:
    client = _broken(Client())
    client.call("GET", "/v1/members/m/offers")

    text = client.call("GET", "/metrics").text

    line = 'requests_total{method="GET",route="/v1/members/{member_id}/offers",'
    assert f'{line}status="500"}}' in text


def test_metrics_name_the_route_not_the_member() -> None:
    client = Client()
    client.call("GET", "/v1/members/somebody-in-particular")
    client.call("GET", "/no-such-page-in-particular")
    client.call("BREW", "/v1/members/m")

    text = client.call("GET", "/metrics").text

    assert 'route="/v1/members/{member_id}"' in text
    assert "in-particular" not in text
    assert "BREW" not in text


def test_a_body_is_refused_while_it_comes_and_not_read_to_its_end() -> None:
    sent = 0

    async def chunks() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 100 * BODY_BYTES_MAX:
            sent += 65_536
            yield b" " * 65_536

    client = Client()
    answer = client.call("POST", "/v1/orders", content=chunks(), headers=JSON)

    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(answer.headers["x-request-id"]) == 32
    assert sent <= BODY_BYTES_MAX + 2 * 65_536


@pytest.mark.parametrize(("size", "status"), [(0, 422), (1, 413)])
def test_the_limit_of_a_body_is_exact(size: int, status: int) -> None:
    body = "{" + " " * (BODY_BYTES_MAX - 2 + size) + "}"

    answer = Client().call("POST", "/v1/orders", content=body, headers=JSON)

    assert answer.status_code == status


def test_ready_needs_redis_and_kafka_and_tells_of_clickhouse() -> None:
    for away, status in (("analytics", 200), ("views", 503), ("publisher", 503)):
        client = Client()
        getattr(client, away).is_available = False

        answer = client.call("GET", "/health/ready")

        assert answer.status_code == status
        checks = answer.json()["checks"]
        assert checks.keys() == {"redis", "clickhouse", "kafka", "program"}
        assert list(checks.values()).count(False) == 1
        assert client.call("GET", "/health/live").status_code == 200


def test_whoever_reads_metrics_is_told_whether_stores_answer_now() -> None:
    """An alert goes by it, also where nobody asks whether the API is ready."""
    client = Client()
    client.publisher.is_available = False

    text = client.call("GET", "/metrics").text

    assert 'regulars_store_up{store="kafka"} 0.0' in text
    assert 'regulars_store_up{store="redis"} 1.0' in text


def test_many_who_ask_whether_it_is_ready_cost_one_check() -> None:
    client = Client()
    pings = 0

    async def ping() -> None:
        nonlocal pings
        pings += 1
        await asyncio.sleep(0.05)

    client.app.state.readiness._pings["redis"] = ping

    async def crowd() -> list[httpx.Response]:
        transport = httpx.ASGITransport(client.app)
        url = "http://test"
        async with httpx.AsyncClient(transport=transport, base_url=url) as http:
            asks = [http.get("/health/ready") for _ in range(20)]
            return list(await asyncio.gather(*asks))

    assert {answer.status_code for answer in asyncio.run(crowd())} == {200}
    assert pings == 1


def test_a_store_that_hangs_is_not_waited_for() -> None:
    client = Client()

    async def hang() -> None:
        await asyncio.sleep(60)

    client.app.state.readiness._pings["kafka"] = hang

    answer = client.call("GET", "/health/ready")

    # A minute is what it hangs; a machine may be busy.
    assert answer.elapsed.total_seconds() < 20
    assert answer.json()["checks"]["kafka"] is False


def _references(node: Any) -> set[str]:
    if isinstance(node, dict):
        own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
        return own.union(*(_references(value) for value in node.values()))
    if isinstance(node, list):
        return set().union(*(_references(value) for value in node))
    return set()


def test_the_api_describes_itself_with_its_problems() -> None:
    document = Client().call("GET", "/openapi.json").json()

    assert document["openapi"].startswith("3.1")
    schemas = document["components"]["schemas"]
    names = {f"#/components/schemas/{name}" for name in schemas}
    assert _references(document) <= names
    assert "HTTPValidationError" not in schemas
    paths = document["paths"]
    post = paths["/v1/orders"]["post"]
    assert {"202", "413", "415", "422", "500", "503"} <= post["responses"].keys()
    assert "404" in paths["/v1/members/{member_id}"]["get"]["responses"]
    assert "404" not in paths["/v1/members/{member_id}/ledger"]["get"]["responses"]


def test_the_example_of_the_description_is_one_that_is_taken() -> None:
    document = Client().call("GET", "/openapi.json").json()
    for name, path in (("OrderIn", "/v1/orders"), ("ActivityIn", "/v1/activity")):
        example = document["components"]["schemas"][name]["examples"][0]
        example["occurred_at"] = "2024-01-15T12:00:00Z"

        assert Client().call("POST", path, json=example).status_code == 202


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
def test_no_page_loads_scripts_from_elsewhere(path: str) -> None:
    assert Client().call("GET", path).status_code == 404
