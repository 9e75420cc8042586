"""
Moves an engine to more partitions: a new engine beside the old one, by another name.

All processes must be stopped, and all that was sent applied. Topics get more
partitions; the states go to the changelog of the new engine, each member and each
owner of a budget to the partition that its key has now, leases to that of their
number. Nothing of the old engine is changed or deleted: until the new one is started
the old one can go on. What is in Redis alone goes along under the new name; groups of
the new engine begin where the old one's have ended.
"""

import argparse
import asyncio
import re
import time
from collections.abc import Iterator
from typing import Final

from confluent_kafka import Consumer, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, NewPartitions

from jobs.broker import ANSWER_TIMEOUT_S, partition_counts, unreachable
from jobs.create_topics import Topics
from jobs.daytwo.kept import Changelog, Kept
from jobs.daytwo.redis_copy import RedisCopy
from jobs.errors import JobFailed, JobRefused
from jobs.reading import LogReader
from jobs.rebuild_redis import rebuild
from jobs.record_writer import RecordWriter
from jobs.topic_configs import SETTLE_TIMEOUT_S
from loyalty.accounts import partition_in
from loyalty.budget_books import Lease
from runtime.brands import name_of
from runtime.kafka_access import kafka_access
from runtime.settings import Settings
from schemas.partitioner import partition_of
from schemas.replay import state_hash
from schemas.state import CHECKPOINT_KEY, Checkpoint, StateCodec
from schemas.topics import READERS, SOURCES, all_topics

SUMMARY: Final = "move a stopped engine to more partitions, under a new name"
APP_ID: Final = re.compile(r"[a-z][a-z0-9-]{0,39}")
PARTITIONS_MAX: Final = 1_024


def run(settings: Settings, arguments: list[str]) -> None:
    """
    Move everything, and prove that the states are the same.

    Raises: JobRefused before anything is written; JobFailed when hashes differ.
    """
    parser = argparse.ArgumentParser("repartition", description=SUMMARY)
    parser.add_argument("--partitions", type=int, required=True)
    parser.add_argument("--app-id", required=True, help="name of the new engine")
    chosen = parser.parse_args(arguments)
    if not settings.partitions < chosen.partitions <= PARTITIONS_MAX:
        raise JobRefused(
            f"expected more than {settings.partitions} partitions and at most "
            f"{PARTITIONS_MAX}, found {chosen.partitions}"
        )
    app_id = name_of(settings.brand, chosen.app_id)
    if not APP_ID.fullmatch(chosen.app_id) or app_id == settings.app_id:
        raise JobRefused("--app-id must be another name than the engine has now")
    new = settings.model_copy(
        update={"partitions": chosen.partitions, "app_id": app_id}
    )
    move = Repartition(settings, new)
    move.check()
    move.topics()
    move.states()
    move.groups()
    move.redis()
    move.prove()


