"""Audiences in ClickHouse: worked out there, and frozen there, page by page."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError

from stores.audiences_contract import AUDIENCES, LIST, PAGE_MAX, Audience, Frozen
from stores.clickhouse import connect, not_done
from stores.question_files import QUESTIONS_FOLDER, assembled

FREEZE_SECONDS_MAX: Final = 600
# Memory is bounded: what is more goes to disk.
SETTINGS: Final = {
    "max_memory_usage": 4_000_000_000,
    "max_bytes_before_external_group_by": 1_000_000_000,
    "max_bytes_before_external_sort": 1_000_000_000,
    "max_execution_time": FREEZE_SECONDS_MAX,
}
_FOLDER: Final = QUESTIONS_FOLDER.parent / "audiences"
_STATEMENTS: Final = {
    kind: assembled(_FOLDER / f"{kind}.sql", _FOLDER, QUESTIONS_FOLDER)
    for kind in AUDIENCES
}
_COLUMNS: Final = ["audience", "member_id"]
_KEEP: Final = (
    "INSERT INTO campaign_member_rows (audience, member_id) "
    "SELECT {snapshot:String}, member_id FROM (\n"
)
_HOW_MANY: Final = "SELECT count() FROM campaign_members WHERE audience = {name:String}"
_NEXT: Final = (
    "SELECT DISTINCT member_id FROM campaign_member_rows "
    "WHERE audience = {snapshot:String} AND member_id > {after:String} "
    "ORDER BY member_id LIMIT {limit:UInt32}"
)
T = TypeVar("T")


class ClickHouseAudiences:
    """Who belongs, by ClickHouse's HTTP interface; calls wait for one another."""

    def __init__(self, url: str, database: str) -> None:
        """Connect when first used."""
        self._url = url
        self._database = database
        self._known: Client | None = None
        self._turn = asyncio.Lock()

    async def count(self, audience: Audience, now: int) -> Frozen:
        """How many belong to an audience at a time (ms)."""
        return await self._run(lambda client: _count(client, audience, now))

    async def freeze(self, snapshot: str, audience: Audience, now: int) -> Frozen:
        """Keep who belongs to an audience at a time (ms), under a name that is new."""

        def keep(client: Client) -> Frozen:
            client.command(
                f"{_KEEP}{_STATEMENTS[audience.kind]}\n)",
                parameters=_told(audience, now) | {"snapshot": snapshot},
                settings=SETTINGS,
            )
            members = _number(client, _HOW_MANY, {"name": snapshot})
            return Frozen(members, _refused(client, audience, members))

        return await self._run(keep)

    async def members(self, snapshot: str, *, after: str, limit: int) -> Sequence[str]:
        """The next members of a snapshot after an id, by id, at most PAGE_MAX."""
        told = {"snapshot": snapshot, "after": after, "limit": min(limit, PAGE_MAX)}
        result = await self._run(lambda client: client.query(_NEXT, parameters=told))
        return [row[0] for row in result.result_rows]

    async def add(self, list_id: str, member_ids: Sequence[str]) -> None:
        """Put ids on a list, at most PAGE_MAX; on it twice is on it once."""
        assert len(member_ids) <= PAGE_MAX, "the caller sends pages"
        if not member_ids:
            return
        rows = [[list_id, member_id] for member_id in member_ids]
        await self._run(
            lambda client: client.insert(
                "campaign_member_rows",
                rows,
                column_names=_COLUMNS,
                settings={"async_insert": 0},
            )
        )

    async def close(self) -> None:
        """Let go of all connections."""
        if self._known is not None:
            self._known.close()
            self._known = None

    async def _run(self, call: Callable[[Client], T]) -> T:
        # The client is one connection.
        async with self._turn:
            return await asyncio.to_thread(self._called, call)

    def _called(self, call: Callable[[Client], T]) -> T:
        try:
            if self._known is None:
                self._known = connect(
                    self._url, self._database, seconds_max=FREEZE_SECONDS_MAX + 5
                )
            return call(self._known)
        except (ClickHouseError, OSError) as error:
            raise not_done(error) from error


def _count(client: Client, audience: Audience, now: int) -> Frozen:
    statement = f"SELECT count() FROM (\n{_STATEMENTS[audience.kind]}\n)"  # noqa: S608 - our own statements
    members = _number(client, statement, _told(audience, now))
    return Frozen(members, _refused(client, audience, members))


def _refused(client: Client, audience: Audience, members: int) -> int:
    if audience.kind != LIST:
        return 0
    return _number(client, _HOW_MANY, {"name": audience.name}) - members


def _number(client: Client, statement: str, told: dict[str, Any]) -> int:
    result = client.query(statement, parameters=told, settings=SETTINGS)
    return int(result.result_rows[0][0])


def _told(audience: Audience, now: int) -> dict[str, Any]:
    return {
        "name": audience.name,
        "idle_days": audience.idle_days,
        "until_at": now,
    }
