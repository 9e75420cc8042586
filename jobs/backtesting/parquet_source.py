"""History from the archive's files: whole partitions, as from Kafka."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from jobs.backtesting.parquet_files import ArchiveFolder
from jobs.backtesting.raw_events import TOPICS, Raw, RawEvents, slices_of
from jobs.backtesting.sources import Arrived, Shard, in_slice
from jobs.errors import JobRefused
from runtime.settings import Settings


class ParquetSource:
    """The three topics of a partition, by member; decoded a member at a time."""

    def __init__(self, settings: Settings) -> None:
        """
        Look at the folder.

        Raises: JobRefused when none is set, or nothing is in it.
        """
        if not settings.archive_folder:
            raise JobRefused("REGULARS_ARCHIVE_FOLDER names no folder of an archive")
        self._folder = ArchiveFolder(Path(settings.archive_folder))
        if not self._folder.partitions:
            raise JobRefused(f"{settings.archive_folder} holds no archive")
        self._events = RawEvents(settings)

    @property
    def malformed(self) -> Counter[str]:
        """What could not be read, by reason, since the last look."""
        return self._events.malformed

    @malformed.setter
    def malformed(self, value: Counter[str]) -> None:
        self._events.malformed = value

    def shards(self) -> list[Shard]:
        """Partitions, those with many records in slices."""
        found: list[Shard] = []
        for part in range(self._folder.partitions):
            ends = {topic: self._folder.next_offset(topic, part) for topic in TOPICS}
            records = sum(self._folder.count(topic, part) for topic in TOPICS)
            found += slices_of(part, records, ends, first=len(found))
        return found

    def read(self, shard: Shard, sample_percent: int) -> Iterator[tuple[str, Arrived]]:
        """Members of a shard with their events."""
        for key, raw in self._grouped(shard, sample_percent).items():
            arrived = list(self._events.decoded(key, raw))
            if arrived:
                yield key.decode(errors="replace"), arrived

    def close(self) -> None:
        """Nothing to let go of."""

    def _grouped(self, shard: Shard, sample_percent: int) -> dict[bytes, list[Raw]]:
        grouped: dict[bytes, list[Raw]] = {}
        chosen: dict[bytes, bool] = {}
        for place, topic in enumerate(TOPICS):
            for row in self._folder.rows(topic, shard.part):
                if row.offset >= shard.ends[topic]:
                    break
                key: bytes = row.key or b""
                keep = chosen.get(key)
                if keep is None:
                    name = key.decode(errors="replace")
                    keep = bool(key) and in_slice(name, shard, sample_percent)
                    chosen[key] = keep
                if keep:
                    raw = (row.recorded_at, place, row.offset, row.value)
                    grouped.setdefault(key, []).append(raw)
        return grouped
