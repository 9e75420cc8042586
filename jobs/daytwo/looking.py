"""Members of one engine as its states, Redis and ClickHouse have them at a look."""

from typing import Any, NamedTuple

from jobs.daytwo.comparing import (
    Difference,
    InClickHouse,
    balances,
    clickhouse_differences,
    redis_differences,
)
from jobs.daytwo.kept import Changelog, Kept
from jobs.daytwo.views import Views
from loyalty.program import Programs
from schemas.update_reader import Update, standing
from stores.analytics_contract import Analytics
from stores.member_views_contract import MemberViews, ViewWrite


class Stores(NamedTuple):
    """What is compared with the states."""

    views: MemberViews
    analytics: Analytics


class Compared(NamedTuple):
    """A member's state, what the stores hold of them, and how that differs."""

    member_id: str
    state: bytes
    stored: ViewWrite | None
    rows: InClickHouse
    version: int
    balance: int
    differences: tuple[Difference, ...]

    @property
    def is_ahead(self) -> bool:
        """Whether a store knows a later version than the state's."""
        in_redis = self.stored.version if self.stored else 0
        return max(in_redis, self.rows.version, self.rows.told) > self.version


class Look:
    """States as they were read, and beside them what is there now."""

    def __init__(
        self,
        changelog: Changelog,
        programs: Programs,
        stores: Stores,
        *,
        tells_states: bool,
    ) -> None:
        """`tells_states` says whether Redis holds states, too."""
        self.projection = Views(programs, changelog.codec, tells_states=tells_states)
        self._changelog = changelog
        self._programs = programs
        self._stores = stores
        self._partition = 0
        # What came to the changelog after the states were read.
        self._later = Kept({}, {}, None, 0)

    def states(self, partition: int) -> dict[str, bytes]:
        """
        Read the states of a partition, which is the one that is looked at from now on.

        Raises: JobRefused.
        """
        kept = self._changelog.kept(partition)
        self._partition = partition
        self._later = Kept({}, {}, None, kept.end)
        return kept.states

    async def compared(self, states: list[tuple[str, bytes]]) -> list[Compared]:
        """
        Members as they are in both stores, in the order that was asked for.

        Raises: StoreUnavailable.
        """
        names = [member_id for member_id, _ in states]
        in_redis = await self._stores.views.all_of(names)
        in_clickhouse = await self._stores.analytics.standing(names)
        return [
            self._member(
                member_id, state, stored, rows=in_clickhouse.get(member_id, ())
            )
            for (member_id, state), stored in zip(states, in_redis, strict=True)
        ]

    def moved(self) -> dict[str, bytes]:
        """
        Latest states of members whom the engine has changed since they were read.

        Raises: JobRefused.
        """
        later = self._changelog.kept(self._partition, start=self._later.end)
        self._later.states.update(later.states)
        self._later = self._later._replace(end=later.end)
        return self._later.states

    def stands(self, member_id: str, state: bytes) -> Update:
        """How a member stands by a state, as ClickHouse is told it."""
        view = self.projection.view(member_id, self.projection.member(state))
        return standing(member_id, view)

    def _member(
        self,
        member_id: str,
        state: bytes,
        stored: ViewWrite | None,
        *,
        rows: tuple[Any, ...],
    ) -> Compared:
        found = InClickHouse(*rows)
        member = self.projection.member(state)
        expected = self.projection.write(member_id, state)
        balance = self.projection.view(member_id, member).balance
        differences = (
            *redis_differences(self._partition, expected, stored),
            *clickhouse_differences(
                self._partition,
                expected,
                sums=balances(member, self._programs.at(member.clock_at)),
                balance=balance,
                found=found,
            ),
        )
        return Compared(
            member_id, state, stored, found, member.version, balance, differences
        )
