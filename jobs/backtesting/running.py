"""A backtest from its start, or from where it was left, to its findings."""

import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from jobs.backtesting.choice import source_of
from jobs.backtesting.pool import Pool
from jobs.backtesting.sources import Shard, Task
from jobs.backtesting.worker import Done, Failed, Progress, Setup
from jobs.errors import JobRefused
from loyalty.backtest.findings import Findings, MemberFinding, merged
from runtime.settings import Settings
from stores.backtest_requests import BacktestRequest

# All events of members who touch one another are held by one process.
SEQUENCE_RECORDS_MAX = 5_000_000


class Checkpoint(NamedTuple):
    """How far a backtest is: enough to go on after it was killed."""

    shards: list[Shard]
    in_sequence: bool
    done: list[int]
    records: int
    findings: Findings

    @property
    def records_total(self) -> int:
        """Records of all shards; an estimate."""
        return sum(shard.records for shard in self.shards)


class Step(NamedTuple):
    """What came next: how far it is, and the members of a shard that is new."""

    checkpoint: Checkpoint
    records: int
    finished: Done | None = None

    @property
    def members(self) -> list[MemberFinding]:
        """Members of the shard that was finished in this step, none in others."""
        return self.finished.members if self.finished else []


class Stopped(Exception):
    """Somebody does not want it any more."""


Heard = Callable[[Step], None]


class Backtesting:
    """One backtest."""

    def __init__(
        self, settings: Settings, request: BacktestRequest, current: dict[str, Any]
    ) -> None:
        """
        Read both programs; `current` is the document of the one that runs.

        Raises: InvalidProgram.
        """
        self._settings = settings
        self._setup = Setup(settings, request, current)
        self.plan = self._setup.plan
        # Of the processor, so far.
        self.seconds = 0.0

    @property
    def wallet(self) -> str:
        """Wallet that members are compared by, and that money is told of."""
        return self.plan.current.latest.wallet_id

    def run(
        self, processes: int, heard: Heard, checkpoint: Checkpoint | None = None
    ) -> Checkpoint:
        """
        Fold all that is not folded yet; `heard` is told twice a second or oftener.

        Raises: JobRefused; and whatever `heard` raises to stop it.
        """
        known = checkpoint or self._begun()
        while True:
            with Pool(self._setup, processes) as pool:
                ended = self._pass(pool, known, heard)
            if ended is not None:
                return ended
            known = known._replace(
                in_sequence=True, done=[], records=0, findings=Findings()
            )
            self._check_length(known)
            heard(Step(known, 0))

    def _begun(self) -> Checkpoint:
        source = source_of(self._setup.request.source, self._settings)
        try:
            shards = source.shards()
        finally:
            source.close()
        programs = (self.plan.current.latest, self.plan.candidate.latest)
        known = Checkpoint(
            shards, any(one.budgets for one in programs), [], 0, Findings()
        )
        self._check_length(known)
        return known

    def _check_length(self, known: Checkpoint) -> None:
        if known.in_sequence and known.records_total > SEQUENCE_RECORDS_MAX:
            raise JobRefused(
                f"expected at most {SEQUENCE_RECORDS_MAX:,} records where members "
                f"touch one another or budgets, found {known.records_total:,}"
            )

    def _pass(self, pool: Pool, known: Checkpoint, heard: Heard) -> Checkpoint | None:
        """Go on to the end; None when members turn out to touch one another."""
        under_way: dict[int, int] = {}
        told_at = 0.0
        for message in pool.run(list(_tasks(known))):
            step = Step(known, known.records + sum(under_way.values()))
            if isinstance(message, Done):
                under_way.pop(message.number, None)
                known = self._taken(known, message)
                step = Step(known, known.records + sum(under_way.values()), message)
            elif isinstance(message, Failed):
                if not message.is_coupled:
                    raise JobRefused(message.detail)
                return None
            elif isinstance(message, Progress):
                under_way[message.number] = message.records
                if time.monotonic() - told_at < 0.25:  # noqa: PLR2004 - a look is seldomer
                    continue
            told_at = time.monotonic()
            heard(step)
        return known

    def _taken(self, known: Checkpoint, done: Done) -> Checkpoint:
        self.seconds += done.seconds
        numbers = [done.number]
        if known.in_sequence:
            numbers = [shard.number for shard in known.shards]
        return known._replace(
            done=sorted({*known.done, *numbers}),
            records=known.records + done.records,
            findings=merged(known.findings, done.findings),
        )


def _tasks(known: Checkpoint) -> Iterator[Task]:
    left = [shard for shard in known.shards if shard.number not in known.done]
    if known.in_sequence:
        if left:
            yield Task(left, in_sequence=True)
        return
    # The longest first, so that no process is left alone with it at the end.
    for shard in sorted(left, key=lambda one: (-one.records, one.number)):
        yield Task([shard])
