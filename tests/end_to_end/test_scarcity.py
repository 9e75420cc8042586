"""Real brokers, two engines, kill -9: a budget and a stock are given whole, once."""

import json
import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from confluent_kafka import Producer

from local.stack import Stack
from loyalty.budget_books import Lease
from loyalty.events import Command, Tick
from loyalty.limits import DAY_MS
from loyalty.member import Member, balance_of
from runtime.settings import Settings
from schemas.accounts import KEY_PREFIX
from schemas.command_results import answer_of
from schemas.events import EventCodec
from schemas.state import CHECKPOINT_KEY, StateCodec
from schemas.topics import (
    CLOCK,
    COMMANDS,
    DEAD_LETTERS,
    MEMBER_UPDATES,
    ORDERS,
    members_changelog,
)
from schemas.update_reader import UpdateReader
from schemas.updates import Change
from tests.builders import NOON, an_order
from tests.end_to_end.engines import Worker, workers
from tests.end_to_end.oracle import dump
from tests.end_to_end.settled import a_producer
from tests.simulation.stock_world import units_of

READER = UpdateReader()

PROGRAM = Path(__file__).parent / "scarce.yaml"
POINTS, MUGS, COST, PURSE = 1_000, 90, 10, 100
PARTITIONS, MEMBERS, KILLS = 8, 300, 3
HOUR_MS = 3_600_000
CODEC, STATES = EventCodec(), StateCodec()


class Kept(NamedTuple):
    """What the topics hold in the end."""

    changes: list[tuple[str, Change]]
    members: dict[str, Member]
    leases: list[Lease]


@pytest.fixture(scope="module")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A broker with all topics, for engines that run the scarce program."""
    stack = Stack(tmp_path_factory.mktemp("scarcity"))
    known = os.environ.get("REGULARS_PROGRAM_FILE")
    os.environ["REGULARS_PROGRAM_FILE"] = str(PROGRAM)
    try:
        stack.start("kafka")
        stack.run_job("create-topics")
        yield stack
    finally:
        stack.stop()
        os.environ.pop("REGULARS_PROGRAM_FILE")
        if known is not None:
            os.environ["REGULARS_PROGRAM_FILE"] = known


def say(producer: Producer, name: str, member_id: str, kind: str, **what: Any) -> None:
    """Send a command, now and then twice."""
    at = NOON + what.pop("after_ms", 0)
    command = Command(name, member_id, kind, at, "desk", what)
    value = CODEC.encode_command(command)
    for _ in range(2 if hash_of(name) % 9 == 0 else 1):
        producer.produce(COMMANDS.name, value, member_id.encode())


def hash_of(name: str) -> int:
    """A number that a name always gives."""
    return sum(name.encode())


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


def tick(producer: Producer, at: int) -> None:
    """Let a time come to all partitions."""
    for partition in range(PARTITIONS):
        value = CODEC.encode_tick(Tick(at))
        producer.produce(CLOCK.name, value, partition=partition)
    assert producer.flush(30) == 0


def kill_in_turn(running: list[Worker], kill: int, chance: random.Random) -> None:
    """Kill one of the engines in the middle of its work, and start it again."""
    time.sleep(chance.uniform(0.1, 0.7))
    running[kill % 2].kill()
    running[kill % 2].start()
    time.sleep(1)


def wait(stack: Stack) -> None:
    """Wait until all that was sent, and all that came of it, is applied."""
    stack.run_job("wait-until-idle", "--group", "engine", "--seconds", "90")


def read(stack: Stack) -> Kept:
    """Everything that the engines have said."""
    servers = stack.addresses()["bootstrap_servers"]
    kept = Kept([], {}, [])
    for message in dump(servers, MEMBER_UPDATES.name):
        update = READER.read(message.value())
        kept.changes.extend((update.member_id, one) for one in update.changes)
    accounts = {}
    for message in dump(servers, members_changelog(Settings().app_id).name):
        key, value = message.key(), message.value()
        if key[:1] != KEY_PREFIX:
            kept.members[key.decode()] = STATES.decode_member(value)
        elif key != CHECKPOINT_KEY:
            account_id, account = STATES.accounts.decode(value)
            accounts[account_id] = account
    kept.leases.extend(one for one in accounts.values() if isinstance(one, Lease))
    return kept


def answers(kept: Kept) -> dict[str, Any]:
    """What each command came to; a second answer would be a fault."""
    found: dict[str, Any] = {}
    for member_id, change in kept.changes:
        answer = answer_of(member_id, change)
        if answer is not None:
            assert answer[0] not in found, "answered twice"
            found[answer[0]] = json.loads(answer[1])
    return found


def units(kept: Kept, budget_id: str) -> tuple[int, int]:
    """Units of a budget that leases have spent, and that they still hold."""
    books = [
        book
        for lease in kept.leases
        if lease.budget_id == budget_id
        for book in lease.books
    ]
    return sum(b.spent for b in books), sum(b.held for b in books)


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
