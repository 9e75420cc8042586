"""
An independent fold over a dump of the topics, and what must equal it.

It reads the sources as any consumer would, decides member by member in one
plain loop, and knows nothing of partitions, transactions or batches.
"""

import time
from collections import Counter
from collections.abc import Iterator
from hashlib import blake2b
from typing import Any, NamedTuple

from confluent_kafka import Consumer, Message, TopicPartition

from loyalty.decide import decide
from loyalty.decision import Decision, Duplicate, LedgerEntry
from loyalty.member import NEW_MEMBER, Member, balance_of
from loyalty.program import Program
from schemas.events import EventCodec
from schemas.framing import MalformedRecord
from schemas.state import DeadLetter, StateCodec
from schemas.topics import DEAD_LETTERS, MEMBER_UPDATES, ORDERS
from schemas.update_reader import UpdateReader
from schemas.updates import Change, UpdateCodec

READER = UpdateReader()

IDLE_SECONDS = 10.0
# `consume` waits so long for a full batch, even at the end of a partition.
POLL_SECONDS = 0.1


class Fold(NamedTuple):
    """What the sources come to, each record once and in order."""

    members: dict[str, Member]
    entries: dict[str, list[LedgerEntry]]
    counts: Counter[str]
    buried: set[tuple[str, int, int]]


class Seen(NamedTuple):
    """What the engine wrote."""

    changes: dict[str, list[Change]]
    views: dict[str, bytes]
    letters: list[DeadLetter]


def dump(bootstrap_servers: str, topic: str) -> Iterator[Message]:
    """Every committed record of a topic, partition by partition, in order."""
    consumer = Consumer(
        {
            "bootstrap.servers": bootstrap_servers,
            "group.id": "oracle",
            "enable.auto.commit": False,
            "isolation.level": "read_committed",
            "auto.offset.reset": "earliest",
            "enable.partition.eof": True,
            "fetch.wait.max.ms": 20,
        }
    )
    count = len(consumer.list_topics(topic, timeout=10).topics[topic].partitions)
    try:
        for number in range(count):
            consumer.assign([TopicPartition(topic, number, 0)])
            ended = False
            came_at = time.monotonic()
            while not ended:
                messages = consumer.consume(5_000, POLL_SECONDS)
                assert messages or time.monotonic() - came_at < IDLE_SECONDS, (
                    f"{topic}-{number} did not come to its end"
                )
                if messages:
                    came_at = time.monotonic()
                for message in messages:
                    if message.error() is None:
                        yield message
                    else:
                        ended = True
    finally:
        consumer.close()


def fold_orders(bootstrap_servers: str, program: Program) -> Fold:
    """Decide every order of the topic, one after the other."""
    codec = EventCodec()
    fold = Fold({}, {}, Counter(), set())
    for message in dump(bootstrap_servers, ORDERS.name):
        key, value, at = message.key(), message.value(), message.timestamp()[1]
        place = (message.topic(), message.partition(), message.offset())
        try:
            order = codec.decode_order(key, value, at)
        except MalformedRecord:
            fold.counts["dead_letters"] += 1
            fold.buried.add(place)
            continue
        member = fold.members.get(order.member_id, NEW_MEMBER)
        decision = decide(member, order, program, member_id=order.member_id)
        if isinstance(decision, Decision):
            fold.members[order.member_id] = decision.member
            fold.entries.setdefault(order.member_id, []).extend(decision.entries)
            fold.counts["applied"] += 1
        elif isinstance(decision, Duplicate):
            fold.counts["duplicates"] += 1
        else:
            fold.counts["dead_letters"] += 1
            fold.buried.add(place)
    return fold


def read_effects(bootstrap_servers: str) -> Seen:
    """Everything in `member-updates` and `dead-letters`."""
    updates, states = UpdateCodec(), StateCodec()
    seen = Seen({}, {}, [])
    for message in dump(bootstrap_servers, MEMBER_UPDATES.name):
        record = READER.read(message.value())
        update = updates.decode(message.value())
        assert message.key().decode() == update.member_id
        seen.changes.setdefault(update.member_id, []).extend(update.changes)
        seen.views[update.member_id] = record.view
    for message in dump(bootstrap_servers, DEAD_LETTERS.name):
        seen.letters.append(states.decode_dead_letter(message.value()))
    return seen


def check_effects(fold: Fold, seen: Seen) -> None:
    """Versions without a gap, no entry twice, balances, dead letters: as the fold."""
    assert seen.changes.keys() == fold.members.keys()
    for member_id, changes in seen.changes.items():
        versions = [change.version for change in changes]
        assert versions == list(range(1, len(versions) + 1)), member_id
        entries = [entry for change in changes for entry in change.entries]
        assert entries == fold.entries.get(member_id, []), member_id
        balance = balance_of(fold.members[member_id].lots)
        assert sum(entry.points for entry in entries) == balance
    letters = [
        (x.source_topic, x.source_partition, x.source_offset) for x in seen.letters
    ]
    assert len(set(letters)) == len(letters)
    assert set(letters) == fold.buried
    applied = sum(len(changes) for changes in seen.changes.values())
    assert applied == fold.counts["applied"]


def ledger_hash(entries: Iterator[tuple[Any, ...]]) -> str:
    """Hash of ledger rows in any order: (entry_id, kind, points, balance_after)."""
    digest = blake2b(digest_size=16)
    for entry in sorted(entries):
        digest.update(repr(entry).encode())
    return digest.hexdigest()


def fold_hash(fold: Fold) -> str:
    """Hash of the fold's ledger."""
    return ledger_hash(
        (entry.entry_id, entry.kind, entry.points, entry.balance_after)
        for entries in fold.entries.values()
        for entry in entries
    )
