"""One engine's members compared with its stores, and set right where they differ."""

import asyncio
import time
from typing import Final

from jobs.daytwo.comparing import MEMBERS, REDIS, Difference, Totals, balance_in
from jobs.daytwo.looking import Compared, Look, Stores
from jobs.progress import Progress
from jobs.rebuild_redis import chunks

# Three times in a statement, which may have 262,144 bytes.
CHUNK: Final = 500
# A sink gathers for half a second; one that has not written by then is late.
SINK_SECONDS: Final = 5.0
# The end of a transaction comes to its partitions one by one: a sink may have read of
# it where the changelog does not tell yet. What share of the above that may take.
MARKERS_SHARE: Final = 0.2


class Reconciling:
    """Goes through partitions, one after the other."""

    def __init__(
        self,
        look: Look,
        stores: Stores,
        *,
        repairs: bool = False,
        sink_seconds: float = SINK_SECONDS,
    ) -> None:
        """
        `repairs` says whether to put right what can be.

        `sink_seconds` is how long sinks may take for what came before the states.
        """
        self.totals: list[Totals] = []
        self.differences: list[Difference] = []
        self.repaired = 0
        self._at = look
        self._stores = stores
        self._repairs = repairs
        self._sink_seconds = sink_seconds
        self._told_at = 0.0

    async def all(self, partitions: list[int]) -> None:
        """
        Compare some partitions.

        Raises: JobRefused, StoreUnavailable.
        """
        for partition in partitions:
            states = self._at.states(partition)
            self._told_at = time.monotonic() + self._sink_seconds
            progress = Progress(f"members of partition {partition}", len(states))
            self.totals.append(Totals(partition))
            for chunk in chunks(states.items(), CHUNK):
                await self._chunk(chunk)
                progress.show(self.totals[-1].members)

    async def _chunk(self, chunk: list[tuple[str, bytes]]) -> None:
        found, judged = await self._look(chunk)
        wait_seconds = self._wait_seconds(judged)
        if judged and wait_seconds > 0:
            await asyncio.sleep(wait_seconds)
            found, judged = await self._look(chunk)
        moving = sum(bool(one.differences) for one in found) - len(judged)
        for one in found:
            self._count(one)
        totals = self.totals[-1]
        self.totals[-1] = totals._replace(moving=totals.moving + moving)
        for one in judged:
            self.differences += one.differences
        if self._repairs and judged:
            await self._repair_all(judged)

    async def _look(
        self, chunk: list[tuple[str, bytes]]
    ) -> tuple[list[Compared], list[Compared]]:
        """All of a chunk, and those of them who differ and have not moved."""
        found = await self._at.compared(chunk)
        different = [one for one in found if one.differences]
        # Asked after the stores were: what they knew by then is in it.
        moved = self._at.moved() if different else {}
        return found, [one for one in different if one.member_id not in moved]

    def _wait_seconds(self, judged: list[Compared]) -> float:
        """How long what differs may still be on its way."""
        left_seconds = self._told_at - time.monotonic()
        if any(one.is_ahead for one in judged):
            return max(left_seconds, self._sink_seconds * MARKERS_SHARE)
        return left_seconds

    def _count(self, one: Compared) -> None:
        totals = self.totals[-1]
        self.totals[-1] = totals._replace(
            members=totals.members + 1,
            state=totals.state + one.balance,
            redis=totals.redis + balance_in(one.stored),
            clickhouse=totals.clickhouse + one.rows.balance,
            ledger=totals.ledger + sum(points for _, points in one.rows.ledger),
        )

    async def _repair_all(self, judged: list[Compared]) -> None:
        for one in judged:
            await self._repair(one)
        # A later version that came meanwhile may have found one there that was wrong,
        # and higher, and have been passed over. What comes from now on is not.
        moved = self._at.moved()
        for one in judged:
            state = moved.get(one.member_id)
            if state is not None:
                write = self._at.projection.write(one.member_id, state)
                await self._stores.views.put([write])
                stands = self._at.stands(one.member_id, state)
                await self._stores.analytics.replace_member(
                    stands, found=stands.version
                )

    async def _repair(self, one: Compared) -> None:
        places = [different.where for different in one.differences]
        if REDIS in places:
            write = self._at.projection.write(one.member_id, one.state)
            found = one.stored.version if one.stored else None
            # Not over what came meanwhile; the next run looks again.
            if await self._stores.views.replace(write, found=found):
                self.repaired += places.count(REDIS)
        if MEMBERS in places:
            stands = self._at.stands(one.member_id, one.state)
            await self._stores.analytics.replace_member(stands, found=one.rows.version)
            self.repaired += places.count(MEMBERS)
