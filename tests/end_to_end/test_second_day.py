"""In short what operators do; tests/faults/test_day_two.py is the long of it."""

import json
import os
from pathlib import Path

import pytest
import redis

from jobs.traffic import TrafficPlan, traffic
from local.stack import Stack
from schemas.topics import ORDERS
from tests.end_to_end.settled import a_producer, send, wait_until_idle


@pytest.mark.timeout(300)
def test_a_day_of_an_operator(stack: Stack, tmp_path: Path) -> None:
    """A dead letter is sent again, Redis is lost and rebuilt, all is compared and kept."""
    send(stack, traffic(TrafficPlan(orders=600, members=150, seed=1)))
    producer = a_producer(stack)
    producer.produce(ORDERS.name, os.urandom(40), b"guest-1")
    assert producer.flush(30) == 0
    wait_until_idle(stack)
    by = ("--author", "olga", "--why", "a drill")

    redriven = stack.run_job("dead-letters", "redrive", "--topic", "orders", *by)
    store = redis.Redis.from_url(stack.addresses()["redis_url"])
    store.flushall()
    stack.run_job("rebuild-redis")
    wait_until_idle(stack)
    found = json.loads(stack.run_job("reconcile", "--json"))
    stack.run_job("backup", "--into", str(tmp_path / "backup"))
    letters = stack.run_job("dead-letters", "count")

    assert redriven == "1 redriven\n"
    assert letters.startswith("         1  open")
    assert found["difference_count"] == 0
    assert sum(one["members"] for one in found["partitions"]) > 100
    manifest = json.loads((tmp_path / "backup" / "manifest.json").read_text())
    assert manifest["clickhouse_rows"]["ledger_rows"] > 100