class Repartition:
    """Moves one engine's states to another's."""

    def __init__(self, old: Settings, new: Settings) -> None:
        """Read all that the old engine keeps."""
        self._old, self._new = old, new
        self._log = LogReader(old)
        self._codec = StateCodec()
        changelog = Changelog(old, self._log)
        self._kept = [changelog.kept(number) for number in range(old.partitions)]
        self._positions = [changelog.checkpoint_of(kept).offsets for kept in self._kept]

    def check(self) -> None:
        """
        See that the old engine is idle, and the new one not there.

        Raises: JobRefused.
        """
        for number, positions in enumerate(self._positions):
            for spec in SOURCES:
                _, end = self._log.edges(spec.name, number)
                position = positions.get(spec.name, 0)
                if position < end:
                    raise JobRefused(
                        f"{spec.name}-{number}: {end - position} records are not "
                        "applied; let the engine finish, then stop it"
                    )
        for kept in self._kept:
            for name, account in self._accounts(kept):
                if isinstance(account, Lease) and any(b.waiting for b in account.books):
                    raise JobRefused(f"members wait for units of {name}: let them end")
        counts = partition_counts(self._admin(), self._old.kafka_bootstrap_servers)
        if f"{self._new.app_id}-members-changelog" in counts:
            raise JobRefused(f"an engine {self._new.app_id!r} is there already")

    def topics(self) -> None:
        """
        Give topics their partitions, and make the new changelog.

        Raises: JobRefused.
        """
        specs = [spec for spec in all_topics(self._old.app_id) if spec.partitioned]
        grown = [
            NewPartitions(spec.name, self._new.partitions)
            for spec in specs
            if not spec.name.startswith(f"{self._old.app_id}-")
        ]
        try:
            # Its answers come only as long as it is there.
            admin = self._admin()
            for outcome in admin.create_partitions(grown).values():
                outcome.result(timeout=ANSWER_TIMEOUT_S)
        except KafkaException as error:
            raise unreachable(self._old.kafka_bootstrap_servers, error) from error
        Topics(self._new).create(all_topics(self._new.app_id))
        # Clients that knew fewer partitions learn of more only after a while.
        self._log.close()
        self._settle([topic.topic for topic in grown])

    def _settle(self, topics: list[str]) -> None:
        """Wait until the brokers tell of the new partitions: they learn one by one."""
        deadline = time.monotonic() + SETTLE_TIMEOUT_S
        servers = self._old.kafka_bootstrap_servers
        while True:
            counts = partition_counts(self._admin(), servers)
            late = [t for t in topics if counts.get(t) != self._new.partitions]
            if not late:
                return
            if time.monotonic() > deadline:
                raise JobRefused(f"{', '.join(late)} did not get their partitions")
            time.sleep(0.2)

    def states(self) -> None:
        """
        Write members, accounts and checkpoints where they belong now.

        Raises: JobRefused.
        """
        writer = RecordWriter(self._new.kafka_bootstrap_servers)
        topic = Changelog(self._new, self._log).topic
        count = self._new.partitions
        for kept in self._kept:
            for member_id, state in kept.states.items():
                key = member_id.encode()
                writer.write(topic, partition_of(key, count), key=key, value=state)
            for key, account in kept.accounts.items():
                # Without the mark that keeps accounts apart from members.
                name = key[1:]
                told = partition_in(name.decode())
                number = partition_of(name, count) if told is None else told
                writer.write(topic, number, key=key, value=account)
        for number in range(count):
            value = self._codec.encode_checkpoint(self._checkpoint(number))
            writer.write(topic, number, key=CHECKPOINT_KEY, value=value)
        writer.flush()

    def groups(self) -> None:
        """
        Let the new engine's groups begin where the old one's have ended.

        Raises: JobRefused.
        """
        for reader, topics in READERS.items():
            consumer = Consumer(
                {
                    **kafka_access(self._new.kafka_bootstrap_servers),
                    "group.id": f"{self._new.app_id}-{reader}",
                    "enable.auto.commit": False,
                    "log_level": 0,
                }
            )
            ends = [
                TopicPartition(topic, number, self._log.edges(topic, number)[1])
                for topic in topics
                for number in range(self._new.partitions)
            ]
            try:
                consumer.commit(offsets=ends, asynchronous=False)
            except KafkaException as error:
                servers = self._new.kafka_bootstrap_servers
                raise unreachable(servers, error) from error
            finally:
                consumer.close()

    def redis(self) -> None:
        """
        Copy what is in Redis alone, and write the views.

        Raises: StoreUnavailable.
        """
        old = RedisCopy(self._old.redis_url, self._old.app_id)
        count = RedisCopy(self._new.redis_url, self._new.app_id).put(old.entries())
        print(f"{count:,} keys of Redis go along")
        asyncio.run(rebuild(self._new, list(range(self._new.partitions))))

    def prove(self) -> None:
        """
        Compare all states before and after, whatever partition they are in.

        Raises: JobFailed.
        """
        changelog = Changelog(self._new, self._log)
        after = [changelog.kept(number) for number in range(self._new.partitions)]
        before, now = self._digest(self._kept), self._digest(after)
        self._log.close()
        members = sum(len(kept.states) for kept in after)
        print(f"{members:,} members, before {before}, after {now}")
        if before != now:
            raise JobFailed("the states are not the same: start the old engine again")
        print(
            f"start with REGULARS_APP_ID={self._new.app_id} "
            f"REGULARS_PARTITIONS={self._new.partitions}"
        )

    def _digest(self, kept: list[Kept]) -> str:
        members = [
            (name, self._codec.decode_member(state))
            for one in kept
            for name, state in one.states.items()
        ]
        accounts = sorted(pair for one in kept for pair in one.accounts.items())
        return f"{state_hash(members, self._codec)} and {len(accounts)} accounts"

    def _checkpoint(self, number: int) -> Checkpoint:
        """Where a new partition goes on: at the ends of all that was applied."""
        if number < len(self._positions):
            checkpoint = self._kept[number].checkpoint
            if checkpoint is not None:
                return self._codec.decode_checkpoint(checkpoint)
        return Checkpoint({spec.name: 0 for spec in SOURCES})

    def _accounts(self, kept: Kept) -> Iterator[tuple[str, object]]:
        for account in kept.accounts.values():
            yield self._codec.accounts.decode(account)

    def _admin(self) -> AdminClient:
        servers = self._old.kafka_bootstrap_servers
        return AdminClient({**kafka_access(servers), "log_level": 0})
