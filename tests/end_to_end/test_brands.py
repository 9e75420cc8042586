"""Two brands on one Kafka, Redis and ClickHouse, with the same ids, see nothing of each other."""

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import redis
from confluent_kafka.admin import AdminClient

from local.stack import Stack
from stores.clickhouse import connect
from tests.end_to_end.branding import Brand
from tests.end_to_end.test_order_to_offer import an_order_body

NAMES = ("bistro", "diner")
SECONDS_MAX = 60.0
# So few that a test can use them up.
WRITES_PER_MINUTE = 4


@pytest.fixture(scope="module")
def brands(servers: Stack) -> Iterator[dict[str, Brand]]:
    """Both, each with a user of Redis who may touch its own keys and no others."""
    client = redis.Redis.from_url(servers.addresses()["redis_url"])
    made = {}
    for name in NAMES:
        client.execute_command(
            *("ACL", "SETUSER", name, "on", f">{name}-secret"),
            *(f"~{name}.*", "&*", "+@all"),
        )
        address = servers.addresses()["redis_url"].removeprefix("redis://")
        made[name] = Brand(
            servers,
            name,
            {
                "REGULARS_REDIS_URL": f"redis://{name}:{name}-secret@{address}",
                "REGULARS_PARTITIONS": "2",
                "REGULARS_CLIENT_WRITES_PER_MINUTE": str(WRITES_PER_MINUTE),
            },
        )
    try:
        for brand in made.values():
            brand.job("create-topics")
            brand.job("migrate-clickhouse")
            brand.start()
        for brand in made.values():
            brand.wait()
        yield made
    finally:
        for brand in made.values():
            brand.stop()


def member_when(brand: Brand, version: int) -> dict[str, Any]:
    """The member, as soon as it has come to a version."""
    deadline = time.monotonic() + SECONDS_MAX
    while time.monotonic() < deadline:
        answer = brand.http.get("/v1/members/guest-1", headers=brand.headers())
        if answer.status_code == httpx.codes.OK and answer.json()["version"] >= version:
            return dict(answer.json())
        time.sleep(0.1)
    raise AssertionError(f"{brand.name}: no version {version}, {answer.text}")


@pytest.mark.timeout(240)
def test_one_member_and_one_order_are_two_in_two_brands(
    servers: Stack, brands: dict[str, Brand]
) -> None:
    bistro, diner = (brands[name] for name in NAMES)
    for brand, dollars in ((bistro, 10), (diner, 30)):
        sent = brand.http.post(
            "/v1/orders",
            json=an_order_body("order-1", dollars=dollars),
            headers=brand.headers(),
        )
        assert sent.status_code == httpx.codes.ACCEPTED, sent.text

    balances = {
        brand.name: member_when(brand, 1)["balance"] for brand in (bistro, diner)
    }
    ledgers = {name: ledger_of(servers, name) for name in NAMES}

    assert balances == {"bistro": 10, "diner": 30}
    assert ledgers == {"bistro": [("order-1", 10)], "diner": [("order-1", 30)]}


def ledger_of(servers: Stack, brand: str) -> list[tuple[Any, ...]]:
    """Orders and points in a brand's ledger, as soon as there are any."""
    client = connect(servers.addresses()["clickhouse_url"], f"{brand}_regulars")
    deadline = time.monotonic() + SECONDS_MAX
    rows: list[tuple[Any, ...]] = []
    while not rows and time.monotonic() < deadline:
        found = client.query("SELECT order_id, points FROM ledger").result_rows
        rows = [tuple(row) for row in found]
        time.sleep(0.1)
    client.close()
    return rows


def test_a_token_of_one_brand_is_none_of_the_other(brands: dict[str, Brand]) -> None:
    diner = brands["diner"]
    answers = [
        diner.http.get(
            "/v1/members/guest-1", headers=diner.headers(brand=name)
        ).status_code
        for name in NAMES
    ]

    assert answers == [httpx.codes.UNAUTHORIZED, httpx.codes.OK]


def test_a_client_that_has_used_its_turns_up_in_one_brand_has_all_in_the_other(
    brands: dict[str, Brand],
) -> None:
    statuses = {
        name: [
            brands[name]
            .http.post(
                "/v1/orders",
                json=an_order_body(f"turn-{number}", dollars=1),
                headers=brands[name].headers(subject="busy-till"),
            )
            .status_code
            for number in range(count)
        ]
        for name, count in (("bistro", WRITES_PER_MINUTE + 1), ("diner", 1))
    }

    assert statuses["bistro"][-1] == httpx.codes.TOO_MANY_REQUESTS
    assert statuses["diner"] == [httpx.codes.ACCEPTED]


# Last: everything that the tests before have made is looked at.
def test_everything_on_the_servers_bears_the_name_of_its_brand(
    servers: Stack, brands: dict[str, Brand]
) -> None:
    del brands
    addresses = servers.addresses()
    kafka = AdminClient({"bootstrap.servers": addresses["bootstrap_servers"]})
    topics = [name for name in kafka.list_topics().topics if name[:2] != "__"]
    groups = [one.group_id for one in kafka.list_consumer_groups().result().valid]
    keys = [
        key.decode() for key in redis.Redis.from_url(addresses["redis_url"]).scan_iter()
    ]
    found = connect(addresses["clickhouse_url"]).query(
        "SELECT DISTINCT database FROM system.tables WHERE lower(database) "
        "NOT IN ('system', 'information_schema')"
    )
    databases = {row[0] for row in found.result_rows}

    begins = tuple(f"{name}." for name in NAMES)
    assert [
        name for name in [*topics, *groups, *keys] if not name.startswith(begins)
    ] == []
    assert databases == {f"{name}_regulars" for name in NAMES}
    for begin in begins:
        assert len([name for name in topics if name.startswith(begin)]) == 10
        assert len([name for name in groups if name.startswith(begin)]) >= 3
        assert [name for name in keys if name.startswith(f"{begin}regulars:member:")]
