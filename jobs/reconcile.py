"""
Compares the engine's states with Redis and ClickHouse, for every member.

The ledger's sum is the balance, Redis holds the view of the state, ClickHouse knows
the same version. Members who move while they are looked at are counted, not judged.
`--repair` writes Redis and ClickHouse's members from the states; it never touches the
ledger (`rebuild-clickhouse` writes missing entries from the log).
"""

import argparse
import asyncio
from typing import Final

from jobs.daytwo.comparing import (
    MEMBERS,
    REDIS,
    Difference,
    InClickHouse,
    Totals,
    balance_in,
    balances,
    clickhouse_differences,
    document_of,
    redis_differences,
    table_of,
)
from jobs.daytwo.kept import Changelog
from jobs.daytwo.views import Views
from jobs.errors import JobFailed
from jobs.progress import Progress
from jobs.reading import LogReader
from jobs.rebuild_redis import chunks
from runtime.settings import Settings
from schemas.update_reader import standing
from stores.analytics import ClickHouseAnalytics
from stores.member_views import RedisMemberViews
from stores.member_views_contract import ViewWrite
from stores.program_reader import read_program

SUMMARY: Final = "compare Redis and ClickHouse with the engine's states, and repair"
# Three times in a statement, which may have 262,144 bytes.
CHUNK: Final = 500


def run(settings: Settings, arguments: list[str]) -> None:
    """
    Print totals by partition, and each difference.

    Raises: JobFailed when there are differences that were not repaired.
    """
    parser = argparse.ArgumentParser("reconcile", description=SUMMARY)
    parser.add_argument("--partition", type=int, action="append", help="only this one")
    parser.add_argument("--repair", action="store_true")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    reconciling = Reconciling(settings, repairs=chosen.repair)
    partitions = chosen.partition or list(range(settings.partitions))
    asyncio.run(reconciling.all(partitions))
    found = reconciling.totals, reconciling.differences
    tell = document_of if chosen.json else table_of
    print(tell(*found, repaired=reconciling.repaired))
    left = len(reconciling.differences) - reconciling.repaired
    if left:
        raise JobFailed(f"{left} differences")


class Reconciling:
    """Goes through partitions, one after the other."""

    def __init__(self, settings: Settings, *, repairs: bool = False) -> None:
        """Connect when asked; `repairs` says whether to put right what can be."""
        self.totals: list[Totals] = []
        self.differences: list[Difference] = []
        self.repaired = 0
        self._settings = settings
        self._repairs = repairs
        self._log = LogReader(settings)
        self._changelog = Changelog(settings, self._log)
        self._program = read_program(settings).programs
        self._projection = Views(
            self._program, self._changelog.codec, tells_states=settings.estimates
        )

    async def all(self, partitions: list[int]) -> None:
        """
        Compare some partitions.

        Raises: JobRefused, StoreUnavailable.
        """
        views = RedisMemberViews(self._settings.redis_url, self._settings.app_id)
        analytics = ClickHouseAnalytics(
            self._settings.clickhouse_url, self._settings.clickhouse_database
        )
        for partition in partitions:
            states = self._changelog.kept(partition).states
            progress = Progress(f"members of partition {partition}", len(states))
            self.totals.append(Totals(partition))
            for chunk in chunks(states.items(), CHUNK):
                await self._chunk(partition, chunk, views=views, analytics=analytics)
                progress.show(self.totals[-1].members)
        await views.close()
        await analytics.close()
        self._log.close()

    async def _chunk(
        self,
        partition: int,
        chunk: list[tuple[str, bytes]],
        *,
        views: RedisMemberViews,
        analytics: ClickHouseAnalytics,
    ) -> None:
        names = [member_id for member_id, _ in chunk]
        in_redis = await views.all_of(names)
        in_clickhouse = await analytics.standing(names)
        for (member_id, state), stored in zip(chunk, in_redis, strict=True):
            found = InClickHouse(*in_clickhouse.get(member_id, ()))
            different = self._member(partition, member_id, state, found=(stored, found))
            self.differences += different
            if different and self._repairs:
                await self._repair(
                    member_id,
                    state,
                    different,
                    stored=stored,
                    stores=(views, analytics),
                )

    def _member(
        self,
        partition: int,
        member_id: str,
        state: bytes,
        *,
        found: tuple[ViewWrite | None, InClickHouse],
    ) -> list[Difference]:
        stored, rows = found
        member = self._projection.member(state)
        expected = self._projection.write(member_id, state)
        sums = balances(member, self._program.at(member.clock_at))
        balance = self._projection.view(member_id, member).balance
        in_redis = stored.version if stored else 0
        totals = self.totals[-1]
        # Both have heard of a later version: the engine has gone on meanwhile.
        is_moving = rows.told > member.version and in_redis > member.version
        self.totals[-1] = totals._replace(
            members=totals.members + 1,
            state=totals.state + balance,
            redis=totals.redis + balance_in(stored),
            clickhouse=totals.clickhouse + rows.balance,
            ledger=totals.ledger + sum(points for _, points in rows.ledger),
            moving=totals.moving + is_moving,
        )
        if is_moving:
            return []
        return [
            *redis_differences(partition, expected, stored),
            *clickhouse_differences(
                partition, expected, sums=sums, balance=balance, found=rows
            ),
        ]

    async def _repair(
        self,
        member_id: str,
        state: bytes,
        different: list[Difference],
        *,
        stored: ViewWrite | None,
        stores: tuple[RedisMemberViews, ClickHouseAnalytics],
    ) -> None:
        views, analytics = stores
        places = {one.where for one in different}
        if REDIS in places:
            write = self._projection.write(member_id, state)
            found = stored.version if stored else None
            # Not over what came meanwhile; the next run looks again.
            if await views.replace(write, found=found):
                self.repaired += sum(one.where == REDIS for one in different)
        if MEMBERS in places:
            view = self._projection.view(member_id, self._projection.member(state))
            await analytics.replace_member(standing(member_id, view))
            self.repaired += sum(one.where == MEMBERS for one in different)
