"""One contract for ClickHouse and its twin in memory; and its HTTP front."""

import asyncio
import gc
import weakref
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from clickhouse_connect.driver.exceptions import DatabaseError

from jobs.migrate_clickhouse import migrate
from local.stack import Stack
from loyalty.decision import Decision, TriggerEvent
from loyalty.events import Command, Tick
from loyalty.messages import Message, MessageValue
from loyalty.view import view_of
from schemas.changes import change_of
from schemas.deliveries import DeliveryEvent
from schemas.update_reader import Update, UpdateReader
from schemas.updates import Source, UpdateCodec, change_record
from stores.analytics import ClickHouseAnalytics
from stores.analytics_contract import Analytics, Received, ReceivedActivity
from stores.clickhouse import connect, insert_columns
from stores.history_rows import LAST_AT, DecisionRow, LedgerFilter, LedgerRow
from stores.memory_analytics import MemoryAnalytics
from stores.unavailable import StoreUnavailable
from tests.builders import A_FULL_PROGRAM, NOON, a_refund, an_activity, an_order
from tests.routes.programs import EVERYTHING
from tests.rules.folding import fold

READER = UpdateReader()

pytestmark = pytest.mark.end_to_end
Use = Callable[[Analytics], Awaitable[Any]]
HOUR = 3_600_000
TWENTY, MUCH = {"points": 20}, {"points": 1_000}
HOSTILE = "m'; DROP TABLE ledger_rows; --\\"


@pytest.fixture(params=["clickhouse", "memory"])
def use(request: pytest.FixtureRequest, servers: Stack) -> Callable[[Use], Any]:
    """Run something with an empty store of either kind."""

    def run(something: Use) -> Any:
        async def inside() -> Any:
            analytics: Analytics = MemoryAnalytics()
            if request.param == "clickhouse":
                url = servers.addresses()["clickhouse_url"]
                client = connect(url)
                client.command("DROP DATABASE IF EXISTS contract")
                migrate(client, "contract")
                analytics = ClickHouseAnalytics(url, "contract")
            try:
                return await something(analytics)
            finally:
                await analytics.close()

        return asyncio.run(inside())

    return run


def an_update(member_id: str = "member-1", *, orders: int = 4) -> Update:
    """Update of a member with so many orders of $45, a refund, and all expired."""
    events = [
        *(
            an_order(f"o{n}", subtotal_minor=45_00, occurred_at=NOON + n)
            for n in range(orders)
        ),
        a_refund("o0", amount_minor=9_00),
        Tick(NOON + 60 * 86_400_000),
    ]
    folded = fold(events, A_FULL_PROGRAM)
    first = folded.outcomes[0]
    assert isinstance(first, Decision), first
    withheld = TriggerEvent("withheld:hello", "capped: push, too late")
    message = Message("hello/1/0/push", "hello", "push", "marketing", "hi", (), NOON)
    first = first._replace(messages=(message,), triggers=(*first.triggers, withheld))
    changes = [
        change_record(
            outcome,
            Source("orders", n, NOON),
            event_id=f"e{n}",
            event_kind="order.placed",
            occurred_at=NOON + n,
            order_id="o",
        )
        for n, outcome in enumerate([first, *folded.outcomes[1:]])
    ]
    codec = UpdateCodec()
    view = view_of("member-1", folded.member, A_FULL_PROGRAM)
    return READER.read(codec.encode(member_id, view, changes))


def test_repeats_count_once_whatever_their_token(use: Callable[[Use], Any]) -> None:
    async def something(analytics: Analytics) -> dict[str, int]:
        order = Received(an_order(subtotal_minor=45_00), NOON)
        act = ReceivedActivity(an_activity(), NOON)
        for token in ("a", "a", "b"):
            await analytics.insert_updates([an_update()], token=token)
            await analytics.insert_orders([order], token=token)
            await analytics.insert_activity([act], token=token)
        return await analytics.totals()

    totals = use(something)

    assert totals == {
        "orders": 1,
        "order_value_minor": 45_00,
        "members": 1,
        "points_outstanding": 0,
        "points_earned": 180,
        "points_expired": 171,
        "points_reversed": 9,
        "ledger_sum": 0,
        "offers_granted": 1,
        "triggers_fired": 1,
        "messages": 1,
    }


