"""What keeps arriving while a backup is taken, and whether a stack is of one mind."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import httpx
import redis

from jobs.traffic import TrafficPlan, traffic
from local.stack import Stack
from stores.clickhouse import connect
from tests.end_to_end.settled import send
from tests.end_to_end.signing import signed_by
from tests.faults.tills import Till

MEMBER = "comes-all-the-time"
FILLED = 100_000
PLAY_ORDERS = 100
HOUR_MS = 3_600_000


@contextmanager
def till_of(stack: Stack) -> Iterator[Till]:
    """A client of a stack's API, with the member who redeems."""
    url, headers = stack.addresses()["api_url"], signed_by(stack)
    with httpx.Client(base_url=url, headers=headers, timeout=20) as http:
        yield Till(http, MEMBER)


@contextmanager
def arriving(stack: Stack, start_ms: int) -> Iterator[list[str]]:
    """Let orders and redemptions arrive all the while; gives the keys of the latter."""
    keys: list[str] = []
    over = Event()

    def arrive() -> None:
        with till_of(stack) as till:
            while not over.is_set():
                number = len(keys)
                start = start_ms + number * HOUR_MS // 10
                send(stack, traffic(_a_short_play(number, start)))
                keys.append(f"arrives-{number}")
                answer, _ = till.redeem_for_sure(keys[-1])
                assert answer.status_code == 200, answer.text

    with till_of(stack) as till:
        till.fill(FILLED)
    with ThreadPoolExecutor(1) as threads:
        arrivals = threads.submit(arrive)
        try:
            yield keys
        finally:
            over.set()
        arrivals.result()


def _a_short_play(number: int, start_ms: int) -> TrafficPlan:
    return TrafficPlan(
        orders=PLAY_ORDERS, members=300, seed=10_000 + number, start_ms=start_ms
    )


def burnt(stack: Stack) -> int:
    """Points that the member used, as the ledger of ClickHouse has it."""
    client = connect(stack.addresses()["clickhouse_url"], "regulars")
    ((points,),) = client.query(
        "SELECT sum(-points) FROM ledger WHERE kind = 'BURN' "
        "AND member_id = {member:String}",
        parameters={"member": MEMBER},
    ).result_rows
    client.close()
    return int(points)


def orders_of_nobody(stack: Stack) -> set[str]:
    """Orders in ClickHouse that no decision tells of."""
    client = connect(stack.addresses()["clickhouse_url"], "regulars")
    rows = client.query(
        "SELECT order_id FROM orders WHERE order_id NOT IN "
        "(SELECT order_id FROM decisions)"
    ).result_rows
    client.close()
    return {name for (name,) in rows}


def answers_of_nobody(stack: Stack) -> set[str]:
    """Answers in Redis that are not what was decided under the version they name."""
    store = redis.Redis.from_url(stack.addresses()["redis_url"])
    told = set()
    for key in store.scan_iter("regulars:result:*"):
        document = store.get(key)
        assert isinstance(document, bytes)
        answer = json.loads(document)
        refusal = answer["refusal"] or ""
        told.add(
            (answer["command_id"], answer["member_id"], answer["version"], refusal)
        )
    client = connect(stack.addresses()["clickhouse_url"], "regulars")
    rows = client.query(
        "SELECT event_id, member_id, version, refusal FROM decisions "
        "WHERE topic = 'commands'"
    ).result_rows
    client.close()
    return {one[0] for one in told - {tuple(row) for row in rows}}


def plant(stack: Stack) -> None:
    """Put an entry, an order and an answer into the stores that nobody decided."""
    client = connect(stack.addresses()["clickhouse_url"], "regulars")
    client.command(
        "INSERT INTO ledger_rows (member_id, version, number, wallet, kind, points) "
        f"VALUES ('{MEMBER}', 888888, 0, 'points', 'EARN', 5)"
    )
    client.command(
        "INSERT INTO order_rows (member_id, order_id, kind) "
        f"VALUES ('{MEMBER}', 'planted', 'PLACED')"
    )
    client.close()
    answer = {"command_id": "planted", "member_id": MEMBER, "version": 888_888}
    store = redis.Redis.from_url(stack.addresses()["redis_url"])
    store.set("regulars:result:planted", json.dumps(answer | {"refusal": ""}))
