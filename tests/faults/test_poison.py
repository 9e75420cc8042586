"""C: bad and odd events, in numbers; the good ones do not notice."""

import random
from itertools import islice

import psutil
import pytest

from jobs.generate_traffic import encoded
from jobs.traffic import START_MS, traffic
from local.stack import Stack
from loyalty.events import OrderEvent, OrderLine, Tick
from loyalty.limits import DAY_MS
from schemas.events import EventCodec
from schemas.topics import CLOCK, DEAD_LETTERS, ORDERS
from tests.builders import an_order
from tests.end_to_end.oracle import dump, read_effects
from tests.end_to_end.settled import (
    a_producer,
    check_all_equal_the_fold,
    send,
    wait_until_idle,
)
from tests.faults.loads import DRAIN_SECONDS_MAX, a_load, times

LONG = 3_600
CODEC = EventCodec()
PARTITIONS = 8
WIDE = "\N{GRINNING FACE}" * 120


@pytest.mark.timeout(LONG)
def test_c7_one_order_a_thousand_times_is_one_credit(stack: Stack) -> None:
    order = an_order(
        "again", member_id="c7", occurred_at=START_MS, subtotal_minor=1_000
    )
    other = order._replace(event_id="other", total_minor=9_999, subtotal_minor=9_999)
    producer = a_producer(stack)
    for number in range(1_000):
        producer.produce(ORDERS.name, CODEC.encode_order(order), b"c7")
        if number < PARTITIONS:
            key = f"somebody-{number}".encode()
            producer.produce(
                ORDERS.name, CODEC.encode_order(order), key, partition=number
            )
    producer.produce(ORDERS.name, CODEC.encode_order(other), b"c7")
    assert producer.flush(60) == 0
    wait_until_idle(stack, DRAIN_SECONDS_MAX)

    fold, seen = check_all_equal_the_fold(stack)

    reasons = [letter.reason for letter in seen.letters]
    assert fold.members["c7"].version == 1
    assert reasons.count("key-mismatch") == PARTITIONS
    assert reasons.count("order-conflict") == 1


@pytest.mark.timeout(LONG)
def test_c13_a_record_that_asks_for_a_reply_gets_none(stack: Stack) -> None:
    producer = a_producer(stack)
    before = len(list(dump(stack.addresses()["bootstrap_servers"], DEAD_LETTERS.name)))
    order = an_order("reply", member_id="c13", occurred_at=START_MS)
    producer.produce(
        ORDERS.name,
        CODEC.encode_order(order),
        b"c13",
        headers={"Faust-Ag-ReplyTo": DEAD_LETTERS.name.encode()},
    )
    assert producer.flush(30) == 0
    wait_until_idle(stack, DRAIN_SECONDS_MAX)

    after = len(list(dump(stack.addresses()["bootstrap_servers"], DEAD_LETTERS.name)))
    assert after == before
    check_all_equal_the_fold(stack)


def worker_seconds(stack: Stack) -> float:
    """Processor time of the engine so far: others on the machine are not in it."""
    times_so_far = psutil.Process(stack.pids()["worker"]).cpu_times()
    return float(times_so_far.user + times_so_far.system)


@pytest.mark.timeout(LONG)
def test_c12_a_tenth_of_poison_is_buried_exactly_and_slows_nobody(stack: Stack) -> None:
    chance = random.Random(12)
    idle = worker_seconds(stack)
    send(stack, traffic(a_load(20_000)))
    wait_until_idle(stack, DRAIN_SECONDS_MAX)
    clean = worker_seconds(stack) - idle
    producer, poison = a_producer(stack), 0
    began = worker_seconds(stack)
    records = traffic(a_load(20_000))
    while some := list(islice(records, 9)):
        for topic, key, event in some:
            producer.produce(topic, encoded(CODEC, event), key)
        producer.produce(ORDERS.name, chance.randbytes(80), b"poison")
        poison += 1
        producer.poll(0)
    assert producer.flush(60) == 0
    wait_until_idle(stack, DRAIN_SECONDS_MAX)
    seconds = worker_seconds(stack) - began

    _, seen = check_all_equal_the_fold(stack)

    assert sum(letter.key == b"poison" for letter in seen.letters) == poison
    assert seconds < 2 * clean + 5


# Last: ticks let points expire, which the fold of orders alone does not.
@pytest.mark.timeout(LONG)
def test_c10_a_clock_that_jumps_changes_no_decision(stack: Stack) -> None:
    producer = a_producer(stack)
    now = START_MS + 400 * DAY_MS
    for jump in (0, 3, -30, 2, -365, 4)[: max(times(6), 3)]:
        tick = CODEC.encode_tick(Tick(now + jump * DAY_MS))
        for partition in range(PARTITIONS):
            producer.produce(CLOCK.name, tick, partition=partition)
        assert producer.flush(30) == 0
        send(stack, traffic(a_load(500)))
        wait_until_idle(stack, DRAIN_SECONDS_MAX)

    assert stack.run_job("verify").count(" equal\n") == PARTITIONS


def a_broad_order(number: int) -> OrderEvent:
    """Sound, and as much to remember as one order can be: ids of four-byte letters."""
    line = OrderLine("", WIDE, "COFFEE", (), 1, 500, 0, 0, "ITEM")
    lines = tuple(line._replace(line_id=f"{n}{WIDE}") for n in range(50))
    order = an_order(
        f"{number}{WIDE}",
        member_id="c3",
        occurred_at=START_MS + number,
        event_id=f"c3-{number}",
    )
    return order._replace(lines=lines, subtotal_minor=25_000, total_minor=25_000)


# After it no fold of orders alone knows what was refused; `verify` does.
@pytest.mark.timeout(LONG)
def test_c3_what_no_record_can_hold_is_buried_and_the_rest_goes_on(
    stack: Stack,
) -> None:
    labels = tuple(f"{n}{'l' * 100}" for n in range(8))
    lines = tuple(
        OrderLine(str(n), "s", "COFFEE", labels, 1, 1, 0, 0, "ITEM")
        for n in range(1_000)
    )
    long = an_order("long", member_id="c3-long", occurred_at=START_MS, lines=lines)
    value = CODEC.encode_order(long)
    producer = a_producer(stack)
    producer.produce(ORDERS.name, value, b"c3-long")
    for number in range(128):
        producer.produce(ORDERS.name, CODEC.encode_order(a_broad_order(number)), b"c3")
    after = an_order("after", member_id="c3-after", occurred_at=START_MS)
    producer.produce(ORDERS.name, CODEC.encode_order(after), b"c3-after")
    assert producer.flush(60) == 0
    wait_until_idle(stack, DRAIN_SECONDS_MAX)

    seen = read_effects(stack.addresses()["bootstrap_servers"])

    assert len(value) > 800_000
    refused = [letter for letter in seen.letters if letter.key == b"c3"]
    assert {letter.reason for letter in refused} == {"member-too-large"}
    assert len(seen.changes["c3"]) + len(refused) == 128
    assert len(seen.changes["c3-long"]) == len(seen.changes["c3-after"]) == 1
    assert stack.is_running("worker")
    assert stack.run_job("verify").count(" equal\n") == PARTITIONS
