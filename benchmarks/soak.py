"""
The whole stack under steady load for a while: `python -m benchmarks.soak --minutes 10`.

First members get as many orders as they will have at any time, then it finds out what
the machine carries for a while, and sends a share of that. It samples each process's
resident memory and how long orders take to Redis, and judges the second half: memory
may grow by so much a minute, p99 may be so many times that of the first half, no queue
may stand.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple

import psutil

from benchmarks.results_file import write_results
from benchmarks.steady import SteadyLoad, Till, Wait, percentile, years_of_orders
from local.stack import Stack
from loyalty.events import OrderEvent

MIB: Final = 1_048_576
# Each comes every two weeks, by the time of its orders.
MEMBERS: Final = 20_000
PROBE_LINGER_MS: Final = 20
PROBE_SECONDS: Final = 30.0
OURS: Final = ("worker", "redis-sink", "clickhouse-sink", "dispatcher", "api")
SAMPLE_SECONDS: Final = 5.0
GROWTH_MIB_A_MINUTE_MAX: Final = 2.0
SLOWER_TIMES_MAX: Final = 2.0
# Below that a p99 is noise of the machine.
P99_SECONDS_FREE: Final = 0.25
# Whoever waits for longer stands in a queue.
P50_SECONDS_MAX: Final = 1.0


class Sample(NamedTuple):
    """Resident memory of a process at a time."""

    minutes: float
    mib: float


class Verdict(NamedTuple):
    """Whether it may go on for ever, and if not, why."""

    is_sound: bool
    faults: tuple[str, ...]


def main(arguments: list[str]) -> int:
    """Run, print the verdict, write the figures; 1 if it is not sound."""
    parser = argparse.ArgumentParser(prog="soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--load-percent", type=int, default=70)
    parser.add_argument("--rate", type=int, default=0, help="orders a second; 0: find")
    parser.add_argument("--first-orders", type=int, default=300_000)
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        stack = Stack(Path(folder), say=print)
        try:
            stack.start_all()
            orders = years_of_orders(MEMBERS, round(time.time() * 1_000))
            at_once = capacity(stack, islice(orders, chosen.first_orders))
            rate = chosen.rate or carried(stack, orders, at_once)
            rate = max(rate * chosen.load_percent // 100, 1)
            print(f"{rate} orders a second for {chosen.minutes:g} minutes")
            memory, waits, sent = soak(stack, orders, rate=rate, minutes=chosen.minutes)
        finally:
            stack.stop()
    verdict = judge(memory, waits)
    figures = {
        "minutes": chosen.minutes,
        "rate": rate,
        "sent": sent,
        "told": told(memory, waits),
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
        load = start_load(stack, orders, rate)
        time.sleep(PROBE_SECONDS)
        load.stop()
        stack.run_job("wait-until-idle", "--seconds", "600")
        _, second = halves(load.waits)
        if second and percentile(second, 50) < P50_SECONDS_MAX / 2:
            return rate
        print(f"{rate} orders a second are too many")
        rate = rate * 4 // 5


def start_load(stack: Stack, orders: Iterator[OrderEvent], rate: int) -> SteadyLoad:
    """Begin to send at a rate."""
    addresses = stack.addresses()
    places = addresses["bootstrap_servers"], addresses["redis_url"]
    load = SteadyLoad(*places, rate=rate, orders=orders)
    load.start()
    return load


def soak(
    stack: Stack, orders: Iterator[OrderEvent], *, rate: int, minutes: float
) -> tuple[dict[str, list[Sample]], list[Wait], int]:
    """Send and sample; memory by process, waits, orders sent."""
    running = {name: psutil.Process(stack.pids()[name]) for name in OURS}
    memory: dict[str, list[Sample]] = {name: [] for name in OURS}
    begun = time.monotonic()
    load = start_load(stack, orders, rate)
    while (passed := time.monotonic() - begun) < minutes * 60:
        for name, process in running.items():
            sample = Sample(passed / 60, process.memory_info().rss / MIB)
            memory[name].append(sample)
        time.sleep(SAMPLE_SECONDS)
    load.stop()
    return memory, load.waits, load.sent


def judge(memory: dict[str, list[Sample]], waits: list[Wait]) -> Verdict:
    """Judge the second half: by then caches are full and states have their size."""
    faults = []
    for name, samples in memory.items():
        grows = slope(samples[len(samples) // 2 :])
        if grows > GROWTH_MIB_A_MINUTE_MAX:
            faults.append(f"{name} grows by {grows:.1f} MiB a minute")
    first, second = halves(waits)
    before, after = percentile(first, 99), percentile(second, 99)
    if after > max(before * SLOWER_TIMES_MAX, P99_SECONDS_FREE):
        faults.append(f"p99 went from {before:.3f} s to {after:.3f} s")
    half = percentile(second, 50)
    if half > P50_SECONDS_MAX:
        faults.append(f"half of the orders waited for {half:.3f} s: a queue stands")
    if not second:
        faults.append("no order was seen in the second half")
    return Verdict(not faults, tuple(faults))


def halves(waits: list[Wait]) -> tuple[list[Wait], list[Wait]]:
    """Waits of the first half of the time, and of the second."""
    if not waits:
        return [], []
    times = [wait.sent_at for wait in waits]
    middle = (min(times) + max(times)) / 2
    return (
        [wait for wait in waits if wait.sent_at <= middle],
        [wait for wait in waits if wait.sent_at > middle],
    )


def slope(samples: list[Sample]) -> float:
    """MiB a minute by least squares; 0.0 for fewer than two samples."""
    if len(samples) < 2:  # noqa: PLR2004 - a line needs two points
        return 0.0
    mean_x = sum(sample.minutes for sample in samples) / len(samples)
    mean_y = sum(sample.mib for sample in samples) / len(samples)
    spread = sum((sample.minutes - mean_x) ** 2 for sample in samples)
    along = sum((one.minutes - mean_x) * (one.mib - mean_y) for one in samples)
    return along / spread if spread else 0.0


def told(memory: dict[str, list[Sample]], waits: list[Wait]) -> dict[str, Any]:
    """The figures of a run."""
    first, second = halves(waits)
    return {
        "memory_mib": {
            name: {
                "first": round(samples[0].mib, 1),
                "last": round(samples[-1].mib, 1),
                "a_minute": round(slope(samples[len(samples) // 2 :]), 2),
            }
            for name, samples in memory.items()
        },
        "p50_seconds": [round(percentile(half, 50), 4) for half in (first, second)],
        "p99_seconds": [round(percentile(half, 99), 4) for half in (first, second)],
        "sampled": len(waits),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
