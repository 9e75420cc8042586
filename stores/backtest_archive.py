"""ClickHouse for backtests: history to replay, and what was found of each member."""

from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

import msgspec
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError

from loyalty.backtest.findings import Cell, MemberFinding
from loyalty.events import ActivityEvent, MemberEvent, OrderEvent
from stores.clickhouse import connect, insert_columns
from stores.unavailable import StoreUnavailable

INSERT_ROWS: Final = 100_000
_MEMBER_COLUMNS: Final = tuple(
    name for name in MemberFinding._fields if name not in ("member_id", "place")
)


class Archived(NamedTuple):
    """Events by member with their time of arrival (ms); how many are in part only."""

    events: dict[str, list[tuple[int, MemberEvent]]]
    without_event: int


class History(Protocol):
    """What there was; every call raises StoreUnavailable when it cannot be done now."""

    def count(self, until: int) -> int:
        """Events that had arrived at a time (ms)."""

    def read(self, part: int, parts: int, *, until: int) -> Archived:
        """Events of the members of one part of so many, sorted as they arrived."""

    def close(self) -> None:
        """Let go of all connections."""


class Drill(Protocol):
    """Where analysts look further; as `History`, and a repeat changes nothing."""

    def members(
        self, backtest_id: str, found: Sequence[MemberFinding], *, at: int
    ) -> None:
        """Keep what was found of members at a time (ms)."""

    def cells(self, backtest_id: str, cells: Sequence[Cell], *, at: int) -> None:
        """Keep the sums of a backtest that ended at a time (ms)."""

    def close(self) -> None:
        """Let go of all connections."""


class _Connected:
    """One client, made when first used; for one thread."""

    def __init__(self, url: str, database: str) -> None:
        self._url = url
        self._database = database
        self._known: Client | None = None

    def close(self) -> None:
        """Let go of all connections."""
        if self._known is not None:
            self._known.close()
            self._known = None

    def _client(self) -> Client:
        if self._known is None:
            try:
                self._known = connect(self._url, self._database)
            except (ClickHouseError, OSError) as error:
                raise _unavailable(error) from error
        return self._known


class ClickHouseHistory(_Connected):
    """Orders and acts as the sink wrote them."""

    def count(self, until: int) -> int:
        """Events that had arrived at a time (ms)."""
        rows = self._rows(
            "SELECT (SELECT count() FROM orders WHERE recorded_at <= "
            "fromUnixTimestamp64Milli({until:Int64})) + (SELECT count() FROM activity "
            "WHERE recorded_at <= fromUnixTimestamp64Milli({until:Int64}))",
            {"until": until},
        )
        return int(rows[0][0])

    def read(self, part: int, parts: int, *, until: int) -> Archived:
        """Events of the members of one part of so many, sorted as they arrived."""
        found = Archived({}, 0)
        placed: list[tuple[int, int, int, str, str]] = []
        for place, table in enumerate(("orders", "activity")):
            rows = self._rows(
                "SELECT toUnixTimestamp64Milli(recorded_at), offset, member_id, event "  # noqa: S608 - the names of our own tables
                f"FROM {table} WHERE cityHash64(member_id) % {{parts:UInt32}} = "
                "{part:UInt32} AND recorded_at <= "
                "fromUnixTimestamp64Milli({until:Int64})",
                {"part": part, "parts": parts, "until": until},
            )
            placed += [
                (int(at), place, int(offset), name, event)
                for at, offset, name, event in rows
            ]
        without = 0
        # As from Kafka: by arrival, in one millisecond by topic, then by offset.
        for at, place, _, member_id, event in sorted(placed):
            if not event:
                without += 1
                continue
            decoded = (_ORDERS if place == 0 else _ACTS).decode(event)
            found.events.setdefault(member_id, []).append((at, decoded))
        return found._replace(without_event=without)

    def _rows(self, query: str, parameters: dict[str, int]) -> Sequence[Sequence[str]]:
        client = self._client()
        try:
            rows: Sequence[Sequence[str]] = client.query(query, parameters).result_rows
        except (ClickHouseError, OSError) as error:
            raise _unavailable(error) from error
        return rows


class ClickHouseDrill(_Connected):
    """Members and sums of backtests in tables of their own."""

    def members(
        self, backtest_id: str, found: Sequence[MemberFinding], *, at: int
    ) -> None:
        """Keep what was found of members at a time (ms)."""
        names = ("backtest_id", "member_id", *_MEMBER_COLUMNS, "folded_at")
        for start in range(0, len(found), INSERT_ROWS):
            chunk = found[start : start + INSERT_ROWS]
            columns: list[Sequence[object]] = [
                [backtest_id] * len(chunk),
                [one.member_id for one in chunk],
            ]
            columns += [
                [getattr(one, name) for one in chunk] for name in _MEMBER_COLUMNS
            ]
            columns.append([at] * len(chunk))
            self._insert("backtest_member_rows", names, columns)

    def cells(self, backtest_id: str, cells: Sequence[Cell], *, at: int) -> None:
        """Keep the sums of a backtest that ended at a time (ms)."""
        names = ("backtest_id", *Cell._fields, "finished_at")
        columns: list[Sequence[object]] = [[backtest_id] * len(cells)]
        columns += [[getattr(one, name) for one in cells] for name in Cell._fields]
        columns.append([at] * len(cells))
        if cells:
            self._insert("backtest_cell_rows", names, columns)

    def _insert(
        self, table: str, names: Sequence[str], columns: Sequence[Sequence[object]]
    ) -> None:
        named = dict(zip(names, columns, strict=True))
        try:
            insert_columns(self._client(), table, named, settings={"async_insert": 0})
        except (ClickHouseError, OSError) as error:
            raise _unavailable(error) from error


def _unavailable(error: Exception) -> StoreUnavailable:
    return StoreUnavailable("clickhouse", str(error)[:500])


_ORDERS: Final = msgspec.json.Decoder(OrderEvent)
_ACTS: Final = msgspec.json.Decoder(ActivityEvent)
