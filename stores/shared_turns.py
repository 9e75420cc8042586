"""Turns fetched by the block, so that not every request asks Redis for its own."""

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

    async def take(self, who: str, budget: Budget) -> Turn:
        """Take a turn if there is one; a round trip for each block."""
        size = budget.turns // BLOCKS
        if size <= 1:
            return await self._first.take(who, budget)
        held = self._held.pop(who, None)
        if held is None or self._clock() >= held.until:
            whole = Budget(budget.turns // size, budget.window_seconds)
            turn = await self._first.take(who, whole)
            if not turn.is_taken:
                return turn
            turn = turn._replace(left=turn.left * size)
            held = Held(size, self._clock() + HELD_SECONDS, turn)
        left = held.left - 1
        if left:
            self._held[who] = held._replace(left=left)
            if len(self._held) > HOLDERS_MAX:
                self._held.popitem(last=False)
        return held.turn._replace(left=held.turn.left + left)

    async def close(self) -> None:
        """Let go of all connections."""
        await self._first.close()
