"""The twin of Redis in memory: same contract, for tests and for trying out."""

import time
from collections.abc import Sequence

from stores.member_views_contract import (
    ERASED,
    RESULT_TTL_SECONDS,
    CodeWrite,
    ResultWrite,
    StoredState,
    StoredView,
    ViewWrite,
)
from stores.memory_member_feed import MemoryMemberFeed
from stores.result_bell import MemoryResultBell
from stores.unavailable import StoreUnavailable


class MemoryMemberViews:
    """The twin in memory: same contract, for tests and for trying out."""

    def __init__(self, *, result_ttl_seconds: int = RESULT_TTL_SECONDS) -> None:
        """Hold nothing."""
        self._views: dict[str, ViewWrite] = {}
        self.feed = MemoryMemberFeed()
        self.result_bell = MemoryResultBell()
        self._holders: dict[tuple[str, int], str] = {}
        self._results: dict[str, tuple[float, bytes]] = {}
        self._result_ttl_seconds = result_ttl_seconds
        self.is_available = True

    async def put(
        self,
        writes: Sequence[ViewWrite],
        results: Sequence[ResultWrite] = (),
        codes: Sequence[CodeWrite] = (),
    ) -> int:
        """Write the views that are newer than what is there, then the results."""
        self._check()
        for pool_id, number, member_id in codes:
            self._holders[pool_id, number] = member_id
        written = 0
        for write in writes:
            known = self._views.get(write.member_id)
            if known is None or known.version < write.version:
                self._views[write.member_id] = write
                written += 1
                self.feed.tell(write, known.version if known else 0)
        now = time.monotonic()
        for command_id, document in results:
            ends_at, _ = self._results.get(command_id, (0.0, b""))
            if ends_at <= now:
                ends_at = now + self._result_ttl_seconds
                self._results[command_id] = ends_at, document
        self.result_bell.ring(results)
        return written

    async def holder_of(self, pool_id: str, number: int) -> str | None:
        """Member who was given a code, None while nobody was."""
        self._check()
        return self._holders.get((pool_id, number))

    async def replace(self, write: ViewWrite, *, found: int | None) -> bool:
        """Write over what is there, if its version is still the one found."""
        self._check()
        known = self._views.get(write.member_id)
        if (None if known is None else known.version) != found:
            return False
        self._views[write.member_id] = write
        return True

    async def all_of(self, member_ids: Sequence[str]) -> list[ViewWrite | None]:
        """What is there of some members, erased ones with an empty document."""
        self._check()
        return [self._views.get(member_id) for member_id in member_ids]

    async def put_results(self, results: Sequence[ResultWrite]) -> None:
        """Write results of commands that have none yet; they live for a time."""
        await self.put((), results)

    async def get_result(self, command_id: str) -> bytes | None:
        """Result of a command as JSON, None while there is none."""
        self._check()
        ends_at, document = self._results.get(command_id, (0.0, b""))
        return document if time.monotonic() < ends_at else None

    async def delete(self, member_id: str, version: int) -> bool:
        """Erase the view unless a newer one is there; no older write brings it back."""
        return await self.put([ViewWrite(member_id, version, ERASED)]) == 1

    async def get(self, member_id: str) -> StoredView | None:
        """View of a member, None if there is none or it was erased."""
        known = self._known(member_id)
        return StoredView(known.version, known.document) if known else None

    async def get_state(self, member_id: str) -> StoredState | None:
        """State of a member, never older than the view."""
        known = self._known(member_id)
        return StoredState(known.version, known.state) if known else None

    async def ping(self) -> None:
        """Answer, or raise."""
        self._check()

    async def close(self) -> None:
        """Nothing to let go of."""

    def _known(self, member_id: str) -> ViewWrite | None:
        self._check()
        known = self._views.get(member_id)
        return known if known is not None and known.document else None

    def _check(self) -> None:
        if not self.is_available:
            raise StoreUnavailable("redis", "switched off by a test")
