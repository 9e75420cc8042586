"""ClickHouse after a restore: nothing beyond the states, and members as they are."""

import uuid
from collections.abc import Iterator
from typing import Final

from jobs.daytwo.files import BackupFolder
from jobs.daytwo.rows_beyond import RowsBeyond
from jobs.daytwo.views import Views
from jobs.errors import JobFailed
from jobs.rebuild_redis import chunks
from loyalty.program import Programs
from runtime.settings import Settings
from schemas.accounts import KEY_PREFIX
from schemas.state import StateCodec
from schemas.update_reader import standing
from stores.analytics import ClickHouseAnalytics
from stores.analytics_contract import Analytics

CHUNK: Final = 5_000


class RowsAsStates:
    """Brings the rows of a restored ClickHouse back to the states of a backup."""

    def __init__(
        self, settings: Settings, folder: BackupFolder, rows: RowsBeyond
    ) -> None:
        """Say what stands where."""
        self._settings = settings
        self._folder = folder
        self._rows = rows
        self._codec = StateCodec()

    async def settle(self, programs: Programs) -> str:
        """
        Let go of rows beyond the states; return what there was, in a line.

        A member's own row is the latest only: where that is let go, it is written from
        the state. Raises: StoreUnavailable; JobFailed when rows beyond are left.
        """
        for number in range(self._settings.partitions):
            for chunk in chunks(self._states(number), CHUNK):
                self._rows.keep(number, [self._version(*one) for one in chunk])
        gone = self._rows.let_go()
        analytics = ClickHouseAnalytics(
            self._settings.clickhouse_url, self._settings.clickhouse_database
        )
        try:
            await self._members(analytics, programs)
        finally:
            await analytics.close()
        left = self._rows.left()
        if left:
            raise JobFailed(f"expected no rows beyond the states, found {left}")
        return (
            f"{gone:,} rows of what is decided again let go, "
            f"{self._rows.behind():,} members of whom rows are missing"
        )

    async def _members(self, analytics: Analytics, programs: Programs) -> None:
        """Write the rows of members whose later ones are gone."""
        views = Views(programs, self._codec, tells_states=False)
        run = uuid.uuid4().hex
        for number in range(self._settings.partitions):
            names = self._rows.members_of(number)
            if not names:
                continue
            states = (one for one in self._states(number) if one[0] in names)
            for place, chunk in enumerate(chunks(states, CHUNK)):
                updates = [
                    standing(name, views.view(name, views.member(state)))
                    for name, state in chunk
                ]
                token = f"restore:{run}:members:{number}:{place}"
                await analytics.insert_updates(updates, token=token)

    def _states(self, partition: int) -> Iterator[tuple[str, bytes]]:
        """Members of a partition and their states; accounts and checkpoint are none."""
        for entry in self._folder.read(f"changelog-{partition}"):
            if entry.key and entry.value and entry.key[:1] != KEY_PREFIX:
                yield entry.key.decode(), entry.value

    def _version(self, member_id: str, state: bytes) -> tuple[str, int]:
        return member_id, self._codec.decode_member(state).version
