"""Backtests over processes: the same hash however they are divided, killed or resumed."""

import asyncio
import multiprocessing
import threading
from collections.abc import Callable

import pytest

from jobs.backtesting.document import decoded, encoded
from jobs.backtesting.running import Backtesting, Checkpoint, Step, Stopped
from jobs.errors import JobRefused
from jobs.retail import orders, read_year
from jobs.run_backtests import Desk
from loyalty.backtest.findings import Collector, is_sampled
from loyalty.backtest.fold import Bench, plan_of
from loyalty.decide import decide
from loyalty.program_document import program_from
from runtime.settings import Settings
from stores.backtest_requests import RETAIL, BacktestRequest
from stores.backtests_contract import LEASE_MS, QUEUED, Advance, Backtest
from stores.memory_backtest_archive import MemoryDrill
from stores.memory_backtests import MemoryBacktests
from stores.programs import EDGE_CALENDARS, load_document
from tests.demo.independent_totals import PROGRAM_FILE

DEMO = load_document(PROGRAM_FILE)
CANDIDATE = DEMO | {"tiers": [tier | {"earn_factor": "1.5"} for tier in DEMO["tiers"]]}
# 2017-02-01
END = 1_485_907_200_000
PERCENT = 2
REQUEST = BacktestRequest(
    CANDIDATE, END, current=DEMO, source=RETAIL, sample_percent=PERCENT
)
SETTINGS = Settings(backtest_processes=2)


def quiet(_: Step) -> None:
    """Hear nothing."""


def run(
    processes: int,
    heard: Callable[[Step], None] = quiet,
    known: Checkpoint | None = None,
) -> Checkpoint:
    return Backtesting(SETTINGS, REQUEST, {}).run(processes, heard, known)


@pytest.fixture(scope="module")
def whole() -> Checkpoint:
    return run(2)


def test_it_finds_what_one_process_finds_by_itself(whole: Checkpoint) -> None:
    by_member: dict[str, list] = {}
    for order in orders(read_year(weeks=10)):
        if is_sampled(order.member_id, PERCENT):
            by_member.setdefault(order.member_id, []).append(order)
    programs = [program_from(one, EDGE_CALENDARS) for one in (DEMO, CANDIDATE)]
    bench = Bench(decide, plan_of(*programs, to_at=END))
    collector = Collector("points")
    for member_id, events in by_member.items():
        ends = bench.fold(member_id, events)
        if ends is not None:
            collector.add(member_id, *ends)

    assert whole.findings == collector.findings(bench.current, bench.candidate)
    assert whole.findings.winners > 5
    assert not whole.in_sequence


@pytest.mark.parametrize("processes", [1, 3])
def test_the_hash_does_not_depend_on_the_number_of_processes(
    whole: Checkpoint, processes: int
) -> None:
    assert run(processes).findings.hash == whole.findings.hash


def test_a_worker_that_is_killed_is_replaced_and_nothing_is_lost(
    whole: Checkpoint,
) -> None:
    killed = []

    def heard(step: Step) -> None:
        if len(step.checkpoint.done) == 3 and not killed:
            victim = multiprocessing.active_children()[0]
            victim.kill()
            killed.append(victim.pid)

    ended = run(2, heard)

    assert len(killed) == 1
    assert ended.findings == whole.findings
    assert multiprocessing.active_children() == []


def test_workers_that_end_by_themselves_each_time_end_the_backtest() -> None:
    def heard(_: Step) -> None:
        for victim in multiprocessing.active_children():
            victim.kill()

    with pytest.raises(JobRefused, match="ended by themselves"):
        run(1, heard)


def test_what_was_stopped_half_way_goes_on_from_there_to_the_same_hash(
    whole: Checkpoint,
) -> None:
    left: list[bytes] = []

    def stops(step: Step) -> None:
        if step.finished is not None:
            left.append(encoded(step.checkpoint))
        if len(left) == 5:
            raise Stopped

    folded: list[int] = []

    def counts(step: Step) -> None:
        if step.finished is not None:
            folded.append(step.finished.number)

    with pytest.raises(Stopped):
        run(2, stops)
    known = decoded(left[-1])
    assert known is not None
    ended = run(2, counts, known)

    assert len(known.done) == 5
    assert len(folded) == 11
    assert set(folded).isdisjoint(known.done)
    assert ended.findings == whole.findings
    assert ended.findings.hash == whole.findings.hash


def test_a_checkpoint_of_another_form_is_none() -> None:
    assert decoded(None) is None
    assert decoded(b"[]") is None
    assert decoded(b"nothing") is None


def test_with_a_budget_all_are_folded_in_one_sequence_and_the_hash_is_the_same() -> (
    None
):
    earn = [
        rule | {"budget": "visits"} if rule["id"] == "full-basket" else rule
        for rule in DEMO["earn"]
    ]
    limited = DEMO | {"earn": earn, "budgets": [{"id": "visits", "total": 150}]}
    request = REQUEST._replace(candidate=limited)

    ended = [Backtesting(SETTINGS, request, {}).run(count, quiet) for count in (1, 2)]

    spent = [c.candidate for c in ended[0].findings.cells if c.dimension == "budget"]
    assert spent == [150]
    assert [one.in_sequence for one in ended] == [True, True]
    assert ended[0].findings.hash == ended[1].findings.hash
    assert ended[0].done == list(range(16))


