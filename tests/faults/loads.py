"""Loads for the fault runs: each comes after the one before, in event time."""

import os
from itertools import count

from jobs.traffic import START_MS, TrafficPlan
from loyalty.limits import DAY_MS

# A part of everything, to try the runs themselves.
SHARE = float(os.environ.get("FAULTS_SHARE", "1"))
# For all that was sent to be everywhere: on a machine of one's own, a tenth of it.
DRAIN_SECONDS_MAX = 600.0
_PLAYS = count()


def a_load(orders: int) -> TrafficPlan:
    """Orders of 2,000 members with 5 % repeats, 3 % disorder, 2 % refunds."""
    number = next(_PLAYS)
    return TrafficPlan(
        orders=max(int(orders * SHARE), 200),
        members=2_000,
        seed=100 + number,
        duplicates_bp=500,
        disorder_bp=300,
        refunds_bp=200,
        start_ms=START_MS + number * 20 * DAY_MS,
    )


def times(many: int) -> int:
    """So many times, or a share of it, at least once."""
    return max(int(many * SHARE), 1)
