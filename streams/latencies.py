"""How long it took from the broker's taking a record until its effect was written."""

import time
from collections.abc import Iterable

from runtime.metrics import SINK_LATENCY_SECONDS
from schemas.framing import Record


def observe_latency(sink: str, updates: Iterable[Record]) -> None:
    """Observe the last change of each update that a sink has just written."""
    now_ms = time.time() * 1_000
    observe = SINK_LATENCY_SECONDS.labels(sink).observe
    for update in updates:
        recorded_at = update["changes"][-1]["recorded_at"]
        observe(max(now_ms - recorded_at, 0) / 1_000)
