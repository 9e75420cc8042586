"""A restore brings tables and answers back to the states, whatever was told beyond."""

import asyncio
import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from clickhouse_connect.driver.client import Client

from jobs.daytwo.files import BackupFolder, Entry
from jobs.daytwo.redis_copy import RedisCopy
from jobs.daytwo.rows_as_states import RowsAsStates
from jobs.daytwo.rows_beyond import BEYOND, KEPT, TABLES, RowsBeyond
from jobs.daytwo.undecided import Undecided, references_in
from jobs.migrate_clickhouse import migrate
from local.stack import Stack
from loyalty.decide import decide
from loyalty.decision import Decision
from loyalty.events import Command
from loyalty.member import NEW_MEMBER, Member
from runtime.settings import Settings
from schemas.events import EventCodec
from schemas.state import CHECKPOINT_KEY, StateCodec
from schemas.topics import COMMANDS, ORDERS
from stores.analytics import ClickHouseAnalytics
from stores.clickhouse import connect
from stores.member_views import RedisMemberViews
from stores.member_views_contract import ResultWrite
from stores.till_notes import RedisTillNotes, TillNote
from tests.builders import A_FULL_PROGRAM
from tests.contracts.test_questions import LIVES, at, bought, fill, redeemed, update_of

pytestmark = pytest.mark.end_to_end
LIVED, RESTORED = "lived", "restored"
# How many events of each life the states know of; nobody has heard of Dot.
LIFE: dict[str, list[Any]] = LIVES | {
    "dot": [bought("dot", "d1", 90, "2024-02-06T12:00")]
}
KNOWN = {"ann": 4, "bob": 1, "cid": 3}
# By what the rows of each table are told apart.
NAMED = "member_id, version"
NOTE = TillNote("aa", 1, "ann", "LOYALTY_REDEEM", "")


def member_of(member_id: str) -> Member:
    """A member as the states know them."""
    member = NEW_MEMBER
    for event in LIFE[member_id][: KNOWN[member_id]]:
        decision = decide(member, event, A_FULL_PROGRAM, member_id=member_id)
        assert isinstance(decision, Decision)
        member = decision.member
    return member


@pytest.fixture
def settings(servers: Stack) -> Settings:
    """Settings of an engine with the servers, and two partitions."""
    addresses = servers.addresses()
    return Settings(
        clickhouse_url=addresses["clickhouse_url"],
        clickhouse_database=LIVED,
        redis_url=addresses["redis_url"],
        partitions=2,
    )


@pytest.fixture(scope="module")
def databases(servers: Stack) -> Iterator[Client]:
    """A database for what is told, another that knows only what the states do."""
    url = servers.addresses()["clickhouse_url"]
    made = connect(url)
    for database in (LIVED, RESTORED):
        migrate(made, database)
    known = {name: LIFE[name][:count] for name, count in KNOWN.items()}
    asyncio.run(tell(ClickHouseAnalytics(url, RESTORED), known, token="states"))
    yield made
    made.close()


@pytest.fixture
def client(databases: Client, settings: Settings) -> Client:
    """The same, told of whole lives anew."""
    for table in TABLES:
        databases.command(f"TRUNCATE TABLE {LIVED}.{table}")
    analytics = ClickHouseAnalytics(settings.clickhouse_url, LIVED)
    asyncio.run(tell(analytics, LIFE, token=uuid.uuid4().hex))
    return databases


async def tell(
    analytics: ClickHouseAnalytics, lives: dict[str, list[Any]], *, token: str
) -> None:
    """Tell of lives, and leave the connection."""
    await fill(analytics, lives, (token,))
    await analytics.close()


@pytest.fixture
def folder(tmp_path: Path) -> BackupFolder:
    """Files of the states: each member in one of the partitions, and a checkpoint."""
    made, codec = BackupFolder(tmp_path / "backup"), StateCodec()
    made.begin()
    for number, names in enumerate((("ann", "cid"), ("bob",))):
        entries = [
            Entry(number, -1, -1, name.encode(), codec.encode_member(member_of(name)))
            for name in names
        ]
        checkpoint = Entry(number, -1, -1, CHECKPOINT_KEY, b"what is no member")
        made.write(f"changelog-{number}", [*entries, checkpoint])
    return made


