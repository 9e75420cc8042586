"""
How long partitions wait when workers come and go: `python -m benchmarks.handover`.

Orders come at a steady rate to all partitions. The gap of a move is the longest time
between two commits of a partition around it, as the changelog has them; the gap of an
undisturbed stretch is measured beside it. `--standbys 0` measures without warm states.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Final

from benchmarks.engines import Engines, commit_times
from benchmarks.processes import end_in_order
from benchmarks.results_file import write_results
from benchmarks.steady import start_load, years_of_orders
from local.stack import Stack

PARTITIONS: Final = 4
MEMBERS: Final = 2_000
SETTLE_SECONDS: Final = 20


def main(arguments: list[str]) -> None:
    """Go through the moves, print and write what they cost."""
    parser = argparse.ArgumentParser(prog="handover", description=__doc__)
    parser.add_argument("--standbys", type=int, default=1)
    parser.add_argument("--rate", type=int, default=200)
    parser.add_argument("--settle", type=int, default=SETTLE_SECONDS)
    chosen = parser.parse_args(arguments)
    end_in_order()
    os.environ["REGULARS_PARTITIONS"] = str(PARTITIONS)
    with tempfile.TemporaryDirectory() as folder:
        stack = Stack(Path(folder), say=print)
        workers = Engines(stack, chosen.standbys)
        try:
            gaps = measure(stack, workers, rate=chosen.rate, settle=chosen.settle)
        finally:
            workers.kill_all()
            stack.stop()
    for what, gap in gaps.items():
        sys.stdout.write(f"{what:<40} {gap:6.2f} s\n")
    write_results("handover", {"arguments": vars(chosen), "gap_seconds": gaps})


def measure(
    stack: Stack, workers: Engines, *, rate: int, settle: int
) -> dict[str, float]:
    """Longest gap of any partition, by what was done."""
    stack.start_servers()
    stack.run_job("create-topics")
    workers.start("engine-a")
    orders = years_of_orders(MEMBERS, round(time.time() * 1_000))
    load = start_load(stack, orders, rate)
    moves: list[tuple[str, Callable[[], None]]] = [
        ("nothing", lambda: None),
        ("a second worker comes", lambda: workers.start("engine-b")),
        ("it is told to stop", lambda: workers.stop("engine-b")),
        ("it comes back", lambda: workers.start("engine-b")),
        ("the first is told to stop", lambda: workers.stop("engine-a")),
        ("the first comes back", lambda: workers.start("engine-a")),
        ("the first is killed, nobody starts it", lambda: workers.kill("engine-a")),
    ]
    windows = []
    time.sleep(settle)
    for what, move in moves:
        begun = time.time()
        move()
        time.sleep(settle)
        windows.append((what, begun, time.time()))
    load.stop()
    commits = commit_times(stack.addresses()["bootstrap_servers"], PARTITIONS)
    return {
        what: max(longest_gap(times, begun, ended) for times in commits)
        for what, begun, ended in windows
    }


def longest_gap(times: list[float], begun: float, ended: float) -> float:
    """Longest time between two commits whose middle is in a window."""
    gaps = [
        later - earlier
        for earlier, later in pairwise(times)
        if begun <= (earlier + later) / 2 < ended
    ]
    # Nothing was committed any more: at least until the window's end.
    last = times[-1] if times else begun
    return max([*gaps, ended - last, 0.0])


if __name__ == "__main__":
    main(sys.argv[1:])
