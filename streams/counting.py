"""What a committed transaction adds to the metrics of its partition."""

import logging
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from loyalty.budget_books import Lease
from runtime import metrics
from schemas.state import Checkpoint
from streams.accounts import Accounts, Holdings
from streams.changelog import Restored
from streams.outcome import Outcome

ACCOUNT_KINDS: Final = ("owner", "lease")
OF_A_PARTITION: Final = (
    metrics.PARTITION_READY,
    metrics.LAG_RECORDS,
    metrics.MEMBERS,
    metrics.RESTORE_SECONDS,
    metrics.RESTORED_RECORDS,
    metrics.RESTORED_AT,
    metrics.TICKED_AT,
    metrics.TIMERS,
    metrics.BUDGET_HELD_UNITS,
    metrics.BUDGET_WAITING_CLAIMS,
)

logger = logging.getLogger(__name__)


def count_committed(
    partition: int, outcome: Outcome, holdings: Holdings, *, checkpoint: Checkpoint
) -> None:
    """Count what was committed and what there is now; end the spans of it."""
    outcome.spans.end(partition, outcome.weight)
    label = str(partition)
    metrics.BATCH_RECORDS.observe(outcome.weight)
    metrics.RECORDS.labels(label, "applied").inc(outcome.applied)
    metrics.RECORDS.labels(label, "duplicate").inc(outcome.duplicates)
    metrics.RECORDS.labels(label, "dead_letter").inc(len(outcome.dead_letters))
    metrics.MEMBERS.labels(label).set(len(holdings.members))
    timers = holdings.members.timers + holdings.accounts.timers
    metrics.TIMERS.labels(label).set(timers)
    if outcome.ticks:
        metrics.TICKED_AT.labels(label).set(checkpoint.ticked_at / 1_000)
    if outcome.accounts:
        _count_budgets(label, holdings.accounts)


def _count_budgets(label: str, accounts: Accounts) -> None:
    """Count anew, which is cheap: there are few accounts, and they change seldom."""
    owners = leases = held = waiting = 0
    for account in accounts.all():
        if isinstance(account, Lease):
            leases += 1
            held += sum(book.held for book in account.books)
            waiting += sum(len(book.waiting) for book in account.books)
        else:
            owners += 1
    metrics.BUDGET_ACCOUNTS.labels(label, "owner").set(owners)
    metrics.BUDGET_ACCOUNTS.labels(label, "lease").set(leases)
    metrics.BUDGET_HELD_UNITS.labels(label).set(held)
    metrics.BUDGET_WAITING_CLAIMS.labels(label).set(waiting)


def tell_ready(partition: int, *, is_ready: bool) -> None:
    """Say whether a partition of this worker is restored."""
    metrics.PARTITION_READY.labels(str(partition)).set(is_ready)


def stop_telling(partition: int) -> None:
    """Say nothing more of a partition that has left: another worker does."""
    label = str(partition)
    for gauge in OF_A_PARTITION:
        with suppress(KeyError):
            gauge.remove(label)
    for kind in ACCOUNT_KINDS:
        with suppress(KeyError):
            metrics.BUDGET_ACCOUNTS.remove(label, kind)


def count_restored(
    partition: int, restored: Restored, *, members: int, positions: Mapping[str, int]
) -> None:
    """Tell that a partition is ready: what was read, and where it goes on."""
    label = str(partition)
    metrics.RESTORE_SECONDS.labels(label).set(restored.seconds)
    metrics.RESTORED_RECORDS.labels(label).set(restored.records)
    metrics.RESTORED_AT.labels(label).set(time.time())
    logger.info(
        "partition ready",
        extra={
            "partition": partition,
            "members": members,
            "restored_records": restored.records,
            "restore_seconds": round(restored.seconds, 3),
            "positions": dict(positions),
        },
    )


def count_rule_fault(rule_ids: tuple[str, ...], fault: Exception) -> None:
    """Tell of rules that failed and were left out of an event."""
    logger.error(
        "a rule failed and was left out",
        extra={"rules": list(rule_ids)},
        exc_info=fault,
    )
    for rule_id in rule_ids:
        metrics.RULE_FAULTS.labels(rule_id).inc()
