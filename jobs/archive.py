"""
Keeps source events as Parquet, by topic and day of arrival, before the broker lets go.

Each record once, with its bytes as they came: run it once a day, from anywhere, it
goes on after the last record that it has. A day's file is written when the day is over
and never changed. Backtests read the folder as a source (`--source parquet`).
"""

import argparse
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from confluent_kafka import Message

from jobs.backtesting.parquet_files import ArchiveFolder, Row
from jobs.backtesting.raw_events import TOPICS
from jobs.errors import JobRefused
from jobs.progress import Progress
from jobs.reading import LogReader
from loyalty.limits import DAY_MS
from runtime.settings import Settings

SUMMARY: Final = "keep orders, activity and commands as Parquet, by day"
ROWS_MAX: Final = 200_000
# A record of yesterday may still be on its way to a replica that we read.
SETTLE_MS: Final = 60_000


def run(settings: Settings, arguments: list[str]) -> None:
    """
    Write the days that are over and not yet there.

    Raises: JobRefused when records are gone that were never archived.
    """
    parser = argparse.ArgumentParser("archive", description=SUMMARY)
    parser.add_argument(
        "--into",
        type=Path,
        default=Path(settings.archive_folder) if settings.archive_folder else None,
        help="folder; default: REGULARS_ARCHIVE_FOLDER",
    )
    parser.add_argument(
        "--today",
        action="store_true",
        help="also what has arrived today, in a file that is not added to",
    )
    chosen = parser.parse_args(arguments)
    if chosen.into is None:
        raise JobRefused("name a folder: --into, or REGULARS_ARCHIVE_FOLDER")
    until = int(time.time() * 1_000)
    if not chosen.today:
        until = (until - SETTLE_MS) // DAY_MS * DAY_MS
    archive = Archive(settings, ArchiveFolder(chosen.into), until=until)
    total = sum(
        archive.partition(topic, number)
        for topic in TOPICS
        for number in range(settings.partitions)
    )
    archive.close()
    print(f"{total:,} records archived in {chosen.into}")


class Archive:
    """Writes what came before a time (ms) and is not there yet."""

    def __init__(
        self, settings: Settings, folder: ArchiveFolder, *, until: int
    ) -> None:
        """Read how far the folder is."""
        self._log = LogReader(settings)
        self._folder = folder
        self._until = until
        folder.check(settings.partitions)

    def close(self) -> None:
        """Let go of all clients."""
        self._log.close()

    def partition(self, topic: str, number: int) -> int:
        """
        Archive a partition of a topic; return how many records.

        Raises: JobRefused.
        """
        start = self._folder.next_offset(topic, number)
        low, end = self._log.edges(topic, number)
        if start < low and start > 0:
            raise JobRefused(
                f"{topic}-{number}: archived up to {start}, but the broker has "
                f"nothing before {low}: what was between is gone"
            )
        progress = Progress(f"records of {topic}-{number}", end - max(start, low))
        count = 0
        for rows in self._days(self._log.read(topic, number, end, start=start)):
            self._folder.write(topic, number, rows)
            count += len(rows)
            progress.show(count)
        return count

    def _days(self, messages: Iterator[Message]) -> Iterator[list[Row]]:
        """Rows of one day at a time, in files of a bounded size."""
        rows: list[Row] = []
        for message in messages:
            at = message.timestamp()[1]
            # The broker stamps in order: all that comes is as young.
            if at >= self._until:
                break
            if rows and (
                at // DAY_MS != rows[0].recorded_at // DAY_MS or len(rows) >= ROWS_MAX
            ):
                yield rows
                rows = []
            rows.append(Row(message.offset() or 0, at, message.key(), message.value()))
        if rows:
            yield rows