def rows_of(client: Client, database: str, table: str) -> list[tuple[Any, ...]]:
    """Members and versions that a table tells of."""
    found = client.query(
        f"SELECT {NAMED} FROM {database}.{table} FINAL ORDER BY {NAMED}"
    ).result_rows
    return [tuple(row) for row in found]


def settle(settings: Settings, folder: BackupFolder) -> str:
    """Bring the rows back to the states."""
    rows = RowsBeyond(settings.clickhouse_url, settings.clickhouse_database)
    settling = RowsAsStates(settings, folder, rows)
    told = asyncio.run(settling.settle(A_FULL_PROGRAM))
    rows.close()
    return told


def test_tables_hold_what_they_would_had_nothing_been_told_beyond(
    client: Client, settings: Settings, folder: BackupFolder
) -> None:
    before = {table: rows_of(client, LIVED, table) for table in TABLES}

    told = settle(settings, folder)

    expected = {table: rows_of(client, RESTORED, table) for table in TABLES}
    found = {table: rows_of(client, LIVED, table) for table in TABLES}
    assert found == expected
    # Whoever looks at nothing finds nothing.
    changed = {table for table in TABLES if before[table] != found[table]}
    assert changed >= {"ledger_rows", "ledger_day_rows", "decision_rows", "member_rows"}
    assert told.endswith(", 0 members of whom rows are missing")


def test_a_member_stands_in_clickhouse_as_in_the_state(
    client: Client, settings: Settings, folder: BackupFolder
) -> None:
    settle(settings, folder)

    statement = "SELECT member_id, balance, tier, view FROM {}.members ORDER BY ALL"
    expected, found = (
        client.query(statement.format(name)).result_rows for name in (RESTORED, LIVED)
    )
    assert found == expected
    assert len(found) == len(KNOWN)


def test_what_is_told_anew_under_a_version_stands_alone(
    client: Client, settings: Settings, folder: BackupFolder
) -> None:
    """The next event of Ann is another one: nothing of the former is beside it."""
    settle(settings, folder)
    anew = {"ann": [*LIFE["ann"][:4], bought("ann", "a9", 7, "2024-02-07T12:00")]}
    analytics = ClickHouseAnalytics(settings.clickhouse_url, LIVED)

    async def went_on() -> None:
        updates = [update_of("ann", anew["ann"])]
        await analytics.insert_updates(updates, token=uuid.uuid4().hex)
        await analytics.close()

    asyncio.run(went_on())

    statement = f"SELECT sum(points) FROM {LIVED}.ledger WHERE member_id = 'ann'"
    ((points,),) = client.query(statement).result_rows
    assert points == update_of("ann", anew["ann"]).balance


def test_a_row_that_nobody_decided_is_found(client: Client, settings: Settings) -> None:
    client.command(
        f"INSERT INTO {LIVED}.ledger_rows (member_id, version, number, points) "
        "VALUES ('ann', 888888, 0, 5)"
    )
    rows = RowsBeyond(settings.clickhouse_url, LIVED)
    rows.keep(0, [(name, len(life)) for name, life in LIFE.items()])

    found, gone, left = rows.left(), rows.let_go(), rows.left()

    assert found == {"ledger_rows": 1, "ledger_day_rows": 1}
    assert (gone, left) == (2, {})
    rows.close()


def test_whose_rows_are_missing_is_counted(client: Client, settings: Settings) -> None:
    client.command(f"TRUNCATE TABLE {LIVED}.decision_rows")
    rows = RowsBeyond(settings.clickhouse_url, LIVED)
    rows.keep(0, [(name, len(life)) for name, life in LIFE.items()])
    rows.keep(1, [("eve", 1)])

    assert rows.behind() == len(LIFE) + 1
    rows.close()


