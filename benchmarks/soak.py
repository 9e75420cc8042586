"""
The whole stack under steady load for a while: `python -m benchmarks.soak --minutes 10`.

First members get as many orders as they will have at any time, then it finds out what
the machine carries for a while, and sends a share of that. It samples each process's
resident memory and how long orders take to Redis, and judges the second half: memory
may grow by so much a minute, p99 may be so many times that of the first half, no queue
may stand, and time must keep up with its ticks.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final

import psutil

from benchmarks.event_time import ticked_at
from benchmarks.processes import end_in_order
from benchmarks.results_file import write_results
from benchmarks.soak_verdict import (
    DAYS_BEHIND_MAX,
    P50_SECONDS_MAX,
    Sample,
    Soaked,
    days_behind,
    halves,
    judge,
    told,
)
from benchmarks.steady import (
    SteadyLoad,
    Till,
    percentile,
    start_load,
    years_of_orders,
)
from local.stack import Stack
from loyalty.events import OrderEvent
from loyalty.limits import DAY_MS

MIB: Final = 1_048_576
# Each comes every two weeks, by the time of its orders.
MEMBERS: Final = 20_000
PROBE_LINGER_MS: Final = 20
PROBE_SECONDS: Final = 30.0
RATE_MIN: Final = 10
OURS: Final = ("worker", "redis-sink", "clickhouse-sink", "dispatcher", "api")
SAMPLE_SECONDS: Final = 5.0


def main(arguments: list[str]) -> int:
    """Run, print the verdict, write the figures; 1 if it is not sound."""
    parser = argparse.ArgumentParser(prog="soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--load-percent", type=int, default=70)
    parser.add_argument(
        "--rate",
        type=int,
        default=0,
        help="orders a second; 0: a share of what is carried",
    )
    parser.add_argument("--first-orders", type=int, default=300_000)
    chosen = parser.parse_args(arguments)
    end_in_order()
    with tempfile.TemporaryDirectory() as folder:
        stack = Stack(Path(folder), say=print)
        try:
            stack.start_all()
            orders = years_of_orders(MEMBERS, round(time.time() * 1_000))
            at_once = capacity(stack, islice(orders, chosen.first_orders))
            rate = chosen.rate
            if not rate:
                rate = carried(stack, orders, at_once) * chosen.load_percent // 100
            print(f"{rate} orders a second for {chosen.minutes:g} minutes")
            soaked = soak(stack, orders, rate=rate, minutes=chosen.minutes)
        finally:
            stack.stop()
    verdict = judge(soaked)
    figures = {
        "minutes": chosen.minutes,
        "rate": rate,
        "sent": soaked.sent,
        "told": told(soaked),
        "is_sound": verdict.is_sound,
        "faults": verdict.faults,
    }
    print(f"written to {write_results('soak', figures)}")
    print("sound" if verdict.is_sound else "\n".join(verdict.faults))
    return 0 if verdict.is_sound else 1


def capacity(stack: Stack, orders: Iterable[OrderEvent]) -> int:
    """Orders a second that the whole stack takes when they come at once."""
    till = Till(stack.addresses()["bootstrap_servers"], linger_ms=PROBE_LINGER_MS)
    started = time.monotonic()
    for order in orders:
        till.send(order)
    till.flush()
    stack.run_job("wait-until-idle", "--seconds", "600")
    return int(till.sent / (time.monotonic() - started))


def carried(stack: Stack, orders: Iterator[OrderEvent], rate: int) -> int:
    """
    Orders a second, from a rate down in steps of a fifth, of which no queue stands.

    Fewer than come at once: small transactions and answers cost as much as large ones.
    """
    while True:
        begun = time.time()
        load = start_load(stack, orders, rate)
        behind: list[float] = []
        while time.time() - begun < PROBE_SECONDS:
            time.sleep(SAMPLE_SECONDS)
            behind.append(days_between(stack, load))
        load.stop()
        probed = Soaked(begun, time.time(), {}, load.waits, load.sent, behind)
        _, second = halves(probed)
        stack.run_job("wait-until-idle", "--seconds", "600")
        is_quick = second and percentile(second, 50) < P50_SECONDS_MAX / 2
        if is_quick and days_behind(probed) <= DAYS_BEHIND_MAX:
            return rate
        print(f"{rate} orders a second are too many")
        rate = rate * 4 // 5
        if rate < RATE_MIN:
            raise SystemExit("not even that is carried: see the logs")


def soak(
    stack: Stack, orders: Iterator[OrderEvent], *, rate: int, minutes: float
) -> Soaked:
    """Send and sample."""
    running = {name: psutil.Process(stack.pids()[name]) for name in OURS}
    memory: dict[str, list[Sample]] = {name: [] for name in OURS}
    behind: list[float] = []
    begun = time.time()
    load = start_load(stack, orders, rate)
    while (passed := time.time() - begun) < minutes * 60:
        for name, process in running.items():
            sample = Sample(passed / 60, process.memory_info().rss / MIB)
            memory[name].append(sample)
        behind.append(days_between(stack, load))
        time.sleep(SAMPLE_SECONDS)
    load.stop()
    return Soaked(begun, time.time(), memory, load.waits, load.sent, behind)


def days_between(stack: Stack, load: SteadyLoad) -> float:
    """Days of event time by which the engine is behind the last tick."""
    if not load.ticked_at:
        return 0.0
    return max(load.ticked_at - ticked_at(stack) * 1_000, 0.0) / DAY_MS


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
