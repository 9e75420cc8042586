"""The tables of ClickHouse as Parquet, in slices that fit into memory."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from clickhouse_connect.driver.exceptions import ClickHouseError

from stores.clickhouse import connect
from stores.unavailable import StoreUnavailable

FORMAT: Final = "Parquet"
SLICE_ROWS: Final = 500_000
# What the sink writes: a row may be there more than once, and counts once.
TABLES: Final = (
    "ledger_rows",
    "decision_rows",
    "offer_event_rows",
    "trigger_event_rows",
    "member_rows",
    "order_rows",
    "order_line_rows",
    "activity_rows",
    "message_rows",
    "message_delivery_rows",
)


class ClickHouseCopy:
    """Reads tables into files, and files into tables; calls block."""

    def __init__(self, url: str, database: str) -> None:
        """
        Connect.

        Raises: StoreUnavailable.
        """
        try:
            self._client = connect(url, database)
        except (ClickHouseError, OSError) as error:
            raise StoreUnavailable("clickhouse", str(error)[:500]) from error

    def write(self, folder: Path) -> Iterator[tuple[str, str, int]]:
        """
        Write every table; gives table, file and rows.

        Raises: StoreUnavailable.
        """
        try:
            for table in TABLES:
                yield from self._table(folder, table)
        except (ClickHouseError, OSError) as error:
            raise StoreUnavailable("clickhouse", str(error)[:500]) from error

    def read(self, folder: Path, name: str) -> None:
        """
        Insert the rows of a file into its table; rows that are there count once.

        Raises: StoreUnavailable.
        """
        table = name.partition(".")[0]
        data = (folder / name).read_bytes()
        try:
            self._client.raw_insert(table, insert_block=data, fmt=FORMAT)
        except (ClickHouseError, OSError) as error:
            raise StoreUnavailable("clickhouse", str(error)[:500]) from error

    def close(self) -> None:
        """Let go of all connections."""
        self._client.close()

    def _table(self, folder: Path, table: str) -> Iterator[tuple[str, str, int]]:
        rows = self._count(table, "1")
        slices = -(-rows // SLICE_ROWS)
        for number in range(slices):
            share = f"cityHash64(member_id) % {slices} = {number}"
            name = f"{table}.{number}.parquet"
            data = self._client.raw_query(
                f"SELECT * FROM {table} FINAL WHERE {share}",  # noqa: S608 - the names of our own tables
                fmt=FORMAT,
            )
            (folder / name).write_bytes(data)
            yield table, name, self._count(table, share)

    def _count(self, table: str, share: str) -> int:
        rows = self._client.query(
            f"SELECT count() FROM {table} FINAL WHERE {share}"  # noqa: S608 - the names of our own tables
        ).result_rows
        return int(rows[0][0])
