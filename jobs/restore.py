"""
Fills an empty stack from a backup, and proves that its states are the same.

Topics must be there (create-topics) and hold nothing of the engine; tables too
(migrate-clickhouse). Processes must be stopped. Where the sources still hold what was
applied, as after the loss of a changelog alone, positions stay as they were; where they
are empty, the records that were not applied yet are written to them, with their times.
Either way the engine decides again what is beyond the states: rows of ClickHouse and
answers in Redis that tell of it are left out, and come as they are decided then.
"""

import argparse
import asyncio
from pathlib import Path
from typing import Any, Final

from jobs.create_topics import Topics
from jobs.daytwo.clickhouse_copy import ClickHouseCopy
from jobs.daytwo.files import BackupFolder, Entry
from jobs.daytwo.kept import Changelog
from jobs.daytwo.own_times import own_times
from jobs.daytwo.redis_copy import RedisCopy
from jobs.daytwo.rows_as_states import RowsAsStates
from jobs.daytwo.rows_beyond import RowsBeyond
from jobs.daytwo.undecided import Undecided, references_in
from jobs.errors import JobFailed, JobRefused
from jobs.reading import LogReader
from jobs.rebuild_redis import rebuild
from jobs.record_writer import RecordWriter
from runtime.settings import Settings
from schemas.dead_letter_marks import MarkCodec
from schemas.replay import state_hash
from schemas.state import CHECKPOINT_KEY, StateCodec
from schemas.topics import (
    CLOCK,
    DEAD_LETTER_MARKS,
    DEAD_LETTERS,
    PROGRAM,
    SOURCES,
    all_topics,
)
from stores.program_reader import read_program

SUMMARY: Final = "fill an empty stack from a backup, and compare the states' hashes"
TAILS: Final = tuple(spec.name for spec in SOURCES if spec is not CLOCK)


def run(settings: Settings, arguments: list[str]) -> None:
    """
    Restore everything, Redis' views last.

    Raises: JobRefused before anything is written, when the backup is not whole or the
    stack not empty; JobFailed when what was written is not what was kept.
    """
    parser = argparse.ArgumentParser("restore", description=SUMMARY)
    parser.add_argument("--from", dest="folder", type=Path, required=True)
    restore = Restore(settings, BackupFolder(parser.parse_args(arguments).folder))
    restore.check()
    restore.logs()
    restore.states()
    restore.stores()
    restore.prove()


