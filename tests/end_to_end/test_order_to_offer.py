"""The whole way: an order in over HTTP, its points and offers out; and a real year."""

import asyncio
import json
import time
import urllib.error
import urllib.request
from typing import Any

import httpx
import pytest
from confluent_kafka import Producer

from api.console.workers import latencies_of
from local.demo import midnight_after
from local.stack import Stack
from schemas.topics import READERS
from schemas.views import decode_view
from stores.clickhouse import connect
from stores.log_watch import KafkaLogWatch
from stores.member_views import RedisMemberViews
from stores.worker_reports import RedisWorkerReports
from stores.worker_reports_contract import WorkerReport
from tests.demo.independent_totals import WEEKS, independent_totals
from tests.end_to_end.settled import wait_until_idle
from tests.end_to_end.signing import signed_by

SECONDS_MAX = 10.0
PARTITIONS = 8


def call(stack: Stack, path: str, body: dict[str, Any] | None = None) -> Any:
    """Answer of the API as JSON; an error status raises."""
    request = urllib.request.Request(
        stack.addresses()["api_url"] + path,
        data=None if body is None else json.dumps(body).encode(),
        headers=signed_by(stack) | {"content-type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def an_order_body(order_id: str, *, dollars: int) -> dict[str, Any]:
    """Order of one line, as a till would post it."""
    line = {
        "line_id": "1",
        "sku": "roast",
        "category": "MEAT",
        "quantity": 1,
        "unit_price_minor": dollars * 100,
    }
    return {
        "event_id": f"{order_id}-placed",
        "order_id": order_id,
        "member_id": "guest-1",
        "occurred_at": int(time.time() * 1000),
        "store_id": "store-1",
        "currency": "USD",
        "lines": [line],
        "total_minor": dollars * 100,
        "subtotal_minor": dollars * 100,
    }


def eventually(read: Any, holds: Any) -> Any:
    """Read until something holds; the last answer if it never does."""
    deadline = time.monotonic() + SECONDS_MAX
    answer = None
    while time.monotonic() < deadline:
        try:
            answer = read()
        except urllib.error.HTTPError as error:
            if error.code != 404:
                raise
        else:
            if holds(answer):
                return answer
        time.sleep(0.02)
    return answer


@pytest.mark.timeout(120)
def test_an_order_posted_is_points_and_an_offer_a_moment_later(stack: Stack) -> None:
    posted = call(stack, "/v1/orders", an_order_body("till-1", dollars=155))
    member = eventually(
        lambda: call(stack, "/v1/members/guest-1"), lambda seen: seen["balance"] > 0
    )
    offers = call(stack, "/v1/members/guest-1/offers")["items"]
    ledger = eventually(
        lambda: call(stack, "/v1/members/guest-1/ledger"), lambda page: page["items"]
    )

    assert posted["topic"] == "orders"
    assert member["balance"] == 165
    assert member["version"] == 1
    assert offers[0]["offer_id"] == "free-coffee"
    assert offers[0]["why"] == "balance 165 reaches 150 points"
    assert [row["points"] for row in ledger["items"]] == [10, 155]


@pytest.mark.timeout(120)
def test_the_same_order_posted_twice_counts_once(stack: Stack) -> None:
    body = an_order_body("till-2", dollars=20)
    call(stack, "/v1/orders", body)
    call(stack, "/v1/orders", body)
    wait_until_idle(stack)

    assert call(stack, "/v1/members/guest-1")["balance"] == 165 + 20


@pytest.mark.timeout(120)
def test_an_order_alone_is_readable_within_a_second(stack: Stack) -> None:
    seconds = []
    for number in range(5):
        version = call(stack, "/v1/members/guest-1")["version"]
        started = time.monotonic()
        call(stack, "/v1/orders", an_order_body(f"alone-{number}", dollars=1))
        eventually(
            lambda: call(stack, "/v1/members/guest-1"),
            lambda seen, known=version: seen["version"] > known,
        )
        seconds.append(time.monotonic() - started)

    assert sorted(seconds)[len(seconds) // 2] < 1.0


@pytest.mark.timeout(120)
def test_every_process_tells_how_it_gets_on(stack: Stack) -> None:
    async def told() -> list[WorkerReport]:
        store = RedisWorkerReports(stack.addresses()["redis_url"], "regulars")
        try:
            return await store.reports(int(time.time() * 1_000))
        finally:
            await store.close()

    def is_told(found: list[WorkerReport]) -> bool:
        latest = latencies_of(found, int(time.time() * 1_000))
        return len(found) == len(READERS) and all(one.times for one in latest.values())

    found = eventually(lambda: asyncio.run(told()), is_told)
    engine = next(one for one in found if one.role == "engine")

    assert {one.role for one in found} == set(READERS)
    assert engine.transactions.total
    assert engine.decides.total
    assert [one.partition for one in engine.partitions] == list(range(PARTITIONS))
    assert all(one.is_ready and one.restored_at for one in engine.partitions)


@pytest.mark.timeout(600)
def test_what_cannot_be_applied_is_seen_by_operators(stack: Stack) -> None:
    servers = stack.addresses()["bootstrap_servers"]
    watch = KafkaLogWatch(servers, "regulars", PARTITIONS)
    producer = Producer({"bootstrap.servers": servers})
    producer.produce("orders", b"not a record", b"guest-1", partition=2)
    producer.flush(10)

    letters = eventually(lambda: asyncio.run(watch.dead_letters()), bool)
    state = eventually(
        lambda: asyncio.run(watch.state()), lambda found: not found.behind
    )

    assert [(one.reason, one.value) for one in letters] == [
        ("wrong-magic", b"not a record")
    ]
    assert state.behind == 0
    assert {row.group for row in state.rows} == set(READERS)


def test_the_console_opens_on_this_machine(stack: Stack) -> None:
    base = stack.addresses()["api_url"]
    with httpx.Client(base_url=base, follow_redirects=True) as browser:
        door = browser.get("/")
        csrf = door.text.split('name="csrf" value="')[1].split('"')[0]
        form = {"csrf": csrf, "role": "everything", "name": "Ada"}
        first = browser.post("/console/sign-in", data=form)
        member = browser.get("/console/members?q=guest-1")
        operations = browser.get("/console/operations")

    assert "Orders by day" in first.text
    assert "earned" in member.text
    assert "wrong-magic" in operations.text


def test_a_real_year_comes_out_as_worked_out_independently(stack: Stack) -> None:
    """Every household: points, expired, balance, tier, in Redis and in ClickHouse."""
    stack.run_job("replay-retail")
    wait_until_idle(stack)
    stack.run_job("send-ticks", "--at", midnight_after(WEEKS))
    wait_until_idle(stack)
    expected = {row.member_id: row for row in independent_totals()}

    assert len(expected) == 2_469
    assert _in_clickhouse(stack) == {
        name: (row.orders, row.earned, row.expired, row.balance)
        for name, row in expected.items()
    }
    assert asyncio.run(_in_redis(stack, list(expected))) == {
        name: (row.balance, row.tier) for name, row in expected.items()
    }


def _in_clickhouse(stack: Stack) -> dict[str, tuple[int, int, int, int]]:
    client = connect(stack.addresses()["clickhouse_url"], "regulars")
    rows = client.query(
        "SELECT member_id, any(orders.count), sumIf(points, kind = 'EARN'), "
        "-sumIf(points, kind = 'EXPIRE'), sum(points) "
        "FROM (SELECT * FROM ledger WHERE wallet = 'points') AS ledger RIGHT JOIN (SELECT member_id, count() AS count FROM orders "
        "WHERE startsWith(member_id, 'household-') GROUP BY member_id) AS orders "
        "USING member_id GROUP BY member_id"
    ).result_rows
    client.close()
    return {row[0]: tuple(int(value) for value in row[1:]) for row in rows}


async def _in_redis(stack: Stack, members: list[str]) -> dict[str, tuple[int, str]]:
    views = RedisMemberViews(stack.addresses()["redis_url"], "regulars")
    found = {}
    for member_id in members:
        stored = await views.get(member_id)
        assert stored is not None, member_id
        view = decode_view(stored.document)
        found[member_id] = (view.balance, view.tier)
    await views.close()
    return found
