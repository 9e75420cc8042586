"""Turns fetched by the block, so that not every request asks Redis for its own."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final, NamedTuple

from stores.rate_limits_contract import Budget, RateLimits, Turn

# A block is this share of the window's turns: what a process may hold and not use.
BLOCKS: Final = 1_000
HELD_SECONDS: Final = 1.0
HOLDERS_MAX: Final = 10_000


class Held(NamedTuple):
    """What is left of a block, until when (seconds), and the turn that it came with."""

    left: int
    until: float
    turn: Turn


class SharedTurns:
    """
    Turns of another store, fetched by the block where a budget is large.

    What is held lapses after HELD_SECONDS, in nobody's favour but the server's: with n
    processes a client may lose n thousandths of its turns each second, never gain one.
    A budget of fewer than two turns for each of BLOCKS is counted turn by turn.
    """

    def __init__(
        self, first: RateLimits, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Hold nothing; `clock` gives seconds."""
        self._first = first
        self._clock = clock
        self._held: OrderedDict[str, Held] = OrderedDict()
        # One fetches for all: a block for each of many at once would be wasted.
        self._fetching: dict[str, asyncio.Task[Turn | None]] = {}

    async def take(self, who: str, budget: Budget) -> Turn:
        """Take a turn if there is one; a round trip for each block."""
        size = budget.turns // BLOCKS
        if size <= 1:
            return await self._first.take(who, budget)
        while True:
            held = self._held.pop(who, None)
            if held is not None and self._clock() < held.until:
                return self._one_of(who, held)
            refused = await self._fetched(who, budget, size)
            if refused is not None:
                return refused

    def _one_of(self, who: str, held: Held) -> Turn:
        left = held.left - 1
        if left:
            self._held[who] = Held(left, held.until, held.turn)
            if len(self._held) > HOLDERS_MAX:
                self._held.popitem(last=False)
        turn = held.turn
        return Turn(True, turn.left + left, turn.full_seconds, turn.wait_seconds)

    async def _fetched(self, who: str, budget: Budget, size: int) -> Turn | None:
        """Hold a block for all who need one now, or the refusal of them all."""
        fetching = self._fetching.get(who)
        if fetching is None:
            fetch = self._fetch(who, budget, size)
            fetching = self._fetching[who] = asyncio.create_task(fetch)
        # Who gives up waiting does not take it from the others.
        return await asyncio.shield(fetching)

    async def _fetch(self, who: str, budget: Budget, size: int) -> Turn | None:
        whole = Budget(budget.turns // size, budget.window_seconds)
        try:
            turn = await self._first.take(who, whole)
        finally:
            del self._fetching[who]
        if not turn.is_taken:
            return turn
        turn = turn._replace(left=turn.left * size)
        self._held[who] = Held(size, self._clock() + HELD_SECONDS, turn)
        return None

    async def close(self) -> None:
        """Let go of all connections."""
        await self._first.close()
