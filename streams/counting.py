"""What a committed transaction adds to the metrics of its partition."""

from runtime import metrics
from streams.outcome import Outcome


def count_committed(partition: int, outcome: Outcome, *, members: int) -> None:
    """Count the records of an outcome, and the members that there are now."""
    label = str(partition)
    metrics.BATCH_RECORDS.observe(outcome.weight)
    metrics.RECORDS.labels(label, "applied").inc(outcome.applied)
    metrics.RECORDS.labels(label, "duplicate").inc(outcome.duplicates)
    metrics.RECORDS.labels(label, "dead_letter").inc(len(outcome.dead_letters))
    metrics.MEMBERS.labels(label).set(members)
