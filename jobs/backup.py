"""
Copies all that cannot be worked out again into a folder, while everything goes on.

The states of all partitions first, each up to one moment; then the tables of ClickHouse
and what is in Redis alone; last the source records that are not applied in the states.
So what tables and Redis tell of is in the states or in the records, and whoever
restores goes on from there and decides the rest again: commands between members are
repeated under the same numbers. After the records the program's log, by which they were
decided, and dead letters with their marks. A manifest holds a digest of each file, a
hash of each partition's states, and the positions in the sources.
"""

import argparse
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from confluent_kafka import Message

from jobs.daytwo.clickhouse_copy import ClickHouseCopy
from jobs.daytwo.files import BackupFolder, Entry
from jobs.daytwo.kept import Changelog, Kept
from jobs.daytwo.redis_copy import RedisCopy
from jobs.daytwo.rows_written import wait_until_written
from jobs.reading import LogReader
from runtime.settings import Settings
from schemas.replay import state_hash
from schemas.state import CHECKPOINT_KEY
from schemas.topics import CLOCK, DEAD_LETTER_MARKS, DEAD_LETTERS, PROGRAM, SOURCES

# Ticks come by themselves, and the next says all that earlier ones did.
TAILS: Final = tuple(spec.name for spec in SOURCES if spec is not CLOCK)
SUMMARY: Final = "copy states, program, dead letters, Redis and ClickHouse to files"


def run(settings: Settings, arguments: list[str]) -> None:
    """
    Write a backup into a new folder.

    Raises: JobRefused, StoreUnavailable; a folder without a manifest is no backup.
    """
    parser = argparse.ArgumentParser("backup", description=SUMMARY)
    parser.add_argument("--into", type=Path, required=True, help="a new folder")
    parser.add_argument(
        "--without-clickhouse",
        action="store_true",
        help="leave its tables to ClickHouse's own BACKUP",
    )
    chosen = parser.parse_args(arguments)
    backup = Backup(settings, BackupFolder(chosen.into))
    backup.write(with_clickhouse=not chosen.without_clickhouse)


class Backup:
    """Writes one backup."""

    def __init__(self, settings: Settings, folder: BackupFolder) -> None:
        """Say of what, and where to."""
        self._settings = settings
        self._folder = folder
        self._log = LogReader(settings)
        self._changelog = Changelog(settings, self._log)

    def write(self, *, with_clickhouse: bool) -> None:
        """
        Write every file, and the manifest last.

        Raises: JobRefused, StoreUnavailable.
        """
        self._folder.begin()
        started_at = int(time.time() * 1_000)
        partitions = [self._states(n) for n in range(self._settings.partitions)]
        rows = self._tables() if with_clickhouse else {}
        redis = RedisCopy(self._settings.redis_url, self._settings.app_id)
        keys = self._folder.write("redis", redis.entries())
        self._tails(partitions)
        self._logs()
        self._folder.finish(
            {
                "app_id": self._settings.app_id,
                "partitions": partitions,
                "started_at": started_at,
                "ended_at": int(time.time() * 1_000),
                "clickhouse_rows": rows,
                "redis_keys": keys,
            }
        )
        self._log.close()
        members = sum(facts["members"] for facts in partitions)
        print(f"{members:,} members, {keys:,} keys, {sum(rows.values()):,} rows")

    def _states(self, partition: int) -> dict[str, Any]:
        kept = self._changelog.kept(partition)
        self._folder.write(f"changelog-{partition}", _entries(partition, kept))
        codec = self._changelog.codec
        members = (
            (name, codec.decode_member(one)) for name, one in kept.states.items()
        )
        facts = {
            "members": len(kept.states),
            "accounts": len(kept.accounts),
            "hash": state_hash(members, codec),
            "positions": self._changelog.checkpoint_of(kept).offsets,
        }
        print(f"partition {partition}: {facts['members']:,} members, {facts['hash']}")
        return facts

    def _tails(self, partitions: list[dict[str, Any]]) -> None:
        """
        Write what each partition's sources hold beyond its states.

        After all states: what one partition has sent to another is applied there, or
        among these. After tables and Redis: they tell of nothing else. All up to one
        moment, or what was sent would be there without what had sent it.
        """
        places = [(topic, n) for topic in TAILS for n in range(len(partitions))]
        ends = self._log.ends(places)
        for facts in partitions:
            facts["tail"] = 0
        for (topic, number), end in zip(places, ends, strict=True):
            facts = partitions[number]
            start = facts["positions"].get(topic, 0)
            messages = self._log.read(topic, number, end, start=start)
            name = f"tail-{topic}-{number}"
            facts["tail"] += self._folder.write(name, map(_entry, messages))

    def _logs(self) -> None:
        def whole(topic: str, partitions: int) -> Iterator[Entry]:
            for number in range(partitions):
                _, end = self._log.edges(topic, number)
                yield from map(_entry, self._log.read(topic, number, end))

        self._folder.write("program", whole(PROGRAM.name, 1))
        letters = whole(DEAD_LETTERS.name, self._settings.partitions)
        self._folder.write("dead-letters", letters)
        self._folder.write("dead-letter-marks", whole(DEAD_LETTER_MARKS.name, 1))

    def _tables(self) -> dict[str, int]:
        # What the states came from is not read again: its rows must be there.
        wait_until_written(self._settings, self._log)
        copy = ClickHouseCopy(
            self._settings.clickhouse_url, self._settings.clickhouse_database
        )
        rows: dict[str, int] = {}
        for table, name, count in copy.write(self._folder.folder):
            self._folder.note(name, records=count)
            rows[table] = rows.get(table, 0) + count
        copy.close()
        return rows


def _entries(partition: int, kept: Kept) -> Iterator[Entry]:
    for member_id, state in kept.states.items():
        yield Entry(partition, -1, -1, member_id.encode(), state)
    for key, account in kept.accounts.items():
        yield Entry(partition, -1, -1, key, account)
    if kept.checkpoint is not None:
        yield Entry(partition, -1, -1, CHECKPOINT_KEY, kept.checkpoint)


def _entry(message: Message) -> Entry:
    return Entry(
        int(message.partition() or 0),
        int(message.offset() or 0),
        message.timestamp()[1],
        _bytes(message.key()),
        _bytes(message.value()),
    )


def _bytes(value: str | bytes | None) -> bytes | None:
    assert not isinstance(value, str), "nothing is decoded"
    return value