def test_pages_are_whole_and_in_order(use: Callable[[Use], Any]) -> None:
    async def something(analytics: Analytics) -> list[tuple[int, int]]:
        await analytics.insert_updates([an_update(orders=9)], token="a")
        await analytics.insert_updates([an_update("other")], token="b")
        places: list[tuple[int, int]] = []
        before = None
        while True:
            page = await analytics.ledger_page("member-1", before=before, limit=4)
            if not page:
                return places
            places.extend((row.version, row.number) for row in page)
            before = places[-1]

    places = use(something)

    assert places == sorted(places, reverse=True)
    # Nine earned, one reversed, nine expired with the tick.
    assert len(places) == len(set(places)) == 19


def a_life() -> Update:
    """Update of a member of two wallets: two orders, a redemption and a refusal."""
    events = [
        an_order("o0", subtotal_minor=45_00, occurred_at=NOON),
        an_order("o1", subtotal_minor=5_00, occurred_at=NOON + HOUR),
        Command("c-1", "member-1", "points.redeem", NOON + 2 * HOUR, "app", TWENTY),
        Command("c-2", "member-1", "points.redeem", NOON + 3 * HOUR, "app", MUCH),
        a_refund("o0", amount_minor=22_50, occurred_at=NOON + 4 * HOUR),
    ]
    folded = fold(events, EVERYTHING)
    changes = [
        change_of(outcome, event, Source("t", n, NOON))
        for n, (event, outcome) in enumerate(zip(events, folded.outcomes, strict=True))
        if isinstance(outcome, Decision)
    ]
    view = view_of("member-1", folded.member, EVERYTHING)
    codec = UpdateCodec()
    return READER.read(codec.encode("member-1", view, changes))


@pytest.mark.parametrize(
    ("entries", "points"),
    [
        (LedgerFilter(), [-22, -16, -4, 1, 5, 4, 1, 45]),
        (LedgerFilter(wallet="stamps"), [1, 1]),
        (LedgerFilter(wallet="none"), []),
        (LedgerFilter(reference="c-1"), [-16, -4]),
        (LedgerFilter(until_at=NOON + HOUR - 1), [4, 1, 45]),
        (LedgerFilter(until_at=NOON + HOUR), [1, 5, 4, 1, 45]),
        (LedgerFilter(wallet="stamps", until_at=NOON), [1]),
        (LedgerFilter(wallet=HOSTILE), []),
        (LedgerFilter(until_at=0), []),
    ],
)
def test_a_ledger_is_read_by_wallet_reference_and_time(
    use: Callable[[Use], Any], entries: LedgerFilter, points: list[int]
) -> None:
    async def something(analytics: Analytics) -> list[LedgerRow]:
        await analytics.insert_updates([a_life()], token="a")
        await analytics.insert_updates([a_life()], token="b")
        return await analytics.ledger_page(
            "member-1", before=None, limit=10, entries=entries
        )

    assert sorted(row.points for row in use(something)) == sorted(points)


@pytest.mark.parametrize(
    ("at", "balances"),
    [
        (0, {}),
        (NOON - 1, {}),
        (NOON, {"points": 49, "stamps": 1}),
        (NOON + HOUR, {"points": 54, "stamps": 2}),
        (NOON + 4 * HOUR - 1, {"points": 34, "stamps": 2}),
        (LAST_AT, {"points": 12, "stamps": 2}),
    ],
)
def test_balances_are_known_as_of_a_time(
    use: Callable[[Use], Any], at: int, balances: dict[str, int]
) -> None:
    async def something(analytics: Analytics) -> dict[str, int]:
        for token in ("a", "b"):
            await analytics.insert_updates([a_life()], token=token)
        return await analytics.balances_at("member-1", at)

    assert use(something) == balances


def test_decisions_are_whole_and_in_order(use: Callable[[Use], Any]) -> None:
    async def something(analytics: Analytics) -> list[DecisionRow]:
        for token in ("a", "b"):
            await analytics.insert_updates([a_life()], token=token)
        first = await analytics.decisions_page("member-1", before=None, limit=3)
        rest = await analytics.decisions_page("member-1", before=3, limit=3)
        assert await analytics.decisions_page("other", before=None, limit=3) == []
        return first + rest

    rows = use(something)

    assert [row.version for row in rows] == [5, 4, 3, 2, 1]
    assert [row.why for row in rows[1:3]] == [
        "refused: 1000 points asked for, 34 there",
        "redeemed 20",
    ]
    assert rows[4] == DecisionRow(
        1,
        "o0-placed-1705320000000",
        "order.placed",
        "o0",
        NOON,
        NOON,
        "earned 45 by spend, 1 by stamp, 4 by slow",
        "",
        "base",
    )


