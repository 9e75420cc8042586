"""What a committed transaction adds to the metrics of its partition."""

import logging
from collections.abc import Mapping

from runtime import metrics
from streams.changelog import Restored
from streams.outcome import Outcome

logger = logging.getLogger(__name__)


def count_committed(partition: int, outcome: Outcome, *, members: int) -> None:
    """Count the records of an outcome, and the members that there are now."""
    label = str(partition)
    metrics.BATCH_RECORDS.observe(outcome.weight)
    metrics.RECORDS.labels(label, "applied").inc(outcome.applied)
    metrics.RECORDS.labels(label, "duplicate").inc(outcome.duplicates)
    metrics.RECORDS.labels(label, "dead_letter").inc(len(outcome.dead_letters))
    metrics.MEMBERS.labels(label).set(members)


def count_restored(
    partition: int, restored: Restored, *, members: int, positions: Mapping[str, int]
) -> None:
    """Tell that a partition is ready: what was read, and where it goes on."""
    label = str(partition)
    metrics.RESTORE_SECONDS.labels(label).set(restored.seconds)
    metrics.RESTORED_RECORDS.labels(label).set(restored.records)
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
