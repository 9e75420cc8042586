"""Archived events: each once, a day a folder, and a crash between two writes."""

from pathlib import Path

import pytest

from jobs.backtesting.choice import source_of
from jobs.backtesting.parquet_files import MANIFEST, ArchiveFolder, Row
from jobs.errors import JobRefused
from loyalty.limits import DAY_MS
from runtime.settings import Settings
from schemas.events import EventCodec
from tests.builders import NOON, an_order

CODEC = EventCodec()


def some_rows(first: int, count: int, day: int = 0) -> list[Row]:
    """Orders of four members at a day's noon."""
    return [
        Row(
            offset,
            NOON + day * DAY_MS + offset,
            f"m{offset % 4}".encode(),
            CODEC.encode_order(
                an_order(f"o{offset}", member_id=f"m{offset % 4}", occurred_at=NOON)
            ),
        )
        for offset in range(first, first + count)
    ]


@pytest.fixture
def folder(tmp_path: Path) -> ArchiveFolder:
    made = ArchiveFolder(tmp_path)
    made.check(2)
    return made


def test_rows_come_back_as_they_were_a_day_a_folder(folder: ArchiveFolder) -> None:
    rows = some_rows(0, 5), some_rows(5, 4, day=1)
    for some in rows:
        folder.write("orders", 1, some)

    assert list(folder.rows("orders", 1)) == [*rows[0], *rows[1]]
    assert list(folder.rows("orders", 0)) == []
    assert folder.next_offset("orders", 1) == 9
    assert len(list((folder.folder / "orders").iterdir())) == 2
    assert ArchiveFolder(folder.folder).next_offset("orders", 1) == 9


def test_after_a_crash_before_the_manifest_no_record_is_there_twice(
    folder: ArchiveFolder,
) -> None:
    folder.write("orders", 0, some_rows(0, 3))
    known = (folder.folder / MANIFEST).read_text()
    folder.write("orders", 0, some_rows(3, 3))
    (folder.folder / MANIFEST).write_text(known)

    resumed = ArchiveFolder(folder.folder)
    resumed.write("orders", 0, some_rows(3, 5))

    assert [row.offset for row in resumed.rows("orders", 0)] == list(range(8))


def test_an_archive_is_of_one_number_of_partitions(folder: ArchiveFolder) -> None:
    folder.write("orders", 0, some_rows(0, 1))

    with pytest.raises(JobRefused, match="is of 2 partitions, found 3"):
        ArchiveFolder(folder.folder).check(3)


def test_a_backtest_reads_members_with_all_that_they_did(folder: ArchiveFolder) -> None:
    folder.write("orders", 0, some_rows(0, 8))
    folder.write("orders", 1, [Row(0, NOON, b"x", b"not a record")])
    source = source_of("parquet", Settings(archive_folder=str(folder.folder)))
    shards = source.shards()

    found = dict(source.read(shards[0], 100))
    broken = dict(source.read(shards[1], 100))

    assert [shard.records for shard in shards] == [8, 1]
    assert {name: len(events) for name, events in found.items()} == dict.fromkeys(
        ["m0", "m1", "m2", "m3"], 2
    )
    assert broken == {}
    assert source.malformed == {"wrong-magic": 1}


@pytest.mark.parametrize("where", ["", "nowhere"])
def test_a_source_without_an_archive_says_so(tmp_path: Path, where: str) -> None:
    named = str(tmp_path / where) if where else ""

    with pytest.raises(JobRefused, match="archive"):
        source_of("parquet", Settings(archive_folder=named))
