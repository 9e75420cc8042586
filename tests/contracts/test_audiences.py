"""One contract for audiences in ClickHouse and their twin in memory."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from jobs.migrate_clickhouse import migrate
from local.stack import Stack
from loyalty.limits import DAY_MS
from stores.audiences import ClickHouseAudiences
from stores.audiences_contract import (
    ALL,
    IDLE,
    LIST,
    PAGE_MAX,
    SEGMENT,
    SEGMENTS,
    TIER,
    Audience,
    Audiences,
    Frozen,
)
from stores.clickhouse import connect
from stores.memory_audiences import Known, MemoryAudiences
from stores.questions import QUESTIONS
from stores.unavailable import StoreUnavailable

pytestmark = pytest.mark.end_to_end
DATABASE = "audiences"
NOW = 1_705_320_000_000
LONG_AGO, LATELY = NOW - 90 * DAY_MS, NOW - DAY_MS
MEMBERS = {
    "ann": Known("gold", "", LATELY),
    "Bob": Known("gold", "", LONG_AGO),
    "cy": Known("base", "", LONG_AGO),
    "dee": Known("base"),
    # Exactly so many days ago is not longer ago.
    "eve": Known("base", "", NOW - 60 * DAY_MS),
    "fay": Known("gold", "", LONG_AGO, "ann"),
    "é\N{BEER MUG}": Known("base", "", LONG_AGO),
}
EVERYBODY = ["Bob", "ann", "cy", "dee", "eve", "é\N{BEER MUG}"]
Use = Callable[[Callable[[Audiences], Awaitable[Any]]], Any]


def moment(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1_000, UTC)


def fill(url: str) -> None:
    """Tables anew, with these members, each of whom has at most one order."""
    client = connect(url)
    client.command(f"DROP DATABASE IF EXISTS {DATABASE}")
    migrate(client, DATABASE)
    client.insert(
        f"{DATABASE}.member_rows",
        [
            [name, 1, one.tier, json.dumps({"merged_into": one.merged_into})]
            for name, one in MEMBERS.items()
        ],
        column_names=["member_id", "version", "tier", "view"],
    )
    client.insert(
        f"{DATABASE}.order_rows",
        [
            [name, f"o-{name}", "PLACED", moment(one.last_order_at)]
            for name, one in MEMBERS.items()
            if one.last_order_at
        ],
        column_names=["member_id", "order_id", "kind", "occurred_at"],
    )


@pytest.fixture(params=["clickhouse", "memory"])
def use(request: pytest.FixtureRequest, servers: Stack) -> Use:
    url = servers.addresses()["clickhouse_url"]
    if request.param == "clickhouse":
        fill(url)

    def run(something: Callable[[Audiences], Awaitable[Any]]) -> Any:
        async def inside() -> Any:
            store: Audiences = MemoryAudiences(MEMBERS)
            if request.param == "clickhouse":
                store = ClickHouseAudiences(url, DATABASE)
            try:
                return await something(store)
            finally:
                await store.close()

        return asyncio.run(inside())

    return run


@pytest.mark.parametrize(
    ("audience", "expected"),
    [
        pytest.param(Audience(ALL), EVERYBODY, id="all but who is part of another"),
        pytest.param(Audience(TIER, "gold"), ["Bob", "ann"], id="a tier"),
        pytest.param(Audience(TIER, "none"), [], id="a tier of nobody"),
        pytest.param(
            Audience(IDLE, idle_days=60),
            ["Bob", "cy", "é\N{BEER MUG}"],
            id="who ordered, but longer ago",
        ),
        pytest.param(Audience(LIST, "l-none"), [], id="a list that is not there"),
    ],
)
def test_an_audience_is_counted_and_frozen_alike(
    use: Use, audience: Audience, expected: list[str]
) -> None:
    async def something(store: Audiences) -> None:
        found = Frozen(len(expected))
        assert await store.count(audience, NOW) == found
        assert await store.freeze("c/1", audience, NOW) == found
        assert list(await store.members("c/1", after="", limit=99)) == expected
        assert list(await store.members("c/2", after="", limit=99)) == []

    use(something)


def test_of_a_list_those_who_are_no_members_are_refused_and_nobody_counts_twice(
    use: Use,
) -> None:
    async def something(store: Audiences) -> None:
        await store.add("l-1", ["cy", "nobody", "ann", "cy"])
        await store.add("l-1", ["ann", "fay"])
        await store.add("l-1", [])
        audience = Audience(LIST, "l-1")
        assert await store.count(audience, NOW) == Frozen(2, 2)
        assert await store.freeze("c/1", audience, NOW) == Frozen(2, 2)
        assert list(await store.members("c/1", after="", limit=9)) == ["ann", "cy"]

    use(something)


def test_pages_follow_one_another_and_what_is_frozen_does_not_change(use: Use) -> None:
    async def something(store: Audiences) -> None:
        await store.add("l-1", ["ann"])
        await store.freeze("c/1", Audience(LIST, "l-1"), NOW)
        await store.add("l-1", ["cy"])
        assert list(await store.members("c/1", after="", limit=9)) == ["ann"]
        await store.freeze("c/2", Audience(ALL), NOW)
        seen: list[str] = []
        while page := await store.members(
            "c/2", after=seen[-1] if seen else "", limit=2
        ):
            assert len(page) <= 2
            seen += page
        assert seen == EVERYBODY

    use(something)


def test_a_page_is_bounded_whatever_is_asked_for(use: Use) -> None:
    async def something(store: Audiences) -> None:
        ids = [f"m-{number}" for number in range(PAGE_MAX)]
        await store.add("l-1", ids)
        await store.add("l-1", ["m-x", "m-y"])
        page = await store.members("l-1", after="", limit=10 * PAGE_MAX)
        assert len(page) == PAGE_MAX

    use(something)


def test_segments_are_those_of_the_dashboard(servers: Stack) -> None:
    url = servers.addresses()["clickhouse_url"]
    fill(url)
    client = connect(url, DATABASE)
    question = QUESTIONS["segment_members"]

    async def something() -> None:
        store = ClickHouseAudiences(url, DATABASE)
        total = 0
        for segment in SEGMENTS:
            told = {"segment": segment, "until_at": NOW, "limit": 99}
            shown = client.query(question.statement, parameters=told).result_rows
            snapshot = f"c/{segment}"
            await store.freeze(snapshot, Audience(SEGMENT, segment), NOW)
            found = await store.members(snapshot, after="", limit=99)
            # The dashboard counts orders also of who is part of another by now.
            assert set(found) == {row[0] for row in shown} - {"fay"}
            total += len(found)
        assert total == 5
        await store.close()

    asyncio.run(something())


def test_a_store_that_is_away_says_so() -> None:
    async def something() -> None:
        twin = MemoryAudiences()
        twin.is_available = False
        real = ClickHouseAudiences("http://127.0.0.1:1", DATABASE)
        for store in (twin, real):
            with pytest.raises(StoreUnavailable):
                await store.count(Audience(ALL), NOW)
            with pytest.raises(StoreUnavailable):
                await store.members("c/1", after="", limit=9)
            await store.close()

    asyncio.run(something())
