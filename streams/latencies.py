"""How long it took from the broker's taking a record until its effect was written."""

import time
from collections.abc import Iterable

from runtime import tracing
from runtime.metrics import SINK_LATENCY_SECONDS
from schemas.update_reader import Update
from streams.batches import RecordBatch


def observe_latency(
    sink: str, updates: Iterable[Update], batches: Iterable[RecordBatch]
) -> None:
    """
    Observe the last change of each update that a sink has just written.

    What was traced is an example of its bucket: a dashboard leads from it to the trace.
    """
    now_ms = time.time() * 1_000
    observe = SINK_LATENCY_SECONDS.labels(sink).observe
    examples = _examples(batches) if tracing.is_on() else {}
    for update in updates:
        recorded_at = update.changes[-1].recorded_at
        seconds = max(now_ms - recorded_at, 0) / 1_000
        observe(seconds, examples.get(update.member_id))


def _examples(batches: Iterable[RecordBatch]) -> dict[str, dict[str, str]]:
    """Exemplars by member."""
    found = {}
    for batch in batches:
        for record in batch.records:
            example = tracing.exemplar(record.headers)
            if example is not None and record.key:
                found[record.key.decode()] = example
    return found
