"""A folder of archived events: Parquet by topic and day, and how far it is."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from jobs.errors import JobRefused

MANIFEST: Final = "archive.json"
SCHEMA: Final = pa.schema(
    [
        ("offset", pa.int64()),
        ("recorded_at", pa.timestamp("ms", tz="UTC")),
        ("key", pa.binary()),
        ("value", pa.binary()),
    ]
)


class Row(NamedTuple):
    """A record as the broker had it: when it was taken (ms), its bytes."""

    offset: int
    recorded_at: int
    key: Any
    value: Any


class ArchiveFolder:
    """
    Files `<topic>/day=<UTC day>/<partition>-<first offset>.parquet`.

    `archive.json` tells the next offset of each partition; it is written after a
    file, and a file that it does not know of is written again.
    """

    def __init__(self, folder: Path) -> None:
        """Read how far it is; a folder that is not there is empty."""
        self.folder = folder
        path = folder / MANIFEST
        try:
            self._facts: dict[str, Any] = (
                json.loads(path.read_text()) if path.exists() else {}
            )
        except ValueError as error:
            raise JobRefused(f"{path} is not an archive's: {error}") from error

    @property
    def partitions(self) -> int:
        """Partitions that were archived, 0 while there is nothing."""
        return int(self._facts.get("partitions", 0))

    def check(self, partitions: int) -> None:
        """
        See that it is of an engine with so many partitions.

        Raises: JobRefused.
        """
        if self.partitions not in (0, partitions):
            raise JobRefused(
                f"{self.folder} is of {self.partitions} partitions, found "
                f"{partitions}: begin another folder"
            )
        self._facts.setdefault("partitions", partitions)

    def next_offset(self, topic: str, partition: int) -> int:
        """Where to go on."""
        return int(self._facts.get("next", {}).get(f"{topic}-{partition}", 0))

    def write(self, topic: str, partition: int, rows: Sequence[Row]) -> None:
        """Write rows of one day, and then how far it is."""
        day = datetime.fromtimestamp(rows[0].recorded_at / 1_000, UTC).date()
        folder = self.folder / topic / f"day={day}"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{partition}-{rows[0].offset}.parquet"
        draft = path.with_suffix(".part")
        columns = [list(column) for column in zip(*rows, strict=True)]
        table = pa.table(columns, schema=SCHEMA)
        pq.write_table(table, draft, compression="zstd")
        draft.replace(path)
        following = self._facts.setdefault("next", {})
        following[f"{topic}-{partition}"] = rows[-1].offset + 1
        self._save()

    def rows(self, topic: str, partition: int) -> Iterator[Row]:
        """Every row of a partition, in the order of offsets, each once."""
        found = sorted(
            (int(path.stem.partition("-")[2]), path)
            for path in (self.folder / topic).glob(f"day=*/{partition}-*.parquet")
        )
        following = 0
        for _, path in found:
            for batch in pq.ParquetFile(path).iter_batches():
                columns = batch.to_pydict()
                times = batch.column("recorded_at").cast(pa.int64()).to_pylist()
                for offset, at, key, value in zip(
                    columns["offset"],
                    times,
                    columns["key"],
                    columns["value"],
                    strict=True,
                ):
                    # After a crash two files may hold the same records.
                    if offset >= following:
                        yield Row(offset, at, key, value)
                        following = offset + 1

    def count(self, topic: str, partition: int) -> int:
        """Rows of a partition, as the files say."""
        return sum(
            pq.ParquetFile(path).metadata.num_rows
            for path in (self.folder / topic).glob(f"day=*/{partition}-*.parquet")
        )

    def _save(self) -> None:
        draft = self.folder / f"{MANIFEST}.part"
        draft.write_text(json.dumps(self._facts, indent=2, sort_keys=True) + "\n")
        draft.replace(self.folder / MANIFEST)