def test_members_stand_as_their_latest_row_and_all_entries_say(
    use: Callable[[Use], Any],
) -> None:
    async def something(analytics: Analytics) -> dict[str, Any]:
        for token in ("a", "b"):
            await analytics.insert_updates([a_life()], token=token)
        return await analytics.standing(["member-1", "nobody", HOSTILE])

    [(name, (version, balance, told, ledger))] = use(something).items()

    assert (name, version, balance, told) == ("member-1", 5, 12, 5)
    assert dict(ledger) == {"points": 12, "stamps": 2}


@pytest.mark.parametrize(
    ("known", "found", "after"),
    [
        pytest.param((999_999,), 999_999, 5, id="a version that nobody told"),
        pytest.param((3, 8), 8, 5, id="all up to the one that was found"),
        pytest.param((3, 8), 3, 8, id="a newer one than was found stays"),
        pytest.param((), 0, 5, id="nothing was found"),
        pytest.param((7,), 0, 7, id="nothing was found, and one has come"),
    ],
)
def test_a_repair_writes_over_what_was_found_and_nothing_newer(
    use: Callable[[Use], Any], known: tuple[int, ...], found: int, after: int
) -> None:
    async def something(analytics: Analytics) -> int:
        stands = a_life()._replace(changes=())
        for version in known:
            told = stands._replace(version=version)
            await analytics.insert_updates([told], token=str(version))
        await analytics.replace_member(stands, found=found)
        [(version, *_)] = (await analytics.standing(["member-1"])).values()
        return int(version)

    assert use(something) == after


def test_hostile_text_is_only_text(use: Callable[[Use], Any]) -> None:
    async def something(analytics: Analytics) -> tuple[int, int]:
        await analytics.insert_updates([an_update(HOSTILE)], token=HOSTILE)
        hostile = await analytics.ledger_page(HOSTILE, before=None, limit=100)
        others = await analytics.ledger_page("' OR 1=1 --", before=None, limit=100)
        return len(hostile), len(others)

    assert use(something) == (9, 0)


def test_a_server_that_is_not_there_is_unavailable() -> None:
    async def something() -> None:
        analytics = ClickHouseAnalytics("http://127.0.0.1:1", "regulars")
        with pytest.raises(StoreUnavailable):
            await analytics.totals()

    asyncio.run(something())


def test_migrations_are_applied_once(servers: Stack) -> None:
    client = connect(servers.addresses()["clickhouse_url"])

    assert migrate(client, "regulars") == []


@pytest.fixture
def table(servers: Stack) -> str:
    """An empty table of many kinds of columns."""
    client = connect(servers.addresses()["clickhouse_url"])
    client.command("DROP TABLE IF EXISTS regulars.kinds")
    client.command(
        "CREATE TABLE regulars.kinds (n UInt64, text String, at DateTime64(3, 'UTC'), "
        "tags Array(LowCardinality(String)), extra Map(String, String), "
        "maybe Nullable(Int32)) ENGINE = MergeTree ORDER BY n "
        "SETTINGS non_replicated_deduplication_window = 100"
    )
    return "regulars.kinds"


def _insert(servers: Stack, table: str, numbers: range, **settings: str) -> int:
    client = connect(servers.addresses()["clickhouse_url"])
    count = len(numbers)
    moment = datetime(2024, 1, 15, 12, tzinfo=UTC)
    summary = client.insert(
        table,
        [
            list(numbers),
            [f"é{n}" for n in numbers],
            [moment] * count,
            [["a", "b"]] * count,
            [{"k": "v"}] * count,
            [None] * count,
        ],
        column_names=["n", "text", "at", "tags", "extra", "maybe"],
        column_oriented=True,
        settings=settings,
    )
    return summary.written_rows


def test_an_insert_of_many_blocks_arrives_whole(servers: Stack, table: str) -> None:
    """LZ4 frame by frame: all but the first were lost once, without an error."""
    client = connect(servers.addresses()["clickhouse_url"])

    written = _insert(servers, table, range(200_000))

    found = client.query(f"SELECT count(), uniqExact(n), max(n) FROM {table}")
    assert written == 200_000
    assert found.result_rows == [(200_000, 200_000, 199_999)]
    row = client.query(f"SELECT * FROM {table} WHERE n = 7").result_rows[0]
    assert row[1:] == (
        "é7",
        datetime(2024, 1, 15, 12),  # noqa: DTZ001 - the client gives UTC without a zone
        ["a", "b"],
        {"k": "v"},
        None,
    )


