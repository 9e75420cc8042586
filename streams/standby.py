"""Partitions of other workers, kept warm: who takes one over reads its tail only."""

import asyncio
import logging
import time
from typing import Final

from runtime import metrics
from streams.changelog import RestoreFailed
from streams.kept import Discarded, Kept
from streams.tools import Tools

logger = logging.getLogger(__name__)

# What is written meanwhile is the tail that a takeover reads.
ROUND_SECONDS: Final = 2.0


class Standbys:
    """
    Follows the changelogs of the partitions that this worker would be given next.

    It reads committed records and writes nothing, so it needs no right to the
    partition; that begins with fencing, as for any other.
    """

    def __init__(self, tools: Tools) -> None:
        """Follow nothing yet."""
        self._tools = tools
        self._wanted: frozenset[int] = frozenset()
        self._unwanted_before: frozenset[int] = frozenset()
        self._kept: dict[int, Kept] = {}

    def want(self, numbers: frozenset[int]) -> None:
        """Say which partitions to follow from now on; from any thread."""
        self._wanted = numbers

    def take(self, number: int) -> Kept:
        """
        What is kept of a partition, for whoever owns it from now on.

        It is wanted no longer from when the group is told who owns what, and that is
        before its owner takes it: so nothing is thrown away at once.
        """
        return self._kept.pop(number, None) or Kept(number, self._tools)

    def give_back(self, kept: Kept) -> None:
        """Go on with a partition that moves away, if it is to be followed."""
        if kept.number in self._wanted:
            kept.begin_anew()
            self._kept[kept.number] = kept
        else:
            kept.discard()

    async def run(self) -> None:
        """Read on, round after round, for ever."""
        while True:
            await self.go_round()
            await asyncio.sleep(ROUND_SECONDS)

    async def go_round(self) -> None:
        """Read on once; throw away what nobody has wanted for a whole round."""
        for number in sorted(self._wanted):
            await self._follow(number)
        unwanted = frozenset(self._kept.keys() - self._wanted)
        for number in unwanted & self._unwanted_before:
            del self._kept[number]
        self._unwanted_before = unwanted
        metrics.STANDBY_PARTITIONS.set(len(self._kept))

    async def _follow(self, number: int) -> None:
        kept = self._kept.setdefault(number, Kept(number, self._tools))
        try:
            await kept.catch_up()
        except RestoreFailed as failed:
            # Its owner, or who takes it over, will say what that means.
            logger.warning("standby waits", extra={"reason": str(failed)})
        except Discarded:
            # This worker was given it meanwhile, and has given it up again.
            return
        else:
            metrics.STANDBY_READ_AT.set(time.time())
