"""Sending, waiting and comparing, as every end-to-end test does it."""

import asyncio
import re
import time
from collections.abc import Iterable
from math import inf

from confluent_kafka import Producer

from jobs.generate_traffic import encoded
from jobs.traffic import TrafficRecord
from local.stack import JobFailed, Stack
from schemas.events import EventCodec
from schemas.partitioner import PARTITIONER
from stores.clickhouse import connect
from stores.member_views import RedisMemberViews
from stores.programs import load_program
from tests.end_to_end.conftest import PROGRAM_FILE
from tests.end_to_end.oracle import (
    Fold,
    Seen,
    check_effects,
    fold_hash,
    fold_orders,
    ledger_hash,
    read_effects,
)

# How the job says who is behind, and by how many records.
BEHIND = re.compile(r"([\w-]+) by (\d+)")


def a_producer(stack: Stack) -> Producer:
    """Producer with the engine's partitioner."""
    return Producer(
        {
            "bootstrap.servers": stack.addresses()["bootstrap_servers"],
            "partitioner": PARTITIONER,
            "linger.ms": 20,
            "compression.type": "lz4",
            "queue.buffering.max.messages": 1_000_000,
        }
    )


def send(stack: Stack, records: Iterable[TrafficRecord]) -> int:
    """Send records and wait until the broker has them; return how many."""
    producer, codec = a_producer(stack), EventCodec()
    count = 0
    for topic, key, event in records:
        producer.produce(topic, encoded(codec, event), key)
        count += 1
        if count % 1_000 == 0:
            producer.poll(0)
    assert producer.flush(60) == 0
    return count


def wait_until_idle(stack: Stack, seconds: float = 240.0) -> float:
    """
    Wait until engine and sinks have applied all that was sent; return how long.

    However slow the machine is: as long as in each `seconds` somebody gets on.
    """
    started = time.monotonic()
    before: dict[str, int] = {}
    while True:
        try:
            stack.run_job("wait-until-idle", "--seconds", str(seconds))
        except JobFailed as late:
            behind = {group: int(lag) for group, lag in BEHIND.findall(str(late))}
            if not any(behind[one] < before.get(one, inf) for one in behind):
                raise
            before = behind
        else:
            return time.monotonic() - started


def check_all_equal_the_fold(stack: Stack) -> tuple[Fold, Seen]:
    """Kafka, Redis and ClickHouse say what the fold says, for every member."""
    servers = stack.addresses()["bootstrap_servers"]
    fold = fold_orders(servers, load_program(PROGRAM_FILE))
    seen = read_effects(servers)
    check_effects(fold, seen)
    asyncio.run(_check_redis(stack, fold, seen))
    _check_clickhouse(stack, fold)
    return fold, seen


async def _check_redis(stack: Stack, fold: Fold, seen: Seen) -> None:
    views = RedisMemberViews(stack.addresses()["redis_url"], "regulars")
    for member_id, member in fold.members.items():
        stored = await views.get(member_id)
        assert stored is not None, member_id
        assert stored.version == member.version, member_id
        assert stored.document == seen.views[member_id], member_id
    await views.close()


def _check_clickhouse(stack: Stack, fold: Fold) -> None:
    client = connect(stack.addresses()["clickhouse_url"], "regulars")
    rows = client.query(
        "SELECT entry_id, kind, points, balance_after FROM ledger"
    ).result_rows
    assert ledger_hash(iter([tuple(row) for row in rows])) == fold_hash(fold)
    members = dict(client.query("SELECT member_id, version FROM members").result_rows)
    assert members == {name: member.version for name, member in fold.members.items()}
    client.close()
