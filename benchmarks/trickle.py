"""Latency of orders that come one by one, on servers of their own that are warm."""

import os
import tempfile
from pathlib import Path
from typing import Final

from benchmarks.processes import run_measurement
from local.kafka import BRIEF
from local.stack import Stack

# Java compiles what a broker does often; a chain's broker did so long ago.
WARM_SECONDS: Final = 60


def measure_trickle(rate: int, seconds: int) -> dict[str, float]:
    """From an order to its view in Redis at a rate, everything running."""
    known = os.environ.pop(BRIEF, None)
    with tempfile.TemporaryDirectory() as folder:
        stack = Stack(Path(folder), say=lambda _: None)
        try:
            stack.start_all()
            addresses = stack.addresses()
            places = addresses["bootstrap_servers"], addresses["redis_url"]
            run_measurement("latency", *places, str(rate), str(WARM_SECONDS))
            found = run_measurement("latency", *places, str(rate), str(seconds))
        finally:
            stack.stop()
            if known is not None:
                os.environ[BRIEF] = known
    samples, p50, p99 = found
    return {"samples": samples, "p50_ms": p50, "p99_ms": p99}
