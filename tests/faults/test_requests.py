"""D, A8, E13: who asks while things break gets one effect or a definite answer."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import psutil
import pytest

from jobs.traffic import traffic
from local.parts import part_named
from local.stack import Stack
from stores.clickhouse import connect
from tests.end_to_end.settled import send, wait_until_idle
from tests.end_to_end.signing import signed_by
from tests.faults.broker import supervised, up_again
from tests.faults.loads import DRAIN_SECONDS_MAX, SHARE, a_load, times
from tests.faults.test_day_two import reconciled
from tests.faults.tills import SETTLED_SECONDS_MAX, Till

LONG = 3_600
FILLED = 100_000
CLIENTS = 4
MEBIBYTE = 1_048_576
WORKERS = ("worker", "redis-sink", "clickhouse-sink")


@pytest.fixture(scope="module")
def tills(stack: Stack) -> Iterator[list[Till]]:
    """Clients whose members have points, and no others use them."""
    url, headers = stack.addresses()["api_url"], signed_by(stack)
    with httpx.Client(base_url=url, headers=headers, timeout=20) as http:
        made = [Till(http, f"till-{number}") for number in range(CLIENTS)]
        for till in made:
            till.fill(FILLED)
        yield made


def burnt(stack: Stack, member_id: str) -> int:
    """Redemptions of a member in the ledger of ClickHouse."""
    client = connect(stack.addresses()["clickhouse_url"], "regulars")
    rows = client.query(
        "SELECT count(), uniqExact(entry_id) FROM ledger"
        " WHERE kind = 'BURN' AND member_id = {member:String}",
        parameters={"member": member_id},
    ).result_rows
    client.close()
    assert rows[0][0] == rows[0][1]
    return int(rows[0][0])


def check_the_books(stack: Stack, tills: list[Till]) -> None:
    """What was spent is what the ledger has, and the four stores are of one mind."""
    wait_until_idle(stack, DRAIN_SECONDS_MAX)
    for till in tills:
        spent = FILLED - till.read().json()["balance"]
        assert spent == burnt(stack, till.member_id), till.member_id
    assert reconciled(stack)["difference_count"] == 0
    assert stack.run_job("verify").count(" equal\n") == 8


@pytest.mark.timeout(LONG)
def test_d5_who_redeems_and_reads_at_once_sees_what_was_done(
    stack: Stack, tills: list[Till]
) -> None:
    till = tills[0]
    seen, balance = 0, till.read().json()["balance"]
    for number in range(times(1_000)):
        answer, _ = till.redeem_for_sure(f"d5-{number}")
        member = till.read().json()

        assert answer.status_code == 200, answer.text
        assert member["version"] >= answer.json()["version"] > seen
        balance -= 1
        assert member["balance"] == answer.json()["result"]["balance"] == balance
        seen = member["version"]
    check_the_books(stack, tills)


def restart_the_broker(stack: Stack, *, kill: bool) -> None:
    if kill:
        stack.kill("kafka")
    else:
        stack.terminate("kafka", timeout_seconds=60)
    time.sleep(2)
    stack.start("kafka")
    up_again(stack)


def take_redis_away(stack: Stack) -> None:
    stack.pause("valkey")
    time.sleep(max(30 * SHARE, 10))
    stack.resume("valkey")


def kill_redis(stack: Stack) -> None:
    stack.kill("valkey")
    time.sleep(3)
    stack.start("valkey")


def stall_the_worker(stack: Stack) -> None:
    stack.pause("worker")
    time.sleep(15)
    stack.resume("worker")
    time.sleep(3)
    up_again(stack)


OUTAGES: dict[str, Callable[[Stack], None]] = {
    "A6-a-stall": stall_the_worker,
    "A7-a-restart-of-the-broker": lambda stack: restart_the_broker(stack, kill=False),
    "A7-a-kill-of-the-broker": lambda stack: restart_the_broker(stack, kill=True),
    "B1-redis-away": take_redis_away,
    "B1-redis-killed": kill_redis,
}


@pytest.mark.timeout(LONG)
@pytest.mark.parametrize("outage", OUTAGES.values(), ids=OUTAGES.keys())
def test_d6_a_command_sent_while_something_is_away_has_one_effect(
    stack: Stack,
    tills: list[Till],
    outage: Callable[[Stack], None],
    request: pytest.FixtureRequest,
) -> None:
    before = {till: till.read().json()["balance"] for till in tills}
    is_over = threading.Event()

    def spend(till: Till) -> list[tuple[httpx.Response, int]]:
        answers = []
        while not is_over.is_set() and len(answers) < 2_000:
            key = f"{request.node.callspec.id}-{len(answers)}"
            answers.append(till.redeem_for_sure(f"{key}-{till.member_id}"))
        return answers

    with ThreadPoolExecutor(CLIENTS) as pool:
        spending = {till: pool.submit(spend, till) for till in tills}
        time.sleep(1)
        try:
            outage(stack)
        finally:
            is_over.set()
        with supervised(stack):
            answers = {
                till: future.result(2 * SETTLED_SECONDS_MAX)
                for till, future in spending.items()
            }

    wait_until_idle(stack, DRAIN_SECONDS_MAX)
    for till, answered in answers.items():
        assert {answer.status_code for answer, _ in answered} == {200}
        assert before[till] - till.read().json()["balance"] == len(answered)
    # Some were asked more than once: else nothing was away.
    assert any(asked > 1 for some in answers.values() for _, asked in some)
    check_the_books(stack, tills)


def memory_of(stack: Stack) -> dict[str, int]:
    """Resident bytes of each worker that runs."""
    pids = stack.pids()
    return {
        name: psutil.Process(pids[name]).memory_info().rss
        for name in WORKERS
        if stack.is_running(name)
    }


@pytest.mark.timeout(LONG)
def test_a8_while_the_broker_is_away_reads_answer_and_commands_come_later(
    stack: Stack, tills: list[Till]
) -> None:
    till = tills[0]
    balance = till.read().json()["balance"]
    send(stack, traffic(a_load(5_000)))
    time.sleep(2)
    before = memory_of(stack)
    stack.terminate("kafka", timeout_seconds=60)
    ends_at = time.monotonic() + max(120 * SHARE, 30)
    reads, asked, number = [], [], 0
    while time.monotonic() < ends_at:
        reads.append(till.read().status_code)
        asked.append((f"a8-{number}", till.redeem(f"a8-{number}")))
        number += 1
        time.sleep(0.5)
    grown = {
        name: size - before[name]
        for name, size in memory_of(stack).items()
        if name in before
    }
    stack.start("kafka")
    up_again(stack)
    with supervised(stack):
        settled = [till.redeem_for_sure(key)[0].status_code for key, _ in asked]

    assert set(reads) == {200}
    for _, answer in asked:
        assert answer.status_code in (202, 503), answer.text
        if answer.status_code == 503:
            assert int(answer.headers["retry-after"]) > 0
            assert answer.headers["content-type"] == "application/problem+json"
    assert max(grown.values(), default=0) < 100 * MEBIBYTE, grown
    assert set(settled) == {200}
    wait_until_idle(stack, DRAIN_SECONDS_MAX)
    assert balance - till.read().json()["balance"] == len(asked)
    check_the_books(stack, tills)


def listening(pid: int) -> set[tuple[str, int]]:
    """Addresses and ports at which a process, or a child of it, takes connections."""
    process = psutil.Process(pid)
    return {
        (connection.laddr.ip, connection.laddr.port)
        for one in (process, *process.children(recursive=True))
        for connection in one.net_connections("tcp")
        if connection.status == psutil.CONN_LISTEN
    }


@pytest.mark.timeout(1_200)
def test_e13_nobody_listens_but_where_it_is_written(stack: Stack) -> None:
    """Every part at its own ports, on this machine's own address, no table of Faust."""
    running = {n: pid for n, pid in stack.pids().items() if stack.is_running(n)}
    assert running.keys() >= {"kafka", "valkey", "clickhouse", "api", *WORKERS}
    for name, pid in running.items():
        found = listening(pid)
        known = {stack.port(name, port) for port in part_named(name).ports}
        assert {port for _, port in found} == known, name
        assert {address.removeprefix("::ffff:") for address, _ in found} <= {
            "127.0.0.1"
        }, name
    for name in WORKERS:
        metrics = f"http://127.0.0.1:{stack.port(name, 'metrics')}"
        for path in ("/table", "/table/members", "/router", "/graph", "/stats", "/"):
            assert httpx.get(f"{metrics}{path}").status_code == 404, (name, path)
