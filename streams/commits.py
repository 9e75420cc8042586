"""The transactions of one partition: one may be under way while the next is decided."""

import asyncio
from collections.abc import Mapping

from streams.counting import count_committed
from streams.kept import NOTHING_APPLIED, Kept
from streams.outcome import Outcome
from streams.tools import Tools
from streams.writes import Writes


class Commits:
    """
    Commits what a partition decides, in order: one transaction at a time.

    What was decided is gone on from at once. Until it is committed it is ahead of the
    changelog, and if it never is, the process ends or all of it is read anew.
    """

    def __init__(self, kept: Kept, tools: Tools) -> None:
        """Commit nothing before `begin`."""
        # How far the partition is: as committed, and as decided.
        self.positions: dict[str, int] = {}
        self.decided = NOTHING_APPLIED
        self.progress_at = tools.clock()
        self._kept = kept
        self._tools = tools
        self._under_way: asyncio.Task[None] | None = None

    def begin(self, positions: dict[str, int]) -> None:
        """Go on from what was taken."""
        self.positions = positions
        self.decided = self._kept.checkpoint or NOTHING_APPLIED
        self.progress_at = self._tools.clock()

    def note_tick(self, at: int) -> None:
        """Note that all that was due at a time is decided."""
        if at > self.decided.ticked_at:
            self.decided = self.decided._replace(ticked_at=at)

    async def commit(self, outcome: Outcome, positions: Mapping[str, int]) -> None:
        """
        Begin a transaction with an outcome, once the one before it is committed.

        Raises: Fenced, TransactionFailed, of the one before it.
        """
        await self._settle()
        checkpoint = outcome.checkpoint_after(self.decided, positions)
        writes = self._tools.writes(outcome, checkpoint, self._kept.go_ahead)
        self._kept.is_ahead = True
        self._kept.accounts.apply(writes.changed_accounts)
        self.decided = checkpoint
        self._under_way = asyncio.create_task(self._write(writes, outcome))
        # It begins now, and the other partitions have their turn.
        await asyncio.sleep(0)

    async def finish(self) -> None:
        """
        Wait until all that was decided is committed.

        Raises: Fenced, TransactionFailed.
        """
        await self._settle()
        self._kept.is_ahead = False

    async def finish_unless(self, arrived: asyncio.Event) -> bool:
        """
        Wait until all that was decided is committed, or something arrives; which.

        Raises: Fenced, TransactionFailed.
        """
        if self._under_way is not None:
            waking = asyncio.ensure_future(arrived.wait())
            either = {self._under_way, waking}
            try:
                await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            finally:
                waking.cancel()
            if not self._under_way.done():
                return False
        await self.finish()
        return True

    def abandon(self) -> None:
        """Wait for nothing any more."""
        if self._under_way is not None:
            self._under_way.cancel()
            self._under_way = None

    async def _settle(self) -> None:
        if self._under_way is not None:
            await self._under_way
            self._under_way = None

    async def _write(self, writes: Writes, outcome: Outcome) -> None:
        kept, checkpoint = self._kept, writes.checkpoint
        await self._tools.committer.commit(kept.number, writes)
        kept.checkpoint = checkpoint
        # States, the checkpoint and the marker that ends the transaction.
        kept.changelog_at += len(writes.members) + len(writes.accounts) + 2
        self.positions = dict(checkpoint.offsets)
        self.progress_at = self._tools.clock()
        count_committed(kept.number, outcome, kept.holdings, checkpoint=checkpoint)