class Restore:
    """Writes one backup into one stack."""

    def __init__(self, settings: Settings, folder: BackupFolder) -> None:
        """Read the manifest, and look at every file."""
        self._settings = settings
        self._folder = folder
        self._manifest = folder.check()
        self._log = LogReader(settings)
        self._changelog = Changelog(settings, self._log)
        self._writer = RecordWriter(settings.kafka_bootstrap_servers)
        self._keeps_positions = False

    def check(self) -> None:
        """
        See that there is room for it, and nothing else.

        Raises: JobRefused.
        """
        facts = self._manifest["partitions"]
        if len(facts) != self._settings.partitions:
            raise JobRefused(
                f"the backup has {len(facts)} partitions, REGULARS_PARTITIONS is "
                f"{self._settings.partitions}: restore into as many, then repartition"
            )
        Topics(self._settings).check_counts(all_topics(self._settings.app_id))
        for number in range(len(facts)):
            self._check_empty(self._changelog.topic, number)
        self._keeps_positions = all(
            self._covers(number, one["positions"]) for number, one in enumerate(facts)
        )
        if not self._keeps_positions:
            for number in range(len(facts)):
                for topic in TAILS:
                    self._check_empty(topic, number)

    def logs(self) -> None:
        """
        Write the program, dead letters, and what was not applied.

        Raises: JobRefused.
        """
        sources = [PROGRAM.name, *TAILS]
        with own_times(self._settings, sources):
            if self._is_empty(PROGRAM.name, 0):
                self._copy("program", PROGRAM.name)
            if not self._keeps_positions:
                for number in range(self._settings.partitions):
                    for topic in TAILS:
                        self._copy(f"tail-{topic}-{number}", topic)
            self._writer.flush()
        self._letters()

    def states(self) -> None:
        """
        Write states and accounts, and where to go on.

        Raises: JobRefused.
        """
        for number in range(self._settings.partitions):
            for entry in self._folder.read(f"changelog-{number}"):
                value = entry.value
                if entry.key == CHECKPOINT_KEY and not self._keeps_positions:
                    value = self._from_the_beginning(number, value or b"")
                self._writer.write(
                    self._changelog.topic, number, key=entry.key, value=value
                )
        self._writer.flush()

    def stores(self) -> None:
        """
        Write ClickHouse's rows, Redis' own keys, and the views: as the states are.

        Raises: StoreUnavailable; JobFailed when rows beyond the states are left.
        """
        files = [name for name in self._manifest["files"] if name.endswith(".parquet")]
        copy = ClickHouseCopy(
            self._settings.clickhouse_url, self._settings.clickhouse_database
        )
        for name in sorted(files):
            copy.read(self._folder.folder, name)
        copy.close()
        print(f"{len(files)} files of rows", flush=True)
        partitions = range(self._settings.partitions)
        rows = RowsBeyond(
            self._settings.clickhouse_url, self._settings.clickhouse_database
        )
        settling = RowsAsStates(self._settings, self._folder, rows)
        programs = read_program(self._settings).programs
        print(asyncio.run(settling.settle(programs)), flush=True)
        references = references_in(self._settings, self._folder)
        redis = RedisCopy(self._settings.redis_url, self._settings.app_id)
        keys, answers = redis.put(
            self._folder.read("redis"), Undecided(rows.versions_of, references)
        )
        rows.close()
        print(f"{keys:,} keys, {answers:,} answers of what is decided again")
        asyncio.run(rebuild(self._settings, list(partitions)))

    def prove(self) -> None:
        """
        Read the states back, and compare their hashes with the backup's.

        Raises: JobFailed.
        """
        different = 0
        for number, facts in enumerate(self._manifest["partitions"]):
            codec = self._changelog.codec
            states = self._changelog.kept(number).states
            found = state_hash(
                ((name, codec.decode_member(one)) for name, one in states.items()),
                codec,
            )
            different += found != facts["hash"]
            told = "equal" if found == facts["hash"] else f"expected {facts['hash']}"
            print(f"partition {number}: {len(states):,} members, {found}, {told}")
        self._log.close()
        if different:
            raise JobFailed(f"{different} partitions differ from the backup")

    def _covers(self, partition: int, positions: dict[str, Any]) -> bool:
        """Whether the sources still have all from the backup's positions on."""
        for topic, position in positions.items():
            low, high = self._log.edges(topic, partition)
            # Ticks that were deleted are not missed: later ones do what they would.
            low = 0 if topic == CLOCK.name else low
            if not low <= position <= high:
                return False
        return True

    def _check_empty(self, topic: str, partition: int) -> None:
        if not self._is_empty(topic, partition):
            raise JobRefused(
                f"{topic}-{partition} holds records: restore into an empty stack, "
                "or into one whose sources still hold all since the backup"
            )

    def _is_empty(self, topic: str, partition: int) -> bool:
        low, high = self._log.edges(topic, partition)
        return low == high

    def _copy(self, name: str, topic: str) -> None:
        for entry in self._folder.read(name):
            self._writer.write(
                topic, entry.partition, key=entry.key, value=entry.value, at=entry.at
            )

    def _from_the_beginning(self, partition: int, value: bytes) -> bytes:
        codec = StateCodec()
        checkpoint = codec.decode_checkpoint(value)
        # Where each source begins here; ticks may be there already, and are for all.
        offsets = {
            topic: self._log.edges(topic, partition)[0] for topic in checkpoint.offsets
        }
        return codec.encode_checkpoint(checkpoint._replace(offsets=offsets))

    def _letters(self) -> None:
        """Letters get new places, and their marks follow them."""
        if not all(
            self._is_empty(DEAD_LETTERS.name, number)
            for number in range(self._settings.partitions)
        ):
            return
        names: dict[str, str] = {}
        for entry in self._folder.read("dead-letters"):
            self._letter(entry, names)
        self._writer.flush()
        codec = MarkCodec()
        for entry in self._folder.read("dead-letter-marks"):
            mark = codec.decode(entry.value)
            name = names.get(mark.letter_id)
            if name is not None:
                value = codec.encode(mark._replace(letter_id=name))
                self._writer.write(
                    DEAD_LETTER_MARKS.name, 0, key=name.encode(), value=value
                )
        self._writer.flush()

    def _letter(self, entry: Entry, names: dict[str, str]) -> None:
        old = f"{entry.partition}-{entry.offset}"

        def moved(offset: int) -> None:
            names[old] = f"{entry.partition}-{offset}"

        self._writer.write(
            DEAD_LETTERS.name,
            entry.partition,
            key=entry.key,
            value=entry.value,
            at=entry.at,
            delivered=moved,
        )
