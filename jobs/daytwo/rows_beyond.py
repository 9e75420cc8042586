"""
Rows of ClickHouse that tell of more than the states of a backup: found, and let go.

While tables were copied the engine went on. What it decided meanwhile is decided again
from the sources, perhaps under other versions: its rows must not stay beside the new
ones, neither in the tables nor in those that are kept by day.
"""

from collections.abc import Sequence
from typing import Any, Final

from clickhouse_connect.driver.exceptions import ClickHouseError

from stores.clickhouse import connect, not_done

MEMBERS: Final = "member_rows"
# Every table whose rows are of a version of a member; what feeds others comes first.
TABLES: Final = (
    "ledger_rows",
    "decision_rows",
    "offer_event_rows",
    "trigger_event_rows",
    "message_rows",
    "ledger_day_rows",
    "decision_day_rows",
    "offer_day_rows",
    "trigger_day_rows",
    MEMBERS,
)
# Tables of one restore: which version of each member is kept, and what is beyond.
KEPT: Final = "restore_kept_versions"
BEYOND: Final = "restore_rows_beyond"
# Pairs of member and version that one statement deletes by.
SHARE_ROWS: Final = 500_000
# Ids that one statement may name: it may have 262,144 bytes.
NAMES_MAX: Final = 500
STATEMENT_SECONDS_MAX: Final = 3_600
# Memory is bounded: what is more goes to disk.
SETTINGS: Final = {
    "join_algorithm": "full_sorting_merge",
    "max_bytes_before_external_sort": 1_000_000_000,
    "max_bytes_before_external_group_by": 1_000_000_000,
    "max_execution_time": STATEMENT_SECONDS_MAX,
}


class RowsBeyond:
    """Compares tables with the versions that are kept; calls block."""

    def __init__(self, url: str, database: str) -> None:
        """
        Connect, and forget what an earlier restore had kept.

        Raises: StoreUnavailable.
        """
        self._database = database
        try:
            self._client = connect(url, database, seconds_max=STATEMENT_SECONDS_MAX)
        except (ClickHouseError, OSError) as error:
            raise not_done(error) from error
        self._drop()
        self._command(
            f"CREATE TABLE {KEPT} (member_id String, version UInt64, partition UInt16) "
            "ENGINE = MergeTree ORDER BY member_id"
        )
        self._command(
            f"CREATE TABLE {BEYOND} (source LowCardinality(String), member_id String, "
            "version UInt64, partition UInt16) "
            "ENGINE = MergeTree ORDER BY (source, partition, member_id)"
        )

    def keep(self, partition: int, versions: Sequence[tuple[str, int]]) -> None:
        """
        Say which version members of a partition have.

        Raises: StoreUnavailable.
        """
        rows = [(name, version, partition) for name, version in versions]
        try:
            self._client.insert(
                KEPT, rows, column_names=["member_id", "version", "partition"]
            )
        except (ClickHouseError, OSError) as error:
            raise not_done(error) from error

    def versions_of(self, member_ids: Sequence[str]) -> dict[str, int]:
        """
        Which versions of some members are kept; whoever is not kept is left out.

        Raises: StoreUnavailable.
        """
        found: dict[str, int] = {}
        for start in range(0, len(member_ids), NAMES_MAX):
            names = list(member_ids[start : start + NAMES_MAX])
            found |= self._rows(
                f"SELECT member_id, version FROM {KEPT} "  # noqa: S608 - a name of ours
                "WHERE member_id IN %(names)s",
                {"names": names},
            )
        return found

    def let_go(self) -> int:
        """
        Delete all rows beyond, also of members who are not kept; return how many.

        Raises: StoreUnavailable.
        """
        self._command(f"TRUNCATE TABLE {BEYOND}")
        return sum(self._let_go(table) for table in TABLES)

    def members_of(self, partition: int) -> set[str]:
        """
        Kept members of a partition whose own row was let go.

        Raises: StoreUnavailable.
        """
        found = self._rows(
            f"SELECT DISTINCT member_id FROM {BEYOND} "  # noqa: S608 - a name of ours
            f"WHERE source = '{MEMBERS}' AND partition = {int(partition)}"
        )
        return {str(name) for (name,) in found}

    def left(self) -> dict[str, int]:
        """
        Rows beyond by table, of tables that have any.

        Raises: StoreUnavailable.
        """
        counts = {table: self._number(_beyond("count()", table)) for table in TABLES}
        return {table: count for table, count in counts.items() if count}

    def behind(self) -> int:
        """
        Kept members whose own row or latest decision is of an earlier version.

        Raises: StoreUnavailable.
        """
        latest = "SELECT member_id, max(version) AS told FROM {} GROUP BY member_id"
        told = " UNION ALL ".join(map(latest.format, ("decision_rows", MEMBERS)))
        return self._number(
            "SELECT countIf(tables < 2 OR least < version) FROM (SELECT k.member_id, "  # noqa: S608 - names of ours
            "any(k.version) AS version, countIf(t.told > 0) AS tables, "
            f"min(t.told) AS least FROM {KEPT} AS k LEFT JOIN ({told}) AS t "
            "ON k.member_id = t.member_id GROUP BY k.member_id)"
        )

    def close(self) -> None:
        """
        Leave nothing of it in the database.

        Raises: StoreUnavailable.
        """
        self._drop()
        self._client.close()

    def _let_go(self, table: str) -> int:
        columns = f"'{table}', t.member_id, t.version, k.partition"
        self._command(f"INSERT INTO {BEYOND} {_beyond(columns, table)}", SETTINGS)
        of_table = f"FROM {self._database}.{BEYOND} WHERE source = '{table}'"
        count = self._number(f"SELECT count() {of_table}")
        shares = -(-count // SHARE_ROWS)
        for number in range(shares):
            share = f"cityHash64(member_id) % {shares} = {number}"
            self._command(
                f"DELETE FROM {table} WHERE (member_id, version) IN "  # noqa: S608 - names of ours
                f"(SELECT member_id, version {of_table} AND {share})",
                {"lightweight_deletes_sync": 2},
            )
        return count

    def _drop(self) -> None:
        for table in (KEPT, BEYOND):
            self._command(f"DROP TABLE IF EXISTS {table} SYNC")

    def _number(self, statement: str) -> int:
        ((number,),) = self._rows(statement)
        return int(number)

    def _rows(self, statement: str, told: dict[str, Any] | None = None) -> Any:
        try:
            rows = self._client.query(statement, told, settings=SETTINGS).result_rows
        except (ClickHouseError, OSError) as error:
            raise not_done(error) from error
        return rows

    def _command(self, statement: str, settings: dict[str, Any] | None = None) -> None:
        try:
            self._client.command(statement, settings=settings)
        except (ClickHouseError, OSError) as error:
            raise not_done(error) from error


def _beyond(columns: str, table: str) -> str:
    """Statement that finds rows beyond; of a member who is not kept all are."""
    return (
        f"SELECT {columns} FROM {table} AS t LEFT JOIN {KEPT} AS k "  # noqa: S608 - names of ours
        "ON t.member_id = k.member_id WHERE t.version > k.version"
    )