def test_the_desk_works_through_what_waits_and_leaves_every_member_to_look_at(
    whole: Checkpoint,
) -> None:
    queue, drill = MemoryBacktests(), MemoryDrill()
    for name in ("b-1", "b-2"):
        submit = queue.submit(Backtest(name, QUEUED, REQUEST, END))
        assert asyncio.run(submit)
    broken = REQUEST._replace(candidate={"program": "x"})
    asyncio.run(queue.submit(Backtest("b-3", QUEUED, broken, END)))

    with Desk(SETTINGS, queue, drill, stopped=threading.Event()) as desk:
        desk.work(until_empty=True)

    ended = [asyncio.run(queue.find(name)) for name in ("b-1", "b-2", "b-3")]
    found = asyncio.run(queue.findings("b-1"))
    assert [one.status for one in ended if one] == ["finished", "finished", "failed"]
    assert {one.hash for one in ended if one} == {whole.findings.hash, ""}
    assert found is not None
    assert found["hash"] == whole.findings.hash
    assert found["gained"] == whole.findings.gained
    assert "currency" in (ended[2].detail if ended[2] else "")
    members = [one for (name, _), one in drill.found.items() if name == "b-1"]
    assert sum(one.difference > 0 for one in members) == whole.findings.winners
    assert {c for (name, *_), c in drill.sums.items() if name == "b-2"} == set(
        whole.findings.cells
    )


class _Cancelling(MemoryBacktests):
    """A queue in which somebody cancels what has three parts done."""

    async def keep(self, held: Backtest, advance: Advance, now: int) -> bool:
        if advance.parts_done == 3:
            await self.cancel(held.backtest_id, now)
        return await super().keep(held, advance, now)


def test_what_is_cancelled_while_it_runs_stops_and_the_next_one_begins() -> None:
    queue, drill = _Cancelling(), MemoryDrill()
    asyncio.run(queue.submit(Backtest("b-1", QUEUED, REQUEST, END)))

    with Desk(SETTINGS, queue, drill, stopped=threading.Event()) as desk:
        desk.work(until_empty=True)

    known = asyncio.run(queue.find("b-1"))
    assert known is not None
    assert known.status == "cancelled"
    assert known.parts_done < 4
    assert multiprocessing.active_children() == []


class _Stopping(MemoryBacktests):
    """A queue in which somebody stops the process when three parts are done."""

    stopped = threading.Event()

    async def keep(self, held: Backtest, advance: Advance, now: int) -> bool:
        if advance.parts_done == 3:
            self.stopped.set()
        return await super().keep(held, advance, now)


def test_a_process_that_is_stopped_leaves_its_backtest_to_the_next(
    whole: Checkpoint,
) -> None:
    queue, drill = _Stopping(), MemoryDrill()
    asyncio.run(queue.submit(Backtest("b-1", QUEUED, REQUEST, END)))

    with Desk(SETTINGS, queue, drill, stopped=queue.stopped) as desk:
        desk.work(until_empty=True)
    half = asyncio.run(queue.find("b-1"))
    with Desk(SETTINGS, queue, drill, stopped=threading.Event()) as desk:
        desk.work(until_empty=True)

    known = asyncio.run(queue.find("b-1"))
    assert half is not None
    assert (half.status, half.parts_done) == ("running", 3)
    assert known is not None
    assert (known.status, known.hash) == ("finished", whole.findings.hash)


class _Killed(BaseException):
    """Stands for the end of the process: nothing catches it."""


class _Dying(MemoryBacktests):
    """A queue whose first holder dies when four parts are done."""

    is_alive = True

    async def take(self, lease: str, now: int) -> Backtest | None:
        # Whoever comes after the first comes when its lease is over.
        return await super().take(lease, now if self.is_alive else now + LEASE_MS)

    async def keep(self, held: Backtest, advance: Advance, now: int) -> bool:
        kept = await super().keep(held, advance, now)
        if self.is_alive and advance.parts_done == 4:
            self.is_alive = False
            raise _Killed
        return kept


def test_after_the_end_of_its_process_the_next_one_goes_on_to_the_same_hash(
    whole: Checkpoint,
) -> None:
    queue, drill = _Dying(), MemoryDrill()
    asyncio.run(queue.submit(Backtest("b-1", QUEUED, REQUEST, END)))

    with (
        pytest.raises(_Killed),
        Desk(SETTINGS, queue, drill, stopped=threading.Event()) as desk,
    ):
        desk.work(until_empty=True)
    left = asyncio.run(queue.checkpoint("b-1"))
    with Desk(SETTINGS, queue, drill, stopped=threading.Event()) as desk:
        desk.work(until_empty=True)

    known, at = asyncio.run(queue.find("b-1")), decoded(left)
    assert at is not None
    assert len(at.done) == 4
    assert known is not None
    assert (known.status, known.hash) == ("finished", whole.findings.hash)
