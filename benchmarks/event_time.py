"""How far time is, as the engine says."""

import urllib.request
from typing import Final

from local.stack import Stack
from runtime.settings import Settings

ANSWER_SECONDS: Final = 30.0
METRIC: Final = "regulars_ticked_at_seconds{"


def ticked_at(stack: Stack) -> float:
    """Seconds up to which all that was due is decided everywhere; 0.0 before that."""
    port = stack.port("worker", "metrics")
    address = f"http://127.0.0.1:{port}/metrics"
    with urllib.request.urlopen(address, timeout=ANSWER_SECONDS) as page:
        lines = page.read().decode().splitlines()
    told = [float(line.split()[-1]) for line in lines if line.startswith(METRIC)]
    return min(told) if len(told) == Settings().partitions else 0.0