def test_many_rows_are_let_go_in_shares(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobs.daytwo.rows_beyond.SHARE_ROWS", 2)
    rows = RowsBeyond(settings.clickhouse_url, LIVED)

    rows.let_go()

    assert [rows_of(client, LIVED, table) for table in TABLES] == [[]] * len(TABLES)
    rows.close()


def test_nothing_of_a_restore_stays_in_the_database(
    client: Client, settings: Settings, folder: BackupFolder
) -> None:
    settle(settings, folder)

    tables = client.query(f"SHOW TABLES FROM {LIVED}").result_columns[0]
    assert not {KEPT, BEYOND} & set(tables)


def test_every_table_of_versions_is_looked_at(client: Client) -> None:
    """A table that a migration adds must be in the list, or be named here."""
    found = client.query(
        "SELECT table FROM system.columns WHERE database = {database:String} "
        "AND name IN ('member_id', 'version') AND table LIKE '%_rows' "
        "GROUP BY table HAVING count() = 2",
        parameters={"database": LIVED},
    ).result_columns[0]

    assert set(found) == set(TABLES)


def result_of(command_id: str, member_id: str, version: int) -> ResultWrite:
    """What Redis holds of a command that was decided."""
    document = {"command_id": command_id, "member_id": member_id, "version": version}
    return ResultWrite(command_id, json.dumps(document | {"status": "done"}).encode())


async def answer_all(settings: Settings) -> None:
    """Answer commands of versions 4 and 5, and what tills asked."""
    views = RedisMemberViews(settings.redis_url, settings.app_id)
    await views.put_results([result_of("c-4", "ann", 4), result_of("c-5", "ann", 5)])
    await views.put_results([result_of("c-1", "dot", 1)])
    await views.close()
    tills = RedisTillNotes(settings.redis_url, settings.app_id)
    for name in ("c-4", "c-5", "c-undone", "pos:d1", "pos:d2"):
        await tills.take(f"till-of-{name}", NOTE._replace(reference=name))
        await tills.answer(f"till-of-{name}", b"told")
    await tills.take_check("check", "till-of-pos:d1")
    await tills.close()


async def answered(settings: Settings) -> tuple[list[str], list[str]]:
    """Which commands and tills have an answer."""
    views = RedisMemberViews(settings.redis_url, settings.app_id)
    commands = [name for name in ("c-4", "c-5", "c-1") if await views.get_result(name)]
    await views.close()
    tills, told = RedisTillNotes(settings.redis_url, settings.app_id), []
    for name in ("c-4", "c-5", "c-undone", "pos:d1", "pos:d2"):
        known = await tills.find(f"till-of-{name}")
        assert known is not None, "who sends again is known"
        told += [name] if known.answer else []
    await tills.close()
    return commands, told


def test_answers_of_what_is_decided_again_are_not_brought_back(
    client: Client, settings: Settings, folder: BackupFolder
) -> None:
    server = redis.Redis.from_url(settings.redis_url)
    server.flushall()
    asyncio.run(answer_all(settings))
    copy = RedisCopy(settings.redis_url, settings.app_id)
    keys = folder.write("redis", copy.entries())
    codec = EventCodec()
    order = codec.encode_order(bought("dot", "pos:d1", 90, "2024-02-06T12:00"))
    take = redeemed("ann", "coffee", "2024-01-11T09:00")._replace(command_id="c-5")
    void = Command(
        "c-6", "ann", "points.void", take.occurred_at, "app", {"command_id": "c-undone"}
    )
    arrived_at = at("2024-02-07T00:00")
    folder.write(f"tail-{ORDERS.name}-1", [Entry(1, 0, arrived_at, b"dot", order)])
    commands = [codec.encode_command(one) for one in (take, void)]
    folder.write(
        f"tail-{COMMANDS.name}-0",
        [Entry(0, n, arrived_at, b"ann", one) for n, one in enumerate(commands)]
        + [Entry(0, 2, arrived_at, b"ann", b"not a record")],
    )
    server.flushall()
    rows = RowsBeyond(settings.clickhouse_url, LIVED)
    rows.keep(0, [("ann", 4)])

    references = references_in(settings, folder)
    undecided = Undecided(rows.versions_of, references)
    written = copy.put(folder.read("redis"), undecided)
    rows.close()

    assert references == {"c-5", "c-6", "c-undone", "pos:d1"}
    assert written == (keys, 5)
    assert asyncio.run(answered(settings)) == (["c-4"], ["c-4", "pos:d2"])
    # A check is its till's, answered or not.
    assert server.exists(f"{settings.app_id}:till-check:check")
    server.close()
