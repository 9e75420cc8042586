"""
Moves an engine to more partitions: a new engine beside the old one, by another name.

All processes must be stopped, and all that was sent applied and read. The states go to
the changelog of the new engine, each member and each owner of a budget to the partition
that its key has now, leases to that of their number. What is in Redis alone goes along
under the new name; groups of the new engine begin where the old one's have ended. Last
of all topics get more partitions. Until then nothing of the old engine is changed, and
it can go on; from then on only the new one starts. A move that broke off is finished by
the same command again, as long as no engine was started by the new name.
"""

import argparse
import asyncio
import re
from typing import Final

from jobs.create_topics import Topics
from jobs.daytwo.growing import grow
from jobs.daytwo.kept import Changelog, Kept
from jobs.daytwo.move_checks import ENGINE, MOVED_FROM, MoveChecks
from jobs.daytwo.reader_positions import Place, ReaderPositions
from jobs.daytwo.redis_copy import RedisCopy
from jobs.errors import JobFailed, JobRefused
from jobs.reading import LogReader
from jobs.rebuild_redis import rebuild
from jobs.record_writer import RecordWriter
from loyalty.accounts import partition_in
from runtime.brands import name_of
from runtime.settings import Settings
from schemas.partitioner import partition_of
from schemas.replay import state_hash
from schemas.state import CHECKPOINT_KEY, Checkpoint, StateCodec
from schemas.topics import MEMBER_UPDATES, SOURCES, members_changelog

SUMMARY: Final = "move a stopped engine to more partitions, under a new name"
APP_ID: Final = re.compile(r"[a-z][a-z0-9-]{0,39}")
PARTITIONS_MAX: Final = 1_024


def run(settings: Settings, arguments: list[str]) -> None:
    """
    Move everything, and prove that the states are the same.

    Raises: JobRefused and StoreUnavailable, after which the same command goes on where
    anything was written; JobFailed when hashes differ.
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
    move.changelog()
    move.states()
    move.prove()
    move.redis()
    move.groups()
    move.topics()
    move.bridges()
    # Its brand is put before the name again.
    print(
        f"start with REGULARS_APP_ID={chosen.app_id} "
        f"REGULARS_PARTITIONS={new.partitions}"
    )


class Repartition:
    """Moves one engine's states to another's."""

    def __init__(self, old: Settings, new: Settings) -> None:
        """Read all that the old engine keeps."""
        self._old, self._new = old, new
        self._log = LogReader(old)
        self._codec = StateCodec()
        self._checks = MoveChecks(old, new, self._log)
        # A wrong count of partitions would be read as an engine with fewer members.
        self._is_grown = self._checks.topics()
        changelog = Changelog(old, self._log)
        self._kept = [changelog.kept(number) for number in range(old.partitions)]
        self._positions = [changelog.checkpoint_of(kept).offsets for kept in self._kept]
        self._read: dict[str, dict[Place, int]] = {}
        self._bridges: dict[str, dict[Place, int]] = {}
        self._is_begun = False

    def check(self) -> None:
        """
        See that the old engine is idle and all was read, and the new one not there.

        Raises: JobRefused, StoreUnavailable.
        """
        self._checks.applied(self._positions)
        self._read = self._checks.readers()
        self._bridges = self._checks.bridges()
        self._checks.budgets(self._kept, self._codec)
        self._is_begun = self._checks.is_begun()
        self._checks.stores()

    def changelog(self) -> None:
        """
        Make the new engine's changelog.

        Raises: JobRefused.
        """
        Topics(self._new).create((members_changelog(self._new.app_id),))
        # Clients that knew no such topic learn of it only after a while.
        self._log.close()

    def states(self) -> None:
        """
        Write members, accounts and checkpoints where they belong now.

        Raises: JobRefused.
        """
        writer = RecordWriter(self._new.kafka_bootstrap_servers)
        topic = Changelog(self._new, self._log).topic
        count = self._new.partitions
        moved = {MOVED_FROM: self._old.app_id.encode()}
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
            writer.write(topic, number, key=CHECKPOINT_KEY, value=value, headers=moved)
        writer.flush()

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
            way_on = (
                "the old engine does not start with topics that have grown: run the "
                "same command again"
                if self._is_grown
                else "nothing of the old engine was changed, and it can go on"
            )
            raise JobFailed(f"the states are not the same; {way_on}")

    def redis(self) -> None:
        """
        Copy what is in Redis alone, and write the views.

        Raises: JobRefused, StoreUnavailable.
        """
        old = RedisCopy(self._old.redis_url, self._old.app_id)
        new = RedisCopy(self._new.redis_url, self._new.app_id)
        if self._is_begun:
            # The old engine may have gone on since, and erased what was copied.
            new.clear()
        count, _ = new.put(old.entries())
        print(f"{count:,} keys of Redis go along")
        partitions = list(range(self._new.partitions))
        asyncio.run(rebuild(self._new, partitions, told=self._old.partitions))

    def groups(self) -> None:
        """
        Let the new engine's groups begin where the old one's have ended.

        In partitions that are still to come they begin at the beginning, as any group
        does. Raises: JobRefused.
        """
        positions = ReaderPositions(self._new)
        applied = {
            (topic, number): at
            for number, offsets in enumerate(self._positions)
            for topic, at in offsets.items()
        }
        positions.commit(ENGINE, applied)
        for reader, read in (self._read | self._bridges).items():
            positions.commit(reader, read)

    def topics(self) -> None:
        """
        Give topics their partitions, but for those that have them already.

        Raises: JobRefused.
        """
        servers = self._old.kafka_bootstrap_servers
        try:
            grow(servers, self._checks.shared(), self._new.partitions)
        except JobRefused as refused:
            raise JobRefused(
                f"{refused}; run the same command again: the old engine does not start "
                "where a topic has grown"
            ) from refused

    def bridges(self) -> None:
        """
        Let bridges begin at the beginning where there was nothing before.

        A group of a bridge that has no position begins at the end. Raises: JobRefused.
        """
        added = range(self._old.partitions, self._new.partitions)
        positions = {(MEMBER_UPDATES.name, number): 0 for number in added}
        for name in self._bridges:
            ReaderPositions(self._new).commit(name, positions)

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
