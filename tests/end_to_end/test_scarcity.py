"""Real brokers, two engines, kill -9: a budget and a stock are given whole, once."""

import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from confluent_kafka import Producer

from local.stack import Stack
from loyalty.limits import DAY_MS
from loyalty.member import balance_of
from schemas.topics import DEAD_LETTERS, ORDERS
from tests.builders import NOON, an_order
from tests.end_to_end.engines import workers
from tests.end_to_end.oracle import dump
from tests.end_to_end.scarcity import (
    CODEC,
    Kept,
    a_broker,
    answers,
    kill_in_turn,
    read,
    say,
    tick,
    units,
    wait,
)
from tests.end_to_end.settled import a_producer
from tests.simulation.stock_world import units_of

PROGRAM = Path(__file__).parent / "scarce.yaml"
POINTS, MUGS, COST, PURSE = 1_000, 90, 10, 100
MEMBERS, KILLS = 300, 3
HOUR_MS = 3_600_000


@pytest.fixture(scope="module")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A broker for engines that run the scarce program."""
    with a_broker(tmp_path_factory.mktemp("scarcity"), PROGRAM) as stack:
        yield stack


def wants(producer: Producer, numbers: range) -> None:
    """Members who order, and want a mug: every third reserves it."""
    for number in numbers:
        member_id = f"member-{number}"
        say(producer, f"purse-{number}", member_id, "points.adjust", points=PURSE)
        order = an_order(f"order-{number}", member_id=member_id, occurred_at=NOON)
        value = CODEC.encode_order(order)
        producer.produce(ORDERS.name, value, member_id.encode())
        kind = "points.redeem" if number % 3 else "points.reserve"
        say(producer, f"mug-{number}", member_id, kind, reward_id="mug")
    assert producer.flush(30) == 0


def check_mugs(kept: Kept) -> None:
    """Members have paid for the mugs that they have; no more mugs than there are."""
    earned: Counter[str] = Counter()
    for member_id, change in kept.changes:
        for entry in change.entries:
            earned[member_id] += entry.points * (entry.kind == "EARN")
    mugs = 0
    for name, member in kept.members.items():
        assert balance_of(member.lots) == PURSE + earned[name] - COST * units_of(member)
        assert not any(hold.waits for hold in member.state.holds)
        mugs += units_of(member)
    assert mugs == MUGS
    assert units(kept, "stock/mug") == (MUGS, 0)


@pytest.mark.timeout(300)
def test_a_budget_and_a_stock_are_given_whole_and_no_unit_twice(kafka: Stack) -> None:
    chance, producer = random.Random(3), a_producer(kafka)
    with workers(kafka, 2) as running:
        time.sleep(4)
        for kill in range(KILLS):
            part = MEMBERS // KILLS
            wants(producer, range(kill * part, (kill + 1) * part))
            kill_in_turn(running, kill, chance)
        wait(kafka)
        first = read(kafka)
        # All reservations end, and their mugs are there for those who come next.
        tick(producer, NOON + HOUR_MS)
        wait(kafka)
        ended = read(kafka)
        for number in range(MEMBERS):
            say(
                producer,
                f"again-{number}",
                f"member-{number}",
                "points.redeem",
                reward_id="mug",
                after_ms=2 * HOUR_MS,
            )
        assert producer.flush(30) == 0
        kill_in_turn(running, KILLS, chance)
        wait(kafka)
        tick(producer, NOON + 2 * DAY_MS)
        wait(kafka)
        kept = read(kafka)
        kafka.run_job("verify")

    check_mugs(first)
    reserved = sum(len(one.state.holds) for one in first.members.values())
    assert reserved > 0
    assert units(ended, "stock/mug")[0] == MUGS - reserved
    check_mugs(kept)
    assert not any(one.state.holds for one in kept.members.values())
    assert units(kept, "launch") == (POINTS, 0)
    entries = [entry for _, change in kept.changes for entry in change.entries]
    assert sum(e.points for e in entries if e.kind == "EARN") == POINTS
    assert len({entry.entry_id for entry in entries}) == len(entries)
    found = answers(kept)
    asked = {f"{kind}-{n}" for kind in ("mug", "again") for n in range(MEMBERS)}
    assert found.keys() >= asked
    told = Counter(found[name]["refusal"] for name in asked)
    assert told == {"": MUGS + reserved, "out-of-stock": 2 * MEMBERS - MUGS - reserved}
    servers = kafka.addresses()["bootstrap_servers"]
    assert list(dump(servers, DEAD_LETTERS.name)) == []
