"""The queue of backtests: what is promised of it, and how one goes on to its end."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple, Protocol

from stores.backtest_requests import BacktestRequest

QUEUED: Final = "queued"
RUNNING: Final = "running"
FINISHED: Final = "finished"
FAILED: Final = "failed"
CANCELLED: Final = "cancelled"
ENDS: Final = frozenset({FINISHED, FAILED, CANCELLED})

# Waiting and running; the next one is refused.
QUEUE_MAX: Final = 20
LISTED_MAX: Final = 1_000
LEASE_MS: Final = 30_000
# One that kills its process each time is given up.
ATTEMPTS_MAX: Final = 3
DETAIL_LENGTH_MAX: Final = 2_000


class Backtest(NamedTuple):
    """
    One backtest; times in ms since 1970, 0 for what has not happened.

    Whoever runs it holds `lease` until `lease_until`. Findings are a document of
    their own: they are asked for by those who want them.
    """

    backtest_id: str
    status: str
    request: BacktestRequest
    created_at: int
    created_by: str = ""
    started_at: int = 0
    finished_at: int = 0
    attempts: int = 0
    lease: str = ""
    lease_until: int = 0
    records_done: int = 0
    records_total: int = 0
    parts_done: int = 0
    parts_total: int = 0
    hash: str = ""
    detail: str = ""

    @property
    def is_over(self) -> bool:
        """Whether nothing more becomes of it."""
        return self.status in ENDS


class Advance(NamedTuple):
    """How far a backtest has come; `checkpoint` is None when no part is new."""

    records_done: int
    records_total: int
    parts_done: int
    parts_total: int
    checkpoint: bytes | None = None


class Backtests(Protocol):
    """The queue; a call that cannot be done now raises StoreUnavailable."""

    async def submit(self, backtest: Backtest) -> bool:
        """Queue a backtest; False when too many wait."""

    async def find(self, backtest_id: str) -> Backtest | None:
        """A backtest, None if there is none or it is too long ago."""

    async def findings(self, backtest_id: str) -> dict[str, Any] | None:
        """What a finished backtest found."""

    async def checkpoint(self, backtest_id: str) -> bytes | None:
        """Where a backtest was left by whoever ran it last."""

    async def page(self, *, before: int | None, limit: int) -> list[Backtest]:
        """Newest backtests, or those created before a time."""

    async def cancel(self, backtest_id: str, now: int) -> Backtest | None:
        """Cancel what is not over; return how it stands then."""

    async def take(self, lease: str, now: int) -> Backtest | None:
        """Take the oldest that waits or was left; None while another one runs."""

    async def keep(self, held: Backtest, advance: Advance, now: int) -> bool:
        """Renew a lease and tell how far it is; False when it is not ours any more."""

    async def leave(self, held: Backtest) -> bool:
        """Let go of a lease, for the next one to go on; False when it is not ours."""

    async def end(self, held: Backtest, ended: Backtest, document: bytes) -> bool:
        """End a backtest that is still ours, with its findings (empty for none)."""

    async def close(self) -> None:
        """Let go of all connections."""


Change = Callable[[Backtest], Backtest | None]


def taken(known: Backtest, lease: str, now: int) -> Backtest | None:
    """A backtest with a new holder; None while another one has it."""
    is_ours = known.lease == lease
    is_held = known.status == RUNNING and now < known.lease_until and not is_ours
    if known.is_over or is_held:
        return None
    if known.attempts >= ATTEMPTS_MAX and not is_ours:
        return known._replace(
            status=FAILED,
            finished_at=now,
            detail=f"taken {known.attempts} times, and never finished",
        )
    return known._replace(
        status=RUNNING,
        started_at=known.started_at or now,
        # Whoever waits for a store may wait for long; who dies of it may not.
        attempts=known.attempts + (not is_ours),
        lease=lease,
        lease_until=now + LEASE_MS,
    )


def kept(known: Backtest, lease: str, advance: Advance, *, now: int) -> Backtest | None:
    """A backtest that has come further; None when it is not the holder's any more."""
    if known.status != RUNNING or known.lease != lease:
        return None
    return known._replace(
        lease_until=now + LEASE_MS,
        # Who gets on may begin again as often as it takes.
        attempts=1 if advance.checkpoint is not None else known.attempts,
        records_done=advance.records_done,
        records_total=advance.records_total,
        parts_done=advance.parts_done,
        parts_total=advance.parts_total,
    )


def left(known: Backtest, lease: str) -> Backtest | None:
    """A backtest that its holder lets go of; None when it is not the holder's."""
    if known.status != RUNNING or known.lease != lease:
        return None
    # It did nothing wrong: this was no attempt.
    return known._replace(lease="", lease_until=0, attempts=known.attempts - 1)


def cancelled(known: Backtest, now: int) -> Backtest | None:
    """A backtest that nobody wants any more; None when it is over already."""
    if known.is_over:
        return None
    return known._replace(status=CANCELLED, finished_at=now)


def over(known: Backtest, lease: str, ended: Backtest) -> Backtest | None:
    """A backtest at its end; None when it is not the holder's any more."""
    if known.status != RUNNING or known.lease != lease:
        return None
    return ended._replace(detail=ended.detail[:DETAIL_LENGTH_MAX])
