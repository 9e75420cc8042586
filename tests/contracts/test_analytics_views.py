"""What analysts read: each thing once, whatever was inserted how often."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from clickhouse_connect.driver.client import Client

from jobs.migrate_clickhouse import MIGRATIONS, migrate
from local.stack import Stack
from loyalty.events import Tick
from loyalty.view import view_of
from schemas.update_reader import Update, UpdateReader
from schemas.updates import Source, UpdateCodec, change_record
from stores.analytics import ClickHouseAnalytics
from stores.analytics_contract import Analytics, Received, ReceivedActivity
from stores.clickhouse import connect
from stores.memory_analytics import MemoryAnalytics
from tests.builders import (
    A_FULL_PROGRAM,
    DAY,
    NOON,
    a_line,
    a_refund,
    an_activity,
    an_order,
)
from tests.rules.folding import fold

READER = UpdateReader()

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(120)]
DATABASE = "views"
VIEWS = (
    "ledger",
    "decisions",
    "offer_events",
    "trigger_events",
    "members",
    "orders",
    "order_lines",
    "activity",
)
Insert = Callable[[Analytics], Awaitable[Any]]


@pytest.fixture
def client(servers: Stack) -> Client:
    """A database with tables and nothing in them."""
    url = servers.addresses()["clickhouse_url"]
    connect(url).command(f"DROP DATABASE IF EXISTS {DATABASE}")
    migrate(connect(url), DATABASE)
    return connect(url, DATABASE)


def insert(servers: Stack, something: Insert) -> None:
    """Insert through the real store."""

    async def inside() -> None:
        analytics = ClickHouseAnalytics(servers.addresses()["clickhouse_url"], DATABASE)
        await something(analytics)
        await analytics.close()

    asyncio.run(inside())


def counts(client: Client, suffix: str = "") -> dict[str, int]:
    """Rows by view."""
    return {
        name: int(str(client.command(f"SELECT count() FROM {name}{suffix}")))
        for name in VIEWS
    }


def updates_of(member_id: str, *, batch: int) -> list[Update]:
    """
    Updates of a member who orders six times, has a refund and lets all expire.

    `batch`: how many events the engine decided at a time.
    """
    events = [
        *(an_order(f"o{n}", subtotal_minor=45_00, occurred_at=NOON + n) for n in range(6)),
        a_refund("o0", amount_minor=9_00),
        Tick(NOON + 60 * DAY),
    ]  # fmt: skip
    codec = UpdateCodec()
    updates = []
    for end in range(batch, len(events) + batch, batch):
        folded = fold(events[:end], A_FULL_PROGRAM)
        changes = [
            change_record(
                outcome,
                Source("orders", n, NOON + n + 5),
                event_id=f"e{n}",
                event_kind="order.placed",
                occurred_at=NOON + n,
                order_id="o",
            )
            for n, outcome in list(enumerate(folded.outcomes))[end - batch :]
        ]
        view = view_of("member-1", folded.member, A_FULL_PROGRAM)
        updates.append(READER.read(codec.encode(member_id, view, changes)))
    return updates


async def _everything(analytics: Analytics, token: str, records: slice) -> None:
    updates = [u for name in ("a", "b") for u in updates_of(name, batch=2)]
    orders = [Received(an_order(f"o{n}", lines=(a_line(), a_line(5_00))), NOON) for n in range(4)]  # fmt: skip
    acts = [ReceivedActivity(an_activity(f"act-{n}"), NOON) for n in range(4)]
    await analytics.insert_updates(updates[records], token=token)
    await analytics.insert_orders(orders[records], token=token)
    await analytics.insert_activity(acts[records], token=token)


def test_a_batch_sent_again_adds_no_row(servers: Stack, client: Client) -> None:
    """Not even to the tables: the token is known."""
    client.command(f"SYSTEM STOP MERGES {DATABASE}.ledger_rows")

    async def something(analytics: Analytics) -> None:
        for _ in range(3):
            await _everything(analytics, "t:0:0-8", slice(0, 8))

    insert(servers, something)

    tables = ("ledger", "decision", "offer_event", "member", "order", "order_line")
    rows = {n: client.command(f"SELECT count() FROM {n}_rows") for n in tables}
    assert rows == {
        "ledger": 26,
        "decision": 16,
        "offer_event": 8,
        "member": 2,
        "order": 4,
        "order_line": 8,
    }


def test_other_edges_of_batches_leave_the_views_as_they_are(
    servers: Stack, client: Client
) -> None:
    async def once(analytics: Analytics) -> None:
        await _everything(analytics, "t:0:0-8", slice(0, 8))

    async def again(analytics: Analytics) -> None:
        await _everything(analytics, "t:0:2-8", slice(2, 8))
        await _everything(analytics, "t:0:0-3", slice(0, 3))
        await _everything(analytics, "t:0:3-5", slice(3, 5))

    sums = "SELECT sum(points), sum(cityHash64(*)) FROM ledger"
    client.command(f"SYSTEM STOP MERGES {DATABASE}.ledger_rows")
    insert(servers, once)
    before = counts(client), client.query(sums).result_rows
    insert(servers, again)
    after = counts(client), client.query(sums).result_rows

    assert after == before
    assert int(str(client.command("SELECT count() FROM ledger_rows"))) > 26


def test_the_latest_version_of_a_member_is_shown_whatever_came_last(
    servers: Stack, client: Client
) -> None:
    first, *_, last = updates_of("a", batch=2)

    async def something(analytics: Analytics) -> None:
        await analytics.insert_updates([last, first], token="a")
        await analytics.insert_updates([first], token="b")

    insert(servers, something)

    row = client.query(
        "SELECT version, balance, tier, tier_points, offers, "
        "toUnixTimestamp64Milli(updated_at) FROM members"
    ).result_rows
    assert row == [(last.version, 0, last.tier, 0, [], NOON + 12)]


def test_what_a_member_holds_is_shown_in_columns(
    servers: Stack, client: Client
) -> None:
    update = updates_of("a", batch=4)[0]

    async def something(analytics: Analytics) -> None:
        await analytics.insert_updates([update], token="a")

    insert(servers, something)

    rows = client.query("SELECT balance, tier_points, offers FROM members").result_rows
    assert rows == [(180, 180, ["coffee"])]


@pytest.mark.parametrize("kind", ["clickhouse", "memory"])
def test_of_two_orders_with_one_id_the_first_counts(
    servers: Stack, client: Client, kind: str
) -> None:
    first = Received(an_order(event_id="x", subtotal_minor=10_00), NOON + 1)
    second = Received(an_order(event_id="y", subtotal_minor=99_00), NOON + 2)

    async def totals(analytics: Analytics) -> dict[str, int]:
        for token, order in (("a", second), ("b", first), ("c", second)):
            await analytics.insert_orders([order], token=token)
        return await analytics.totals()

    if kind == "memory":
        found = asyncio.run(totals(MemoryAnalytics()))
    else:
        insert(servers, totals)
        url = servers.addresses()["clickhouse_url"]
        found = asyncio.run(ClickHouseAnalytics(url, DATABASE).totals())

    assert (found["orders"], found["order_value_minor"]) == (1, 10_00)


@pytest.mark.parametrize("kind", ["clickhouse", "memory"])
def test_members_are_counted_in_the_tier_of_their_latest_version(
    servers: Stack, client: Client, kind: str
) -> None:
    async def something(analytics: Analytics) -> dict[str, int]:
        assert await analytics.tiers() == {}
        now_base = updates_of("a", batch=2)
        still_gold = [u._replace(member_id=name) for name in "bc" for u in now_base[:2]]
        await analytics.insert_updates([*now_base, *still_gold], token="a")
        return await analytics.tiers()

    url = servers.addresses()["clickhouse_url"]
    analytics = (
        MemoryAnalytics() if kind == "memory" else ClickHouseAnalytics(url, DATABASE)
    )

    assert asyncio.run(something(analytics)) == {"gold": 2, "base": 1}


@pytest.mark.parametrize("kind", ["clickhouse", "memory"])
def test_totals_of_nothing_are_noughts(
    servers: Stack, client: Client, kind: str
) -> None:
    url = servers.addresses()["clickhouse_url"]
    analytics = (
        MemoryAnalytics() if kind == "memory" else ClickHouseAnalytics(url, DATABASE)
    )

    assert set(asyncio.run(analytics.totals()).values()) == {0}


def test_every_column_says_what_it_is(client: Client) -> None:
    silent = client.query(
        "SELECT table, name FROM system.columns WHERE database = currentDatabase() "
        "AND endsWith(table, '_rows') AND comment = ''"
    ).result_rows

    assert silent == []


def test_migrations_begun_and_not_noted_can_be_applied_again(
    servers: Stack, client: Client
) -> None:
    client.command("TRUNCATE TABLE schema_migrations")

    applied = migrate(connect(servers.addresses()["clickhouse_url"]), DATABASE)

    assert applied == sorted(path.stem for path in MIGRATIONS.glob("*.sql"))
    assert len(applied) >= 4
    assert migrate(connect(servers.addresses()["clickhouse_url"]), DATABASE) == []
