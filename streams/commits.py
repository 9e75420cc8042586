"""The transactions of one partition: one may be under way while the next is decided."""

import asyncio
from collections.abc import Mapping
from typing import NamedTuple

from schemas.state import Checkpoint
from streams.counting import count_committed
from streams.kept import NOTHING_APPLIED, Kept
from streams.outcome import Outcome
from streams.rest import Rest
from streams.tools import Tools


class _UnderWay(NamedTuple):
    """A transaction that is not known to be committed yet, and what it says."""

    committed: asyncio.Task[float]
    outcome: Outcome
    checkpoint: Checkpoint
    # Of the changelog, with the marker that ends it.
    records: int


class Commits:
    """
    Commits what a partition decides, in order, never more than two at a time.

    What was decided is gone on from at once. Until it is committed it is ahead of the
    changelog, and if it never is, the process ends or all of it is read anew.
    """

    def __init__(self, kept: Kept, tools: Tools) -> None:
        """Commit nothing before `begin`."""
        self.rest = Rest(tools.clock)
        self.progress_at = tools.clock()
        # As far as is committed, and as far as is decided.
        self.positions: dict[str, int] = {}
        self.decided = NOTHING_APPLIED
        self._kept = kept
        self._tools = tools
        self._under_way: _UnderWay | None = None

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
        committing = self._tools.committer.commit(self._kept.number, writes)
        self._under_way = _UnderWay(
            asyncio.create_task(committing),
            outcome,
            checkpoint,
            # States, the checkpoint and the marker that ends the transaction.
            len(writes.members) + len(writes.accounts) + 2,
        )
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
            committed = self._under_way.committed
            waking = asyncio.ensure_future(arrived.wait())
            first = asyncio.FIRST_COMPLETED
            await asyncio.wait({committed, waking}, return_when=first)
            waking.cancel()
            if not committed.done():
                return False
        await self.finish()
        return True

    def abandon(self) -> None:
        """Wait for nothing any more."""
        if self._under_way is not None:
            self._under_way.committed.cancel()
            self._under_way = None

    async def _settle(self) -> None:
        if self._under_way is None:
            return
        seconds = await self._under_way.committed
        _, outcome, checkpoint, records = self._under_way
        self._under_way = None
        # What it waited for others' transaction was a rest already.
        self.rest.after(seconds)
        kept = self._kept
        kept.checkpoint = checkpoint
        kept.changelog_at += records
        self.positions = dict(checkpoint.offsets)
        self.progress_at = self._tools.clock()
        count_committed(kept.number, outcome, kept.holdings, checkpoint=checkpoint)
