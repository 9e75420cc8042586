"""A broker whose engines give what there is too little of, and are killed meanwhile."""

import json
import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from confluent_kafka import Producer

from local.stack import Stack
from loyalty.budget_books import Lease
from loyalty.events import Command, Tick
from loyalty.member import Member
from runtime.settings import Settings
from schemas.accounts import KEY_PREFIX
from schemas.command_results import answer_of
from schemas.events import EventCodec
from schemas.state import CHECKPOINT_KEY, StateCodec
from schemas.topics import CLOCK, COMMANDS, MEMBER_UPDATES, members_changelog
from schemas.update_reader import UpdateReader
from schemas.updates import Change
from tests.builders import NOON
from tests.end_to_end.engines import Worker
from tests.end_to_end.oracle import dump

PARTITIONS = 8
CODEC, STATES, READER = EventCodec(), StateCodec(), UpdateReader()


class Kept(NamedTuple):
    """What the topics hold in the end."""

    changes: list[tuple[str, Change]]
    members: dict[str, Member]
    leases: list[Lease]


@contextmanager
def a_broker(folder: Path, program: Path) -> Iterator[Stack]:
    """A broker with all topics, for engines that run a program."""
    stack = Stack(folder)
    known = os.environ.get("REGULARS_PROGRAM_FILE")
    os.environ["REGULARS_PROGRAM_FILE"] = str(program)
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
