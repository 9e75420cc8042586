"""Real brokers, real kill -9: what members send one another arrives exactly once."""

import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from confluent_kafka import Producer

from jobs.verify import Verifier
from local.stack import JobFailed, Stack
from loyalty.accounts import is_account, partition_in
from loyalty.budgets import GRANTED
from loyalty.events import Command, Tick
from runtime.settings import Settings
from schemas.events import EventCodec
from schemas.partitioner import partition_of
from schemas.topics import CLOCK, COMMANDS, DEAD_LETTERS, MEMBER_UPDATES
from schemas.updates import Change, UpdateCodec
from streams.watermarks import Watermarks
from tests.builders import DAY, NOON
from tests.end_to_end.effects_worker import TOTAL
from tests.end_to_end.engines import workers
from tests.end_to_end.oracle import dump
from tests.end_to_end.settled import a_producer
from tests.simulation.budget_world import CLAIM, SEND, sent_by
from tests.simulation.test_effects import rules

CODEC = EventCodec()
PARTITIONS = 8
KILLS = 5
EFFECTS = ("tests.end_to_end.effects_worker",)


@pytest.fixture(scope="module")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A broker with all topics, and nobody who reads them."""
    stack = Stack(tmp_path_factory.mktemp("outbox"))
    try:
        stack.start("kafka")
        stack.run_job("create-topics")
        yield stack
    finally:
        stack.stop()


def letters_and_claims(count: int, seed: int) -> list[Command]:
    chance = random.Random(seed)
    told = []
    for number in range(count):
        member_id = f"member-{chance.randrange(500)}"
        if chance.random() < 0.7:
            say: dict[str, Any] = {"hops": chance.randrange(5)}
            told.append(Command(f"s-{number}", member_id, SEND, NOON, "", say))
        else:
            say = {"units": chance.randrange(1, 9), "period": 0, "store_id": ""}
            told.append(Command(f"c-{number}", member_id, CLAIM, NOON, "", say))
    return told


def all_of(told: list[Command]) -> dict[str, Command]:
    """Every command that there is once all letters have gone their ways."""
    known, new = {}, list(told)
    while new:
        command = new.pop()
        known[command.command_id] = command
        new.extend(sent_by(command) if command.type == SEND else ())
    return known


def publish(producer: Producer, commands: list[Command]) -> None:
    for command in commands:
        value = CODEC.encode_command(command)
        producer.produce(COMMANDS.name, value, command.member_id.encode())
    assert producer.flush(30) == 0


def changes_in(stack: Stack) -> list[Change]:
    codec, servers = UpdateCodec(), stack.addresses()["bootstrap_servers"]
    return [
        change
        for message in dump(servers, MEMBER_UPDATES.name)
        for change in codec.decode(message.value()).changes
    ]


@pytest.mark.timeout(120)
def test_an_open_transaction_is_nothing_that_anybody_waits_for(kafka: Stack) -> None:
    servers = kafka.addresses()["bootstrap_servers"]
    watermarks = Watermarks(servers, "test")
    producer = Producer({"bootstrap.servers": servers, "transactional.id": "slow"})
    producer.init_transactions(30)
    before = watermarks.of(COMMANDS.name, 0)
    producer.begin_transaction()
    producer.produce(COMMANDS.name, b"never seen", b"x", 0)
    producer.flush(30)

    assert watermarks.of(COMMANDS.name, 0) == before
    producer.abort_transaction(30)
    deadline = time.monotonic() + 20
    while (ends := watermarks.of(COMMANDS.name, 0)) == before:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    # The record and its marker: both are passed, and neither is given to anybody.
    assert ends[1] == before[1] + 2


@pytest.mark.timeout(180)
def test_two_engines_killed_again_and_again_send_each_command_once(
    kafka: Stack,
) -> None:
    chance, told = random.Random(7), letters_and_claims(2_000, seed=7)
    servers, producer = kafka.addresses()["bootstrap_servers"], a_producer(kafka)
    with workers(kafka, 2, EFFECTS) as running:
        time.sleep(4)
        for kill in range(KILLS):
            publish(producer, told[kill::KILLS])
            time.sleep(chance.uniform(0.1, 0.6))
            running[kill % 2].kill()
            running[kill % 2].start()
            time.sleep(1)
        publish(producer, told[:300])
        for partition in range(PARTITIONS):
            tick = CODEC.encode_tick(Tick(NOON + DAY))
            producer.produce(CLOCK.name, tick, partition=partition)
        assert producer.flush(30) == 0
        kafka.run_job("wait-until-idle", "--group", "engine", "--seconds", "60")

    verifier = Verifier(Settings(kafka_bootstrap_servers=servers), decide=rules)
    verdicts = [verifier.verify(number) for number in range(PARTITIONS)]
    verifier.close()
    assert [verdict.difference for verdict in verdicts] == [""] * PARTITIONS
    assert sum(verdict.members for verdict in verdicts) > 400
    # By other rules than the engine went by, nothing can be the same.
    with pytest.raises(JobFailed, match=r"partition 0: .*'test\."):
        kafka.run_job("verify", "--partition", "0")
    commands, changes = all_of(told), changes_in(kafka)
    claims = {f"{name}/claim": c for name, c in commands.items() if c.type == CLAIM}
    assert Counter(change.event_id for change in changes) == Counter(
        [*commands, *claims]
    )
    demand = sum(int(claim.attributes["units"]) for claim in claims.values())
    granted = [json.loads(c.result or "") for c in changes if c.event_kind == GRANTED]
    assert demand > TOTAL
    assert sum(grant["value"] for grant in granted) == TOTAL
    assert list(dump(servers, DEAD_LETTERS.name)) == []
    for message in dump(servers, COMMANDS.name):
        key = message.key().decode()
        named = partition_in(key) if is_account(key) else None
        expected = partition_of(message.key(), PARTITIONS) if named is None else named
        assert message.partition() == expected
