"""B: Redis and ClickHouse, full, killed, away; afterwards all is as the fold."""

import random
import time

import pytest
import redis

from jobs.traffic import traffic
from local.stack import JobFailed, Stack
from stores.clickhouse import CALL_TIMEOUT_SECONDS
from tests.end_to_end.settled import check_all_equal_the_fold, send, wait_until_idle
from tests.faults.loads import DRAIN_SECONDS_MAX, a_load, times

LONG = 3_600


@pytest.mark.timeout(LONG)
def test_b2_a_redis_that_is_full_is_waited_for(stack: Stack) -> None:
    send(stack, traffic(a_load(2_000)))
    wait_until_idle(stack, DRAIN_SECONDS_MAX)
    store = redis.Redis.from_url(stack.addresses()["redis_url"])
    store.config_set("maxmemory-policy", "noeviction")
    store.config_set("maxmemory", "1mb")
    send(stack, traffic(a_load(20_000)))

    stack.run_job("wait-until-idle", "--group", "engine", "--seconds", "120")
    with pytest.raises(JobFailed, match="redis-sink"):
        stack.run_job("wait-until-idle", "--group", "redis-sink", "--seconds", "5")
    is_running = stack.is_running("redis-sink")
    store.config_set("maxmemory", "0")
    wait_until_idle(stack, DRAIN_SECONDS_MAX)

    assert is_running
    check_all_equal_the_fold(stack)


@pytest.mark.timeout(LONG)
def test_b6_a_clickhouse_that_is_killed_while_it_takes_rows_has_each_once(
    stack: Stack,
) -> None:
    chance = random.Random(6)
    for _ in range(times(20)):
        send(stack, traffic(a_load(2_000)))
        time.sleep(chance.uniform(0.1, 1.0))
        stack.kill("clickhouse")
        stack.start("clickhouse")
    wait_until_idle(stack, DRAIN_SECONDS_MAX)

    check_all_equal_the_fold(stack)
    assert stack.is_running("clickhouse-sink")


@pytest.mark.timeout(LONG)
def test_b6_an_insert_of_which_nobody_knows_the_end_counts_once(stack: Stack) -> None:
    """ClickHouse is stopped in the middle for longer than its client waits."""
    for _ in range(times(20)):
        send(stack, traffic(a_load(2_000)))
        stack.pause("clickhouse")
        time.sleep(CALL_TIMEOUT_SECONDS + 10)
        stack.resume("clickhouse")
        time.sleep(2)
    wait_until_idle(stack, DRAIN_SECONDS_MAX)

    check_all_equal_the_fold(stack)
    assert stack.is_running("clickhouse-sink")
