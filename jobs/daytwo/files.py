"""Files of a backup: Avro containers, and a manifest that knows what each must be."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import fastavro

from jobs.errors import JobRefused

MANIFEST: Final = "manifest.json"
FORMAT: Final = 1
READ_BYTES: Final = 1_048_576
# A record of a log, or a key of Redis: `at` is the broker's time, or what is left to
# live, in ms; -1 is none.
ENTRY: Final = fastavro.parse_schema(
    {
        "type": "record",
        "name": "Entry",
        "namespace": "regulars.backup",
        "fields": [
            {"name": "partition", "type": "int"},
            {"name": "offset", "type": "long"},
            {"name": "at", "type": "long"},
            {"name": "key", "type": ["null", "bytes"]},
            {"name": "value", "type": ["null", "bytes"]},
        ],
    }
)


class Entry(NamedTuple):
    """One thing that was kept; `offset` is where it stood, -1 where it has none."""

    partition: int
    offset: int
    at: int
    key: bytes | None
    value: bytes | None


class BackupFolder:
    """A folder of files, whole only once its manifest is written."""

    def __init__(self, folder: Path) -> None:
        """Say where."""
        self.folder = folder
        self._files: dict[str, dict[str, Any]] = {}

    def begin(self) -> None:
        """
        Make the folder.

        Raises: JobRefused when something is there already.
        """
        if self.folder.exists() and any(self.folder.iterdir()):
            raise JobRefused(f"{self.folder} is not empty: name a new folder")
        self.folder.mkdir(parents=True, exist_ok=True)

    def write(self, name: str, entries: Iterable[Entry]) -> int:
        """Write entries as `<name>.avro`; return how many."""
        count = 0

        def counted() -> Iterator[dict[str, Any]]:
            nonlocal count
            for entry in entries:
                count += 1
                yield entry._asdict()

        path = self.folder / f"{name}.avro"
        with path.open("wb") as out:
            fastavro.writer(out, ENTRY, counted(), codec="deflate")
        self.note(path.name, records=count)
        return count

    def note(self, name: str, *, records: int) -> None:
        """Take a file that was written into the manifest."""
        path = self.folder / name
        self._files[name] = {
            "records": records,
            "bytes": path.stat().st_size,
            "sha256": _digest(path),
        }

    def finish(self, facts: Mapping[str, Any]) -> None:
        """Write the manifest: from now on it is a backup."""
        document = {"format": FORMAT, **facts, "files": self._files}
        text = json.dumps(document, indent=2, sort_keys=True)
        (self.folder / MANIFEST).write_text(text + "\n")

    def check(self) -> dict[str, Any]:
        """
        Read the manifest, and compare every file with it.

        Raises: JobRefused naming what is not as it was written.
        """
        path = self.folder / MANIFEST
        try:
            manifest: dict[str, Any] = json.loads(path.read_text())
        except (OSError, ValueError) as error:
            raise JobRefused(f"{path} is no manifest of a backup: {error}") from error
        if manifest.get("format") != FORMAT:
            raise JobRefused(f"{path}: expected format {FORMAT}")
        for name, file in manifest["files"].items():
            one = self.folder / name
            if not one.is_file() or _digest(one) != file["sha256"]:
                raise JobRefused(f"{one} is not as it was written: its digest differs")
        return manifest

    def read(self, name: str) -> Iterator[Entry]:
        """Entries of `<name>.avro`; none where there is no such file."""
        path = self.folder / f"{name}.avro"
        if not path.exists():
            return
        with path.open("rb") as source:
            for record in fastavro.reader(source):
                assert isinstance(record, dict), "ENTRY is a record"
                yield Entry(**record)


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as source:
        while piece := source.read(READ_BYTES):
            digest.update(piece)
    return digest.hexdigest()
