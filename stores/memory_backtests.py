"""The twin in memory of the queue of backtests: same contract."""

from typing import Any

import msgspec

from stores.backtests_contract import (
    QUEUE_MAX,
    Advance,
    Backtest,
    Change,
    cancelled,
    kept,
    left,
    over,
    taken,
)
from stores.unavailable import StoreUnavailable


class MemoryBacktests:
    """Backtests in memory, for tests and for trying out."""

    def __init__(self) -> None:
        """Hold nothing."""
        self._known: dict[str, Backtest] = {}
        self._parts: dict[tuple[str, str], bytes] = {}
        self.is_available = True

    async def submit(self, backtest: Backtest) -> bool:
        """Queue a backtest; False when too many wait."""
        self._check()
        if sum(not one.is_over for one in self._known.values()) >= QUEUE_MAX:
            return False
        self._known[backtest.backtest_id] = backtest
        return True

    async def find(self, backtest_id: str) -> Backtest | None:
        """A backtest, None if there is none."""
        self._check()
        return self._known.get(backtest_id)

    async def findings(self, backtest_id: str) -> dict[str, Any] | None:
        """What a finished backtest found."""
        self._check()
        document = self._parts.get((backtest_id, "findings"))
        return None if document is None else msgspec.json.decode(document)

    async def checkpoint(self, backtest_id: str) -> bytes | None:
        """Where a backtest was left by whoever ran it last."""
        self._check()
        return self._parts.get((backtest_id, "checkpoint"))

    async def page(self, *, before: int | None, limit: int) -> list[Backtest]:
        """Newest backtests, or those created before a time."""
        self._check()
        found = [
            one
            for one in self._known.values()
            if before is None or one.created_at < before
        ]
        found.sort(key=lambda one: (one.created_at, one.backtest_id), reverse=True)
        return found[:limit]

    async def cancel(self, backtest_id: str, now: int) -> Backtest | None:
        """Cancel what is not over; return how it stands then."""
        self._change(backtest_id, lambda known: cancelled(known, now))
        return self._known.get(backtest_id)

    async def take(self, lease: str, now: int) -> Backtest | None:
        """Take the oldest that waits or was left; None while another one runs."""
        self._check()
        active = [one for one in self._known.values() if not one.is_over]
        active.sort(key=lambda one: (one.created_at, one.backtest_id))
        for one in active:
            changed = self._change(
                one.backtest_id, lambda known: taken(known, lease, now)
            )
            if changed is None or not changed.is_over:
                return changed
        return None

    async def keep(self, held: Backtest, advance: Advance, now: int) -> bool:
        """Renew a lease and tell how far it is; False when it is not ours any more."""
        changed = self._change(
            held.backtest_id, lambda known: kept(known, held.lease, advance, now=now)
        )
        if changed is not None and advance.checkpoint is not None:
            self._parts[held.backtest_id, "checkpoint"] = advance.checkpoint
        return changed is not None

    async def leave(self, held: Backtest) -> bool:
        """Let go of a lease, for the next one to go on; False when it is not ours."""
        changed = self._change(held.backtest_id, lambda known: left(known, held.lease))
        return changed is not None

    async def end(self, held: Backtest, ended: Backtest, document: bytes) -> bool:
        """End a backtest that is still ours, with its findings (empty for none)."""
        changed = self._change(
            held.backtest_id, lambda known: over(known, held.lease, ended)
        )
        if changed is not None and document:
            self._parts[held.backtest_id, "findings"] = document
        return changed is not None

    async def close(self) -> None:
        """Nothing to let go of."""

    def _change(self, backtest_id: str, change: Change) -> Backtest | None:
        self._check()
        known = self._known.get(backtest_id)
        changed = None if known is None else change(known)
        if changed is not None:
            self._known[backtest_id] = changed
            if changed.is_over:
                self._parts.pop((backtest_id, "checkpoint"), None)
        return changed

    def _check(self) -> None:
        if not self.is_available:
            raise StoreUnavailable("redis", "switched off by a test")
