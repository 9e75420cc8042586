"""What is kept in memory of one partition, and how far in the changelog that is."""

import asyncio
from collections.abc import Mapping
from typing import Final

from schemas.state import Checkpoint, Committed
from streams.accounts import Accounts, Holdings
from streams.changelog import Restored, States
from streams.members import Members
from streams.tools import Tools

NOTHING_APPLIED: Final = Checkpoint({})


class Discarded(Exception):
    """What was being read has been thrown away: nobody waits for it any more."""


class Kept:
    """
    Members, accounts and checkpoint of a partition, as its changelog has them.

    Whoever owns the partition keeps it by committing, a standby by reading; it
    passes from one to the other as it is. While a transaction is being made members
    are ahead: if that fails its process ends, and whatever else comes in between is
    noticed by `begin_anew`.
    """

    def __init__(self, number: int, tools: Tools) -> None:
        """Know nothing yet."""
        self.number = number
        self._tools = tools
        self._know_nothing()
        # A standby may still read when its partition is given to this worker.
        self._reading = asyncio.Lock()
        self._is_discarded = False

    def go_ahead(self, written: Mapping[str, Committed]) -> None:
        """
        Go on from what was written of members, before it is committed.

        What it replaces is let go while it is at hand: kept until the commit it would
        have left the processor's cache (docs/decisions/0035 has the measurements).
        """
        self.is_ahead = True
        self.members.apply(written)

    def begin_anew(self) -> None:
        """Forget all of it if it is ahead of the changelog: that knows better."""
        if self.is_ahead:
            self._know_nothing()

    def _know_nothing(self) -> None:
        self.members = Members(self._tools.states, self._tools.cache_max)
        self.accounts = Accounts()
        self.holdings = Holdings(self.members, self.accounts)
        self.checkpoint: Checkpoint | None = None
        # Next offset of the changelog that is not in memory.
        self.changelog_at = 0
        # Whether members have changed in a way that may not be committed yet.
        self.is_ahead = False

    def discard(self) -> None:
        """Throw it away: a read that goes on in its thread ends with its next part."""
        self._is_discarded = True

    async def catch_up(self) -> Restored:
        """
        Read what the changelog holds beyond what is known, and index what is due.

        Not to be cancelled but by whoever discards all of it: reading goes on in its
        thread.
        Raises: Discarded, RestoreFailed.
        """
        in_thread = self._tools.in_reading_thread
        async with self._reading:
            restored = await in_thread(
                self._tools.reader.read,
                self.number,
                self.changelog_at,
                self._restore,
            )
            self.accounts.apply(restored.accounts)
            # Of what was committed just now the broker may not tell yet.
            self.changelog_at = max(self.changelog_at, restored.end)
            if restored.checkpoint is not None:
                self.checkpoint = restored.checkpoint
            if not self.members.is_indexed:
                await in_thread(self.members.index_due)
        return restored

    def _restore(self, states: States) -> None:
        if self._is_discarded:
            raise Discarded(f"partition {self.number}")
        self.members.restore(states)
