"""History from Kafka: whole partitions, up to where they ended at the start."""

from collections import Counter
from collections.abc import Iterator

from jobs.backtesting.raw_events import TOPICS, Raw, RawEvents, slices_of
from jobs.backtesting.sources import Arrived, Shard, in_slice
from jobs.errors import JobRefused
from jobs.reading import LogReader
from runtime.settings import Settings


class KafkaSource:
    """The three topics of a partition, by member; decoded a member at a time."""

    def __init__(self, settings: Settings) -> None:
        """Connect when first used."""
        self._partitions = settings.partitions
        self._log = LogReader(settings)
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
        for part in range(self._partitions):
            edges = {topic: self._log.edges(topic, part) for topic in TOPICS}
            records = sum(high - low for low, high in edges.values())
            ends = {topic: high for topic, (_, high) in edges.items()}
            ends |= {f"{topic}.low": low for topic, (low, _) in edges.items()}
            found += slices_of(part, records, ends, first=len(found))
        return found

    def read(self, shard: Shard, sample_percent: int) -> Iterator[tuple[str, Arrived]]:
        """
        Members of a shard with their events.

        Raises: JobRefused when the broker has let go of what was there at the start.
        """
        for member_id, raw in self._grouped(shard, sample_percent).items():
            arrived = list(self._events.decoded(member_id.encode(), raw))
            if arrived:
                yield member_id, arrived

    def close(self) -> None:
        """Let go of all clients."""
        self._log.close()

    def _grouped(self, shard: Shard, sample_percent: int) -> dict[str, list[Raw]]:
        grouped: dict[str, list[Raw]] = {}
        chosen: dict[bytes, str] = {}
        for place, topic in enumerate(TOPICS):
            if shard.ends[f"{topic}.low"] == shard.ends[topic]:
                continue
            low, _ = self._log.edges(topic, shard.part)
            if low > shard.ends[f"{topic}.low"]:
                raise JobRefused(
                    f"{topic}-{shard.part}: expected records from offset "
                    f"{shard.ends[f'{topic}.low']}, found them from {low}: their time "
                    "was over; begin anew, or take the archive"
                )
            for record in self._log.read(topic, shard.part, shard.ends[topic]):
                key = record.key() or b""
                member_id = chosen.get(key)
                if member_id is None:
                    named = key.decode(errors="replace")
                    keep = bool(key) and in_slice(named, shard, sample_percent)
                    member_id = chosen[key] = named if keep else ""
                if member_id:
                    raw = (
                        record.timestamp()[1],
                        place,
                        record.offset(),
                        record.value(),
                    )
                    grouped.setdefault(member_id, []).append(raw)
        return grouped
