"""
How costs grow with what grows: `python -m benchmarks.curves [NAME …]`.

Partitions, engine processes, members, rules, and the rate of orders. Writes
`results/curves-<date>.json`, and a plot of each into `plots/`.
"""

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from benchmarks.engines import PROGRAM, measure_engines, servers
from benchmarks.orders import forget_updates, produce_orders
from benchmarks.plots import plot_all
from benchmarks.processes import Cost, end_in_order, run_measurement
from benchmarks.results_file import write_results
from benchmarks.rules import rule_costs

Point = dict[str, float]

PARTITIONS: Final = (1, 4, 16, 64)
PROCESSES: Final = (1, 2)
CROWDS: Final = (10_000, 100_000, 1_000_000, 5_000_000)
RATES: Final = (100, 250, 500, 1_000, 1_500, 2_000)
CROWD_ORDERS: Final = 60_000
RATE_SECONDS: Final = 20


class Sizes(NamedTuple):
    """How much each curve does."""

    orders: int
    crowds: tuple[int, ...]
    rates: tuple[int, ...]


def main(arguments: list[str]) -> int:
    """Measure the curves named, all if none is; write figures and plots."""
    parser = argparse.ArgumentParser(prog="curves", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*CURVES, []], metavar="NAME")
    parser.add_argument("--orders", type=int, default=200_000)
    parser.add_argument("--members-max", type=int, default=CROWDS[-1])
    parser.add_argument("--rate-max", type=int, default=RATES[-1])
    chosen = parser.parse_args(arguments)
    end_in_order()
    sizes = Sizes(
        chosen.orders,
        tuple(one for one in CROWDS if one <= chosen.members_max),
        tuple(one for one in RATES if one <= chosen.rate_max),
    )
    curves: dict[str, list[Point]] = {}
    for name in chosen.names or CURVES:
        curves[name] = []
        for point in CURVES[name](sizes):
            curves[name].append(point)
            told = ", ".join(f"{what} {value:,.6g}" for what, value in point.items())
            print(f"  {name}: {told}", flush=True)
    file = write_results("curves", {"curves": curves})
    print(f"written to {file}; {', '.join(map(str, plot_all(curves)))}")
    return 0


def by_partitions(sizes: Sizes) -> Iterator[Point]:
    """The engine alone, one process, by partitions."""
    for partitions in PARTITIONS:
        with servers(partitions) as stack:
            broker = stack.addresses()["bootstrap_servers"]
            produce_orders(broker, sizes.orders)
            forget_updates(broker, partitions)
            os.environ.update(stack.environment())
            os.environ["REGULARS_PROGRAM_FILE"] = PROGRAM
            cost = Cost(*run_measurement("engine_run", str(sizes.orders))[:3])
        yield {"partitions": partitions} | _per_order(cost)


def by_processes(sizes: Sizes) -> Iterator[Point]:
    """Several engines that share the partitions of one broker on one machine."""
    for processes in PROCESSES:
        cost = measure_engines(processes, sizes.orders)
        yield {"processes": processes} | _per_order(cost)


def _per_order(cost: Cost) -> Point:
    return {
        "orders_per_second": cost.rate,
        "cpu_microseconds": cost.cpu_microseconds,
    }


def by_members(sizes: Sizes) -> Iterator[Point]:
    """An order among so many members: CPU in the engine's process, and memory."""
    for members in sizes.crowds:
        cost, state, mib = run_measurement("crowd", str(members), str(CROWD_ORDERS))
        yield {
            "members": members,
            "cpu_microseconds": cost,
            "state_bytes": state,
            "mib_a_million": mib,
        }


def by_rules(_: Sizes) -> Iterator[Point]:
    """An order by a program of so many rules."""
    for row in rule_costs():
        yield {
            "rules": row.rules,
            "looked_at": row.looked_at,
            "decide_microseconds": row.decide_microseconds,
        }


def by_rate(sizes: Sizes) -> Iterator[Point]:
    """From an order to its view in Redis, at rates that grow: everything running."""
    with servers(4) as stack:
        stack.start_all()
        addresses = stack.addresses()
        places = addresses["bootstrap_servers"], addresses["redis_url"]
        # A broker that has just started is slow for some thousand transactions.
        run_measurement("latency", *places, "300", "30")
        for rate in sizes.rates:
            arguments = (*places, str(rate), str(RATE_SECONDS))
            _, p50_ms, p99_ms = run_measurement("latency", *arguments)
            yield {"orders_per_second": rate, "p50_ms": p50_ms, "p99_ms": p99_ms}


CURVES: Final[dict[str, Callable[[Sizes], Iterator[Point]]]] = {
    "partitions": by_partitions,
    "processes": by_processes,
    "members": by_members,
    "rules": by_rules,
    "rate": by_rate,
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
