"""Members are compared and set right while the engine goes on, and none goes back."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any

import pytest

from jobs.daytwo.comparing import LEDGER, MEMBERS, REDIS
from jobs.daytwo.kept import Changelog
from jobs.daytwo.looking import Look, Stores
from jobs.daytwo.reconciling import Reconciling
from jobs.reading import LogReader
from loyalty.decision import Decision
from loyalty.events import OrderEvent
from loyalty.view import view_of
from runtime.settings import Settings
from schemas.changes import change_of
from schemas.state import CHECKPOINT_KEY, Checkpoint, StateCodec
from schemas.update_reader import Update, UpdateReader, standing
from schemas.updates import Source, UpdateCodec
from schemas.views import encode_view
from stores.member_views_contract import ViewWrite
from stores.memory_analytics import MemoryAnalytics
from stores.memory_member_views import MemoryMemberViews
from tests.builders import NOON, a_program, an_order
from tests.rules.folding import fold

PROGRAM = a_program()
MEMBER = "member-1"
# What `make faults` plants, too: no engine comes so far.
PLANTED = 999_999
Meanwhile = Callable[[], Awaitable[None]]


class Record:
    """A record of the changelog."""

    def __init__(self, place: int, key: bytes, value: bytes) -> None:
        self._fields = place, key, value

    def offset(self) -> int:
        return self._fields[0]

    def key(self) -> bytes:
        return self._fields[1]

    def value(self) -> bytes:
        return self._fields[2]


class Log(LogReader):
    """The changelog of one partition in memory."""

    def __init__(self) -> None:
        super().__init__(Settings())
        self.records: list[Record] = []

    def add(self, key: bytes, value: bytes) -> None:
        self.records.append(Record(len(self.records), key, value))

    def edges(self, topic: str, partition: int) -> tuple[int, int]:
        del topic, partition
        return 0, len(self.records)

    def read(
        self, topic: str, partition: int, end: int, *, start: int = 0
    ) -> Iterator[Any]:
        del topic, partition
        return iter(self.records[start:end])


class Views(MemoryMemberViews):
    """Redis, and what happens just before it is asked or set right."""

    def __init__(self) -> None:
        super().__init__()
        self.before_reads: list[Meanwhile] = []
        self.before_repairs: list[Meanwhile] = []

    async def all_of(self, member_ids: Sequence[str]) -> list[ViewWrite | None]:
        while self.before_reads:
            await self.before_reads.pop()()
        return await super().all_of(member_ids)

    async def replace(self, write: ViewWrite, *, found: int | None) -> bool:
        while self.before_repairs:
            await self.before_repairs.pop()()
        return await super().replace(write, found=found)


class Analytics(MemoryAnalytics):
    """ClickHouse, and what happens just before it is set right."""

    def __init__(self) -> None:
        super().__init__()
        self.before_repairs: list[Meanwhile] = []

    async def replace_member(self, stands: Update, *, found: int) -> None:
        while self.before_repairs:
            await self.before_repairs.pop()()
        await super().replace_member(stands, found=found)


class Engine:
    """Takes orders of one member; its sinks tell when a test lets them."""

    def __init__(self) -> None:
        self.log = Log()
        self.views, self.analytics = Views(), Analytics()
        self._codec = StateCodec()
        self._events: list[OrderEvent] = []

    async def order(self) -> None:
        """Commit an order: the state, and then how far the partition is."""
        number = len(self._events)
        self._events.append(an_order(f"o{number}", occurred_at=NOON + number))
        state = self._codec.encode_member(fold(self._events, PROGRAM).member)
        self.log.add(MEMBER.encode(), state)
        checkpoint = Checkpoint({"orders": number})
        self.log.add(CHECKPOINT_KEY, self._codec.encode_checkpoint(checkpoint))

    async def tell_redis(self) -> None:
        """Write the view as the sink does: if it is newer."""
        member = fold(self._events, PROGRAM).member
        document = encode_view(view_of(MEMBER, member, PROGRAM))
        await self.views.put([ViewWrite(MEMBER, member.version, document)])

    async def tell_clickhouse(self) -> None:
        """Insert everything that was told of the member so far."""
        folded = fold(self._events, PROGRAM)
        changes = [
            change_of(outcome, event, Source("orders", number, NOON))
            for number, (event, outcome) in enumerate(
                zip(self._events, folded.outcomes, strict=True)
            )
            if isinstance(outcome, Decision)
        ]
        view = view_of(MEMBER, folded.member, PROGRAM)
        update = UpdateReader().read(UpdateCodec().encode(MEMBER, view, changes))
        await self.analytics.insert_updates([update], token="")

    async def all_told(self) -> None:
        """An order that all have heard of."""
        await self.order()
        await self.tell_redis()
        await self.tell_clickhouse()

    async def reconciled(self, *, sink_seconds: float = 0.0) -> Reconciling:
        """Compare the partition, and repair what differs."""
        stores = Stores(self.views, self.analytics)
        changelog = Changelog(Settings(), self.log)
        reconciling = Reconciling(
            Look(changelog, PROGRAM, stores, tells_states=False),
            stores,
            repairs=True,
            sink_seconds=sink_seconds,
        )
        await reconciling.all([0])
        return reconciling

    async def versions(self) -> tuple[int, int]:
        """Versions that Redis and ClickHouse hold."""
        [stored] = await self.views.all_of([MEMBER])
        assert stored is not None
        found = await self.analytics.standing([MEMBER])
        return stored.version, found[MEMBER][0]

    async def plant(self, version: int) -> None:
        """Let both stores hold a version that the engine never told."""
        await self.views.put([ViewWrite(MEMBER, version, b'{"balance":5}')])
        view = view_of(MEMBER, fold(self._events, PROGRAM).member, PROGRAM)
        planted = standing(MEMBER, view)._replace(version=version, balance=5)
        await self.analytics.insert_updates([planted], token="")


def places_of(done: Reconciling) -> set[tuple[str, str]]:
    """Where differences were found, and what they are of."""
    return {(one.where, one.what) for one in done.differences}


@pytest.mark.parametrize("teller", ["redis", "clickhouse", "both"])
def test_a_member_of_whom_one_store_has_heard_more_is_moving_and_keeps_it(
    teller: str,
) -> None:
    """An order comes after the states were read, and one sink is behind."""

    async def story() -> tuple[Reconciling, tuple[int, int]]:
        engine = Engine()
        await engine.all_told()
        tellers = {"redis": [engine.tell_redis], "clickhouse": [engine.tell_clickhouse]}
        tell = tellers.get(teller, [engine.tell_clickhouse, engine.tell_redis])
        # The last one is the first to happen.
        engine.views.before_reads += [*tell, engine.order]
        return await engine.reconciled(), await engine.versions()

    done, versions = asyncio.run(story())

    assert versions == (1 + (teller != "clickhouse"), 1 + (teller != "redis"))
    assert (done.differences, done.repaired) == ([], 0)
    assert [one.moving for one in done.totals] == [1]


def test_a_version_that_the_engine_never_told_is_set_back() -> None:
    async def story() -> tuple[Reconciling, tuple[int, int], Reconciling]:
        engine = Engine()
        await engine.all_told()
        await engine.plant(PLANTED)
        done = await engine.reconciled()
        return done, await engine.versions(), await engine.reconciled()

    done, versions, after = asyncio.run(story())

    assert places_of(done) == {
        (REDIS, "version"),
        (MEMBERS, "version"),
        (MEMBERS, "balance"),
    }
    assert (done.repaired, versions) == (3, (1, 1))
    assert after.differences == []
    assert [one.moving for one in after.totals] == [0]


@pytest.mark.parametrize("store", ["redis", "clickhouse"])
def test_what_comes_while_a_planted_version_is_set_right_is_not_lost(
    store: str,
) -> None:
    """The sink writes beside a version that is higher, just before it goes."""

    async def story() -> tuple[int, int]:
        engine = Engine()
        await engine.all_told()
        await engine.plant(PLANTED)
        repaired = engine.views if store == "redis" else engine.analytics
        told = [engine.tell_clickhouse, engine.tell_redis, engine.order]
        repaired.before_repairs += told
        await engine.reconciled()
        return await engine.versions()

    assert asyncio.run(story()) == (2, 2)


def test_what_a_sink_has_only_just_been_given_is_waited_for() -> None:
    async def story() -> Reconciling:
        engine = Engine()
        await engine.all_told()
        await engine.order()
        await engine.tell_redis()

        async def tell_soon() -> None:
            await asyncio.sleep(0.05)
            await engine.tell_clickhouse()

        telling = asyncio.create_task(tell_soon())
        done = await engine.reconciled(sink_seconds=0.5)
        await telling
        return done

    done = asyncio.run(story())

    assert (done.differences, done.repaired) == ([], 0)


def test_a_sink_that_is_late_is_told_of_and_its_store_written_forward() -> None:
    async def story() -> tuple[Reconciling, tuple[int, int]]:
        engine = Engine()
        await engine.all_told()
        await engine.order()
        return await engine.reconciled(), await engine.versions()

    done, versions = asyncio.run(story())

    assert versions == (2, 2)
    assert (LEDGER, "decisions") in places_of(done)
    assert (REDIS, "version") in places_of(done)


def test_a_later_version_is_looked_for_until_its_transaction_has_ended_everywhere() -> (
    None
):
    """A sink may read of it before the changelog's own marker is there."""

    async def story() -> tuple[Reconciling, tuple[int, int]]:
        engine = Engine()
        await engine.all_told()
        before = list(engine.log.records)
        await engine.all_told()
        hidden = engine.log.records[len(before) :]
        engine.log.records = before

        showing: list[asyncio.Task[None]] = []

        async def show_soon() -> None:
            await asyncio.sleep(0.01)
            engine.log.records = [*before, *hidden]

        async def come_late() -> None:
            # What sinks may take is over: only the marker is waited for.
            await asyncio.sleep(0.5)
            showing.append(asyncio.create_task(show_soon()))

        engine.views.before_reads.append(come_late)
        done = await engine.reconciled(sink_seconds=0.5)
        await asyncio.gather(*showing)
        return done, await engine.versions()

    done, versions = asyncio.run(story())

    assert (done.differences, versions) == ([], (2, 2))
    assert [one.moving for one in done.totals] == [1]
