"""One process of a backtest: folds a shard, says how far it is, and what it found."""

import gc
import signal
import time
from collections.abc import Iterable
from multiprocessing.connection import Connection
from typing import Any, Final, NamedTuple

from jobs.backtesting.choice import source_of
from jobs.backtesting.sources import Arrived, Shard, Source, Task
from jobs.errors import JobRefused
from loyalty.backtest.findings import Collector, Findings, MemberFinding
from loyalty.backtest.fold import Bench, Coupled, Plan, plan_of
from loyalty.backtest.measures import REFUSED, Meter
from loyalty.backtest.sequence import fold_all
from loyalty.decide import decide
from loyalty.events import MemberEvent
from loyalty.program_document import program_from
from runtime.settings import Settings
from stores.backtest_requests import BacktestRequest
from stores.programs import EDGE_CALENDARS
from stores.unavailable import StoreUnavailable

TELL_SECONDS: Final = 0.2


class Progress(NamedTuple):
    """So many records of a shard are folded."""

    number: int
    records: int


class Done(NamedTuple):
    """A shard is folded; `seconds` is what it took of the processor."""

    number: int
    records: int
    findings: Findings
    members: list[MemberFinding]
    seconds: float = 0.0


class Failed(NamedTuple):
    """A shard cannot be folded; `is_coupled` when its members need all others."""

    number: int
    detail: str
    is_coupled: bool = False


Message = Progress | Done | Failed


class Setup(NamedTuple):
    """What a worker is told once: settings, and what was asked for."""

    settings: Settings
    request: BacktestRequest
    current: dict[str, Any]

    @property
    def plan(self) -> Plan:
        """
        Both programs and the range.

        Raises: InvalidProgram.
        """
        request = self.request
        return plan_of(
            program_from(request.current or self.current, EDGE_CALENDARS),
            program_from(request.candidate, EDGE_CALENDARS),
            from_at=request.from_at,
            to_at=request.to_at,
        )


def work(pipe: Connection, setup: Setup) -> None:
    """Fold what comes over a pipe until it ends; the parent's end ends us, too."""
    # Ctrl-C reaches the whole group: the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Nothing here makes cycles, and looking for them takes a tenth of the time.
    gc.collect()
    gc.freeze()
    gc.disable()
    folder = Folder(pipe, setup)
    while True:
        try:
            task: Task = pipe.recv()
        except EOFError:
            return
        try:
            pipe.send(folder.fold(task))
        except Coupled as coupled:
            pipe.send(Failed(task.shards[0].number, str(coupled), is_coupled=True))
        except (JobRefused, StoreUnavailable) as refusal:
            pipe.send(Failed(task.shards[0].number, str(refusal)))
        except BrokenPipeError:
            return


class Folder:
    """Folds shards by one plan."""

    def __init__(self, pipe: Connection, setup: Setup) -> None:
        """Read both programs, and connect to the source."""
        self._pipe = pipe
        self._request = setup.request
        self._plan = setup.plan
        self._source: Source = source_of(setup.request.source, setup.settings)
        self._told_at = 0.0

    def fold(self, task: Task) -> Done:
        """
        Fold one shard by its members, or several in one sequence.

        Raises: Coupled, JobRefused.
        """
        started = time.process_time()
        if task.in_sequence:
            done = self._in_sequence(task.shards)
        else:
            done = self._by_members(task.shards[0])
        seconds = time.process_time() - started
        gc.collect()
        return done._replace(seconds=seconds)

    def _by_members(self, shard: Shard) -> Done:
        bench = Bench(decide, self._plan)
        collector = Collector(_wallet(self._plan))
        members: list[MemberFinding] = []
        count = 0
        for member_id, arrived in self._read(shard):
            ends = bench.fold(member_id, [event for _, event in arrived])
            if ends is not None:
                members.append(collector.add(member_id, *ends))
            count += len(arrived)
            self._tell(shard.number, count)
        self._count_malformed((bench.current, bench.candidate))
        findings = collector.findings(bench.current, bench.candidate)
        return Done(shard.number, count, findings, members)

    def _in_sequence(self, shards: list[Shard]) -> Done:
        everything: list[tuple[int, str, int, MemberEvent]] = []
        number = shards[0].number
        for shard in shards:
            for member_id, arrived in self._read(shard):
                everything += [
                    (at, member_id, place, event)
                    for place, (at, event) in enumerate(arrived)
                ]
                self._tell(number, len(everything) // 2)
        everything.sort(key=lambda one: one[:3])
        meters = Meter(self._plan.current.latest), Meter(self._plan.candidate.latest)
        arrivals = [(member_id, event) for _, member_id, _, event in everything]
        ends = fold_all(decide, self._plan, arrivals, meters=meters)
        collector = Collector(_wallet(self._plan))
        members = [collector.add(member_id, *both) for member_id, both in ends.items()]
        self._count_malformed(meters)
        findings = collector.findings(*meters)
        return Done(number, len(everything), findings, members)

    def _read(self, shard: Shard) -> Iterable[tuple[str, Arrived]]:
        return self._source.read(shard, self._request.sample_percent)

    def _count_malformed(self, meters: tuple[Meter, Meter]) -> None:
        for reason, count in self._source.malformed.items():
            for meter in meters:
                meter.add(REFUSED, reason, "events", amount=count)
        self._source.malformed.clear()

    def _tell(self, number: int, records: int) -> None:
        now = time.monotonic()
        if now - self._told_at >= TELL_SECONDS:
            self._told_at = now
            self._pipe.send(Progress(number, records))


def _wallet(plan: Plan) -> str:
    """Wallet that members are compared by: the first of the program that runs."""
    return plan.current.latest.wallet_id
