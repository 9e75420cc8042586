"""ClickHouse: insert what happened, answer what is asked."""

import asyncio
import uuid
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from threading import local
from typing import Any, Final

from clickhouse_connect.datatypes.base import ClickHouseType
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError

from loyalty.messages import Message, MessageValue
from schemas.deliveries import DeliveryEvent
from schemas.update_reader import Update
from stores.analytics_contract import Received, ReceivedActivity
from stores.analytics_rows import (
    Columns,
    activity_columns,
    delivery_columns,
    order_columns,
    update_columns,
)
from stores.clickhouse import connect, insert_columns, not_done
from stores.history_rows import (
    ALL_ENTRIES,
    DecisionRow,
    LedgerFilter,
    LedgerRow,
    Movement,
    OfferChange,
    TimelineRow,
    TriggerFired,
)
from stores.unavailable import StoreUnavailable

QUERIES: Final = Path(__file__).parent / "queries"
THREADS: Final = 4
# Somebody waits for these; what is asked of everything may take the client's time.
ANSWER_SECONDS_MAX: Final = 8.0
FIRST_PAGE: Final = (2**63, 0)


class ClickHouseAnalytics:
    """Analytics in ClickHouse, by its HTTP interface, a client for each thread."""

    def __init__(self, url: str, database: str) -> None:
        """Connect when first used."""
        self._url = url
        self._database = database
        self._threads = ThreadPoolExecutor(THREADS, "clickhouse")
        self._local = local()
        self._types: dict[str, Sequence[ClickHouseType]] = {}

    async def insert_updates(self, updates: Sequence[Update], *, token: str) -> None:
        """Insert what decoded member updates say; a repeated token changes nothing."""
        if updates:
            await self._run(self._insert, update_columns(updates), token)

    async def insert_orders(self, orders: Sequence[Received], *, token: str) -> None:
        """Insert orders with the time (ms) at which the broker took each."""
        if orders:
            await self._run(self._insert, order_columns(orders), token)

    async def insert_activity(
        self, activity: Sequence[ReceivedActivity], *, token: str
    ) -> None:
        """Insert acts with the time (ms) at which the broker took each."""
        if activity:
            await self._run(self._insert, activity_columns(activity), token)

    async def insert_deliveries(
        self, deliveries: Sequence[DeliveryEvent], *, token: str
    ) -> None:
        """Insert what became of attempts to deliver."""
        if deliveries:
            await self._run(self._insert, delivery_columns(deliveries), token)

    async def deliveries_page(
        self, member_id: str, *, limit: int
    ) -> list[DeliveryEvent]:
        """Latest attempts to deliver something to a member."""
        parameters = {"member_id": member_id, "limit": limit}
        rows = await self._answer("deliveries_page", parameters)
        return [DeliveryEvent(*row) for row in rows]

    async def messages_page(self, member_id: str, *, limit: int) -> list[Message]:
        """Latest messages that were decided for a member, whatever became of them."""
        parameters = {"member_id": member_id, "limit": limit}
        rows = await self._answer("messages_page", parameters)
        return [_message(*row) for row in rows]

    async def ledger_page(
        self,
        member_id: str,
        *,
        before: tuple[int, int] | None,
        limit: int,
        entries: LedgerFilter = ALL_ENTRIES,
    ) -> list[LedgerRow]:
        """Newest entries of a member that a filter lets through, before a place."""
        version, number = before or FIRST_PAGE
        parameters = {
            "member_id": member_id,
            "before_version": version,
            "before_number": number,
            "limit": limit,
            **entries._asdict(),
        }
        return [
            LedgerRow(*row) for row in await self._answer("ledger_page", parameters)
        ]

    async def balances_at(self, member_id: str, at: int) -> dict[str, int]:
        """Sum by wallet of a member's entries up to a time (ms)."""
        parameters = {"member_id": member_id, "at": at}
        rows = await self._answer("balances_at", parameters)
        return {wallet: int(balance) for wallet, balance in rows}

    async def decisions_page(
        self, member_id: str, *, before: int | None, limit: int
    ) -> list[DecisionRow]:
        """Newest decisions about a member, or those before a version."""
        parameters = {
            "member_id": member_id,
            "before_version": before or FIRST_PAGE[0],
            "limit": limit,
        }
        rows = await self._answer("decisions_page", parameters)
        return [DecisionRow(*row) for row in rows]

    async def timeline_page(
        self, member_id: str, *, before: int | None, limit: int
    ) -> list[TimelineRow]:
        """Newest decisions about a member with what each brought, or before one."""
        parameters = {
            "member_id": member_id,
            "before_version": before or FIRST_PAGE[0],
            "limit": limit,
        }
        rows = await self._answer("timeline_page", parameters)
        return [_timeline_row(row) for row in rows]

    async def totals(self) -> dict[str, int]:
        """What it all comes to; see queries/totals.sql."""
        named = await self._run(self._named, "totals")
        return {name: int(value) for name, value in named.items()}

    async def tiers(self) -> dict[str, int]:
        """Members by tier, most first."""
        rows = await self._run(self._query, "tiers", {})
        return {tier: int(members) for tier, members in rows}

    async def standing(
        self, member_ids: Sequence[str]
    ) -> dict[str, tuple[int, int, int, tuple[tuple[str, int], ...]]]:
        """
        Version and balance of members, their latest decision, entries' sums by wallet.

        For jobs that compare; whoever is not known is left out.
        """
        rows = await self._run(
            self._query, "reconcile", {"member_ids": list(member_ids)}
        )
        return {
            name: (
                int(version),
                int(balance) if version else 0,
                int(told),
                tuple((wallet, int(points)) for wallet, points in ledger),
            )
            for name, version, balance, told, ledger in rows
        }

    async def replace_member(self, stands: Update, *, found: int) -> None:
        """Write one member's row over the version found; a newer one stays."""
        await self._run(self._replace_member, stands, found)

    async def ping(self) -> None:
        """Answer, or raise."""
        if not await self._run(self._pings, seconds_max=ANSWER_SECONDS_MAX):
            raise StoreUnavailable("clickhouse", "does not answer a ping")

    async def close(self) -> None:
        """Let go of all connections."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _answer(self, name: str, parameters: dict[str, Any]) -> Sequence[Any]:
        """Rows for somebody who waits."""
        rows: Sequence[Any] = await self._run(
            self._query, name, parameters, seconds_max=ANSWER_SECONDS_MAX
        )
        return rows

    async def _run(
        self, call: Any, *arguments: Any, seconds_max: float | None = None
    ) -> Any:
        loop = asyncio.get_running_loop()
        answer = loop.run_in_executor(self._threads, call, *arguments)
        try:
            return await asyncio.wait_for(answer, seconds_max)
        except (ClickHouseError, OSError) as error:
            raise not_done(error) from error

    def _insert(self, tables: Mapping[str, Columns], token: str) -> None:
        for table, columns in tables.items():
            if any(columns.values()):
                self._insert_table(table, columns, token)

    def _insert_table(self, table: str, columns: Columns, token: str) -> None:
        self._types[table] = insert_columns(
            self._client(),
            table,
            columns,
            # Asked once, and again after a failure: a migration may have changed them.
            types=self._types.pop(table, None),
            settings={
                "insert_deduplication_token": f"{token}:{table}",
                # Servers that gather small inserts need not heed the token.
                "async_insert": 0,
                # Taken, but not copied when a server died in between: then copied.
                "deduplicate_blocks_in_dependent_materialized_views": 1,
            },
        )

    def _replace_member(self, stands: Update, found: int) -> None:
        client = self._client()
        client.command(
            "DELETE FROM member_rows WHERE member_id = {member_id:String} "
            "AND version <= {found:UInt64}",
            {"member_id": stands.member_id, "found": found},
            settings={"lightweight_deletes_sync": 2},
        )
        columns = update_columns([stands])["member_rows"]
        token = f"repair:{stands.member_id}:{uuid.uuid4().hex}"
        self._insert_table("member_rows", columns, token)

    def _query(self, name: str, parameters: dict[str, Any]) -> Sequence[Any]:
        answer = self._client().query(_statement(name), parameters=parameters)
        rows: Sequence[Any] = answer.result_rows
        return rows

    def _named(self, name: str) -> dict[str, Any]:
        return next(iter(self._client().query(_statement(name)).named_results()))

    def _pings(self) -> bool:
        return self._client().ping()

    def _client(self) -> Client:
        client: Client | None = getattr(self._local, "client", None)
        if client is None:
            client = connect(self._url, self._database)
            self._local.client = client
        return client


def _timeline_row(row: Sequence[Any]) -> TimelineRow:
    found = TimelineRow(*row)
    return found._replace(
        entries=tuple(Movement(*one) for one in found.entries),
        offers=tuple(OfferChange(*one) for one in found.offers),
        triggers=tuple(TriggerFired(*one) for one in found.triggers),
    )


@cache
def _statement(name: str) -> str:
    return (QUERIES / f"{name}.sql").read_text()


def _message(*row: Any) -> Message:
    told = Message(*row)
    values = tuple(MessageValue(*pair) for pair in dict(told.values).items())
    return told._replace(values=values)
