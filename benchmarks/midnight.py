"""
What a midnight costs those who order then: `python -m benchmarks.midnight`.

A crowd of members has points that end with the month, all at one midnight of the demo
program. Others order at a steady rate meanwhile. Told is how long these orders take to
Redis before and during it, and how long it takes until all of it is through.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from benchmarks.event_time import ticked_at
from benchmarks.processes import end_in_order
from benchmarks.results_file import write_results
from benchmarks.steady import ORDERS_MAX, Till, Wait, percentile, start_load
from jobs.traffic import simple_orders
from local.stack import Stack
from loyalty.events import OrderEvent

PARTITIONS: Final = 4
# Who orders meanwhile, none of the crowd.
MEMBERS: Final = 5_000
CROWD_LINGER_MS: Final = 20
# The crowd's points are of the middle of this month, and end with the sixth after it.
BOUGHT_AT: Final = datetime(2025, 4, 15, 12, tzinfo=UTC)
EVE: Final = datetime(2025, 10, 31, 12, tzinfo=UTC)
MORNING: Final = datetime(2025, 11, 1, 12, tzinfo=UTC)
BEFORE_SECONDS: Final = 30
AFTER_SECONDS: Final = 10
THROUGH_SECONDS_MAX: Final = 900


def main(arguments: list[str]) -> None:
    """Let midnight come; print and write what it cost."""
    parser = argparse.ArgumentParser(prog="midnight", description=__doc__)
    parser.add_argument("--crowd", type=int, default=300_000)
    parser.add_argument("--rate", type=int, default=200)
    chosen = parser.parse_args(arguments)
    end_in_order()
    os.environ["REGULARS_PARTITIONS"] = str(PARTITIONS)
    with tempfile.TemporaryDirectory() as folder:
        stack = Stack(Path(folder), say=print)
        try:
            stack.start_all()
            gather(stack, chosen.crowd)
            figures = measure(stack, chosen.rate)
        finally:
            stack.stop()
    for name, figure in figures.items():
        sys.stdout.write(f"{name:<24} {figure:8.3f}\n")
    write_results("midnight", {"arguments": vars(chosen), **figures})


def gather(stack: Stack, crowd: int) -> None:
    """Give a crowd an order each, and let all pass that comes before midnight."""
    broker = stack.addresses()["bootstrap_servers"]
    till = Till(broker, linger_ms=CROWD_LINGER_MS, tick_every=0)
    for order in orders_from(BOUGHT_AT, crowd):
        till.send(order._replace(member_id=f"crowd-{till.sent}"))
    till.flush()
    stack.run_job("wait-until-idle", "--seconds", "600")
    till.tick(milliseconds(EVE))
    till.flush()
    wait_for(stack, EVE)
    stack.run_job("wait-until-idle", "--seconds", "600")


def measure(stack: Stack, rate: int) -> dict[str, float]:
    """Waits in seconds, before midnight and while it passes."""
    load = start_load(stack, orders_from(EVE, ORDERS_MAX), rate, tick_every=0)
    time.sleep(BEFORE_SECONDS)
    midnight_at = time.time()
    till = Till(stack.addresses()["bootstrap_servers"], linger_ms=0, tick_every=0)
    till.tick(milliseconds(MORNING))
    till.flush()
    wait_for(stack, MORNING)
    through_at = time.time()
    time.sleep(AFTER_SECONDS)
    load.stop()
    stack.run_job("wait-until-idle", "--seconds", "600")
    read_at = time.time()
    before = [wait for wait in load.waits if wait.sent_at < midnight_at]
    during = [wait for wait in load.waits if midnight_at <= wait.sent_at < through_at]
    return {
        **told("before", before),
        **told("midnight", during),
        "decided_seconds": through_at - midnight_at,
        "written_seconds": read_at - midnight_at,
    }


def told(when: str, waits: list[Wait]) -> dict[str, float]:
    """Percentiles of waits."""
    return {
        f"{when}_orders": len(waits),
        f"{when}_p50": percentile(waits, 50),
        f"{when}_p99": percentile(waits, 99),
        f"{when}_longest": percentile(waits, 100),
    }


def orders_from(at: datetime, count: int) -> Iterator[OrderEvent]:
    """Orders of a millisecond each, the first at a time."""
    start = milliseconds(at)
    return simple_orders(count, MEMBERS, start, start_ms=start, gap_ms=1)


def milliseconds(at: datetime) -> int:
    """Event time of a moment."""
    return round(at.timestamp() * 1_000)


def wait_for(stack: Stack, at: datetime) -> None:
    """Wait until time is so far in all partitions."""
    deadline = time.monotonic() + THROUGH_SECONDS_MAX
    while time.monotonic() < deadline:
        if ticked_at(stack) >= at.timestamp():
            return
        time.sleep(0.2)
    raise SystemExit(f"{at} is not through after {THROUGH_SECONDS_MAX} s")


if __name__ == "__main__":
    main(sys.argv[1:])
