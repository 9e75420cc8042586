"""What all partitions of a worker share."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from typing import Final, NamedTuple, TypeVar

from loyalty.budgets import (
    FindBudget,
    no_budget,
)
from loyalty.decide import decide
from loyalty.program import Programs
from loyalty.settling import Decide
from schemas.events import EventCodec
from schemas.state import Checkpoint, StateCodec
from schemas.updates import UpdateCodec
from streams.changelog import ChangelogReader
from streams.committer import Committer, NewProducer
from streams.outcome import Keep, Outcome, Telling, nobody_keeps
from streams.writes import Writes

# Others, health and a stop wait for the same loop, however slow the machine is.
TURN_SECONDS_MAX: Final = 0.5

# First offset that the broker has, and the one after the last, by source topic.
Edges = dict[str, tuple[int, int]]
T = TypeVar("T")


async def _as_they_are() -> None:
    """Programs that never change."""


class Tools(NamedTuple):
    """
    Rules, codecs, clients and limits; `edges` and what `new_producer` makes block.

    `find_budget` knows a budget by its id and an event's time; `tells_states`
    says whether updates hold the members' states. `take_programs` is awaited before
    each batch: programs change then, and at no other time. A partition that has
    decided for `turn_seconds_max` commits, wherever in a batch it is. `clock` says how
    long that is, in seconds from any moment. Changelogs are read on threads of their
    own, if `reading_executor` has some.
    """

    programs: Programs
    events: EventCodec
    states: StateCodec
    updates: UpdateCodec
    reader: ChangelogReader
    executor: Executor
    committer: Committer
    new_producer: NewProducer
    edges: Callable[[int], Edges]
    records_max: int
    cache_max: int
    decide: Decide = decide
    find_budget: FindBudget = no_budget
    tells_states: bool = True
    app_id: str = "regulars"
    take_programs: Callable[[], Awaitable[None]] = _as_they_are
    turn_seconds_max: float = TURN_SECONDS_MAX
    clock: Callable[[], float] = time.monotonic
    reading_executor: Executor | None = None

    def in_thread(self, call: Callable[..., T], *arguments: object) -> Awaitable[T]:
        """Run what blocks; whoever waits for it leaves the loop to others."""
        loop = asyncio.get_running_loop()
        return loop.run_in_executor(self.executor, call, *arguments)

    def in_reading_thread(
        self, call: Callable[..., T], *arguments: object
    ) -> Awaitable[T]:
        """Run what blocks for minutes; nobody waits for it who decides or commits."""
        loop = asyncio.get_running_loop()
        executor = self.reading_executor or self.executor
        return loop.run_in_executor(executor, call, *arguments)

    @property
    def telling(self) -> Telling:
        """How states and updates are written."""
        return Telling(self.states, self.updates, self.programs, self.tells_states)

    def writes(
        self, outcome: Outcome, checkpoint: Checkpoint, keep: Keep = nobody_keeps
    ) -> Writes:
        """Encode what a transaction says of a partition."""
        return Writes(outcome, checkpoint, self.telling, keep=keep)