def test_a_token_is_taken_once(servers: Stack, table: str) -> None:
    client = connect(servers.addresses()["clickhouse_url"])
    for _ in range(3):
        _insert(servers, table, range(100_000), insert_deduplication_token="same")

    assert client.command(f"SELECT count() FROM {table}") == 100_000


def test_many_clients_insert_and_read_at_once(servers: Stack, table: str) -> None:
    def work(worker: int) -> None:
        client = connect(servers.addresses()["clickhouse_url"])
        for step in range(10):
            _insert(
                servers, table, range(worker * 1_000 + step, worker * 1_000 + step + 1)
            )
            assert int(str(client.command(f"SELECT count() FROM {table}"))) > 0

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))

    client = connect(servers.addresses()["clickhouse_url"])
    assert client.command(f"SELECT count() FROM {table}") == 80


def test_an_error_carries_its_code(servers: Stack) -> None:
    client = connect(servers.addresses()["clickhouse_url"])

    with pytest.raises(DatabaseError, match="code: 60"):
        client.query("SELECT * FROM regulars.there_is_no_such_table")
    with pytest.raises(DatabaseError, match="code: 164"):
        client.command("DROP TABLE regulars.rule_rows", settings={"readonly": 1})


def test_what_was_inserted_outlives_a_kill(servers: Stack, table: str) -> None:
    _insert(servers, table, range(1_000))

    servers.kill("clickhouse")
    servers.start("clickhouse")

    client = connect(servers.addresses()["clickhouse_url"])
    assert client.command(f"SELECT count() FROM {table}") == 1_000


def test_messages_are_told_as_they_were_decided_latest_first(
    use: Callable[[Use], Any],
) -> None:
    values = (MessageValue("name", "Ann é"), MessageValue("points", "30"))
    early = Message("hello/1", "hello", "push", "marketing", "hi", values, NOON)
    late = early._replace(
        message_id="hello/2", created_at=NOON + 1, expires_at=NOON + HOUR, reason="why"
    )
    folded = fold([an_order("o1")], A_FULL_PROGRAM)
    [decided] = folded.outcomes
    assert isinstance(decided, Decision)
    change = change_record(
        decided._replace(messages=(early, late)),
        Source("orders", 1, NOON),
        event_id="e1",
        event_kind="order.placed",
        occurred_at=NOON,
        order_id="o1",
    )
    view = view_of("ann", folded.member, A_FULL_PROGRAM)
    update = READER.read(UpdateCodec().encode("ann", view, [change]))

    async def something(analytics: Analytics) -> list[Message]:
        for token in ("a", "a", "b"):
            await analytics.insert_updates([update], token=token)
        assert await analytics.messages_page("nobody", limit=9) == []
        assert await analytics.messages_page("ann", limit=1) == [late]
        return await analytics.messages_page("ann", limit=9)

    assert use(something) == [late, early]


def test_attempts_to_deliver_are_kept_once_latest_first(
    use: Callable[[Use], Any],
) -> None:
    first = DeliveryEvent(
        "msg_1:ep_1",
        1,
        "ann",
        "msg_1",
        "spring é",
        "push",
        "message.push",
        "ep_1",
        "waiting",
        500,
        "answered 500",
        NOON,
        NOON + 10,
    )
    second = first._replace(
        attempt=2, status="sent", http_status=200, detail="", attempted_at=NOON + 20
    )

    async def something(analytics: Analytics) -> list[DeliveryEvent]:
        for token in ("a", "a", "b"):
            await analytics.insert_deliveries([first, second], token=token)
        await analytics.insert_deliveries([first._replace(member_id="bob")], token="c")
        assert await analytics.deliveries_page("nobody", limit=9) == []
        return await analytics.deliveries_page("ann", limit=9)

    assert use(something) == [second, first]


class Column(list[int]):
    """A column that can be watched going."""


def test_what_was_inserted_is_let_go_of_without_the_collector(
    servers: Stack, table: str
) -> None:
    client = connect(servers.addresses()["clickhouse_url"])
    column = Column(range(10))
    watched = weakref.ref(column)
    gc.disable()
    try:
        insert_columns(client, table, {"n": column}, settings={"async_insert": 0})
        del column
        left = watched()
    finally:
        gc.enable()

    assert left is None
