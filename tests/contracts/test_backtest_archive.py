"""One contract for what backtests read of ClickHouse and leave there, and its twin."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from jobs.migrate_clickhouse import migrate
from local.stack import Stack
from loyalty.backtest.findings import Cell, MemberFinding
from loyalty.events import Applied, Refund, RefundLine
from stores.analytics import ClickHouseAnalytics
from stores.analytics_contract import Received, ReceivedActivity
from stores.backtest_archive import (
    Archived,
    ClickHouseDrill,
    ClickHouseHistory,
    Drill,
    History,
)
from stores.clickhouse import connect
from stores.memory_backtest_archive import MemoryDrill, MemoryHistory
from stores.unavailable import StoreUnavailable
from tests.builders import NOON, an_activity, an_order

pytestmark = pytest.mark.end_to_end
Open = Callable[[list[Received], list[ReceivedActivity]], History]

BOUGHT = an_order("o-1")._replace(
    applied=(Applied("ten-off", None, "CODE\N{BEER MUG}", 100),),
    attributes={"week": "3", "quote'": '"\\'},
    trace="t",
)
RETURNED = an_order(
    "o-1",
    kind="REFUNDED",
    event_id="r-1",
    occurred_at=NOON + 5,
    refund=Refund("r-1", (RefundLine("1", 1),), 500),
)
TAPPED = an_activity("a-1", member_id="other")._replace(
    attributes={"whole": 3, "part": 0.25, "true": True, "text": "3"},
    session_id="s",
)
ORDERS = [Received(BOUGHT, NOON + 10), Received(RETURNED, NOON + 30)]
ACTS = [ReceivedActivity(TAPPED, NOON + 20)]


@pytest.fixture(params=["clickhouse", "memory"])
def opened(request: pytest.FixtureRequest, servers: Stack) -> Open:
    """Store of either kind that holds some events."""

    def open_it(orders: list[Received], activity: list[ReceivedActivity]) -> History:
        if request.param == "memory":
            return MemoryHistory(orders, activity)
        url = servers.addresses()["clickhouse_url"]
        client = connect(url)
        client.command("DROP DATABASE IF EXISTS archive")
        migrate(client, "archive")

        async def fill() -> None:
            analytics = ClickHouseAnalytics(url, "archive")
            await analytics.insert_orders(orders, token="o")
            await analytics.insert_activity(activity, token="a")
            await analytics.close()

        asyncio.run(fill())
        return ClickHouseHistory(url, "archive")

    return open_it


def test_whole_events_come_back_as_they_went_in(opened: Open) -> None:
    history = opened(ORDERS, ACTS)

    found = history.read(0, 1, until=NOON + 30)

    assert found == Archived(
        {
            "member-1": [(NOON + 10, BOUGHT), (NOON + 30, RETURNED)],
            "other": [(NOON + 20, TAPPED)],
        },
        0,
    )
    kept = found.events["other"][0][1]
    assert [type(v) for v in getattr(kept, "attributes", {}).values()] == [
        int,
        float,
        bool,
        str,
    ]
    assert history.count(NOON + 30) == 3


def test_what_came_later_is_not_read(opened: Open) -> None:
    history = opened(ORDERS, ACTS)

    assert history.count(NOON + 29) == 2
    assert "member-1" in history.read(0, 1, until=NOON + 29).events
    assert history.read(0, 1, until=NOON + 9) == Archived({}, 0)


def test_parts_have_each_member_once(opened: Open) -> None:
    orders = [
        Received(an_order(f"o-{n}", member_id=f"m-{n % 20}"), NOON + n)
        for n in range(60)
    ]
    history = opened(orders, [])

    parts = [history.read(n, 3, until=NOON + 99).events for n in range(3)]

    assert sorted(name for part in parts for name in part) == sorted(
        f"m-{n}" for n in range(20)
    )
    assert all(len(events) == 3 for part in parts for events in part.values())
    assert sum(bool(part) for part in parts) > 1


def test_what_arrived_in_one_millisecond_comes_in_the_order_of_its_offsets(
    opened: Open,
) -> None:
    orders = [
        Received(an_order(f"o-{n}"), NOON + 10, offset=40 - n * 7 % 5) for n in range(5)
    ]
    act = an_activity()
    history = opened(orders, [ReceivedActivity(act, NOON + 10, offset=1)])

    found = [
        event for _, event in history.read(0, 1, until=NOON + 10).events["member-1"]
    ]

    expected = sorted(orders, key=lambda one: one.offset)
    assert found == [*(one.event for one in expected), act]


def test_an_order_that_was_sent_twice_is_read_once_as_it_came_first(
    opened: Open,
) -> None:
    again = BOUGHT._replace(event_id="again", total_minor=1)
    history = opened([Received(again, NOON + 50), *ORDERS], [])

    assert history.count(NOON + 99) == 2
    assert history.read(0, 1, until=NOON + 99).events["member-1"][0][1] == BOUGHT


def test_rows_of_before_there_were_whole_events_are_counted(servers: Stack) -> None:
    url = servers.addresses()["clickhouse_url"]
    client = connect(url)
    client.command("DROP DATABASE IF EXISTS archive")
    migrate(client, "archive")
    client.command(
        "INSERT INTO archive.order_rows (member_id, order_id, kind, recorded_at) "
        "VALUES ('m', 'o', 'PLACED', '2020-01-01 00:00:00')"
    )

    found = ClickHouseHistory(url, "archive").read(0, 1, until=NOON)

    assert found == Archived({}, 1)


@pytest.fixture(params=["clickhouse", "memory"])
def drill(request: pytest.FixtureRequest, servers: Stack) -> tuple[Drill, Any]:
    """Drill of either kind, and how to look at its members and sums."""
    if request.param == "memory":
        twin = MemoryDrill()
        return twin, lambda: (
            {
                (name, one.member_id, one.granted_candidate, one.difference)
                for (name, _), one in twin.found.items()
            },
            {(key[0], *cell) for key, cell in twin.sums.items()},
        )
    url = servers.addresses()["clickhouse_url"]
    client = connect(url)
    client.command("DROP DATABASE IF EXISTS archive")
    migrate(client, "archive")

    def look() -> tuple[set[Any], set[Any]]:
        members = client.query(
            "SELECT backtest_id, member_id, granted_candidate, difference "
            "FROM archive.backtest_members"
        ).result_rows
        sums = client.query(
            "SELECT backtest_id, dimension, name, wallet, measure, current, candidate "
            "FROM archive.backtests"
        ).result_rows
        return {tuple(row) for row in members}, {tuple(row) for row in sums}

    return ClickHouseDrill(url, "archive"), look


def a_finding(member_id: str, candidate: int) -> MemberFinding:
    return MemberFinding(
        member_id, "00", 10, candidate, 0, 0, 0, 0, 10, candidate, "", "gold"
    )


def test_members_and_sums_are_kept_once_however_often_they_are_told(
    drill: tuple[Drill, Any],
) -> None:
    store, look = drill
    cell = Cell("total", "", "points", "earned", -(2**40), 2**40)
    at = 1_800_000_000_000
    for _ in range(2):
        store.members("b-1", [a_finding("m-1", 15), a_finding("é'", 5)], at=at)
        store.cells("b-1", [cell, cell._replace(measure="used")], at=at)
    store.members("b-2", [a_finding("m-1", 9)], at=at)
    store.members("b-2", [], at=at)
    store.cells("b-2", [], at=at)

    members, sums = look()

    assert members == {
        ("b-1", "m-1", 15, 5),
        ("b-1", "é'", 5, -5),
        ("b-2", "m-1", 9, -1),
    }
    assert sums == {("b-1", *cell), ("b-1", *cell._replace(measure="used"))}


def test_a_server_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(StoreUnavailable):
        ClickHouseHistory("http://127.0.0.1:1", "x").count(NOON)
    with pytest.raises(StoreUnavailable):
        ClickHouseDrill("http://127.0.0.1:1", "x").members(
            "b", [a_finding("m", 1)], at=NOON
        )
