"""`make bench`: everything measured in one run, each figure beside its yardstick."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import psutil

from benchmarks.engines import commit_times, measure_engines
from benchmarks.http_load import MEMBERS as HTTP_MEMBERS
from benchmarks.http_world import give_points, place_orders
from benchmarks.orders import forget_updates, produce_orders
from benchmarks.processes import STEP_SECONDS_MAX, Cost, run_measurement
from benchmarks.results_file import write_results
from benchmarks.sinks import measure_sinks
from benchmarks.table import table
from benchmarks.trickle import measure_trickle
from local.kafka import BRIEF
from local.stack import PROJECT, Stack
from native.loading import is_on

PARTITIONS: Final = 4
ENGINES: Final = 2
LATENCY_RATE: Final = 500
# Requests a second of each kind, while all the rest runs.
HTTP_RATES: Final = {"offers": 1_000, "redemptions": 100}
SCOPES: Final = "members:read points:write"
# A set of packages of its own, see benchmarks/quix.py.
QUIX_PYTHON: Final = str(PROJECT / ".quix" / "bin" / "python")


def main(arguments: list[str]) -> int:
    """Measure, write the results and print the table."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--orders", type=int, default=200_000)
    parser.add_argument("--seconds", type=int, default=20, help="of the latency run")
    chosen = parser.parse_args(arguments)
    os.environ["REGULARS_PARTITIONS"] = str(PARTITIONS)
    # Steps of a backlog are over before Java's thorough compiler has paid for itself.
    os.environ[BRIEF] = "1"
    with tempfile.TemporaryDirectory() as folder:
        stack = Stack(Path(folder), say=_say)
        try:
            figures = _measure(stack, chosen.orders, chosen.seconds)
        finally:
            stack.stop()
    figures["engines"] = _engines(ENGINES, chosen.orders)
    _say("measuring latency, on servers that are warm")
    figures["latency"] = measure_trickle(LATENCY_RATE, chosen.seconds)
    name = write_results("bench", {**figures, "compiled": is_on()})
    print("\n" + table(figures))
    print(f"\nwritten to {name.relative_to(PROJECT)}")
    return 0


def _measure(stack: Stack, orders: int, seconds: int) -> dict[str, Any]:
    stack.start_servers()
    os.environ["REGULARS_APP_ID"] = "points"
    stack.run_job("create-topics")
    broker = stack.addresses()["bootstrap_servers"]
    _say(f"producing {orders:,} orders")
    produce_orders(broker, orders)
    few = str(min(orders, 20_000))
    figures: dict[str, Any] = {
        "limit": _rate("limit", broker, str(PARTITIONS), str(orders)),
        "limit_exactly_once": _rate(
            "limit_exactly_once", broker, str(PARTITIONS), str(orders)
        ),
        "plain_faust": _rate("plain_faust", broker, str(PARTITIONS), few),
        "quix": _rate("quix", broker, "at-least-once", str(orders), python=QUIX_PYTHON),
        "quix_exactly_once": _rate(
            "quix", broker, "exactly-once", str(orders), python=QUIX_PYTHON
        ),
        "points_only": _engine(
            stack, "points", "programs/points-only.yaml", orders=orders
        ),
        "demo_program": _engine(stack, "demo", "programs/demo.yaml", orders=orders),
    }
    _say("measuring each sink alone, from the updates of the demo program")
    figures["sinks"] = measure_sinks(stack, orders)
    # Plain Python needs minutes for all of it, and a part says as much.
    percent = "100" if is_on() else "10"
    figures["backtest"] = _rate("backtest", "retail", percent)
    figures["backtest_log"] = _rate("backtest", "log", percent)
    restored = _run("restore", broker, "points", str(PARTITIONS))
    records, taken, members = restored[0], restored[1], restored[2]
    figures["restore"] = {"records": records, "seconds": taken, "members": members}
    del os.environ["REGULARS_APP_ID"]
    figures["whole"] = _whole(stack, orders)
    _say(f"giving points to {HTTP_MEMBERS:,} members")
    for give in (place_orders, give_points):
        give(broker, HTTP_MEMBERS)
        # The engine knows no order between topics: a member comes before points.
        stack.run_job("wait-until-idle")
    figures["http"] = {
        kind: _http(stack, kind, rate=rate, seconds=seconds)
        for kind, rate in HTTP_RATES.items()
    }
    return figures


def _engine(
    stack: Stack, app_id: str, program: str, *, orders: int
) -> dict[str, float]:
    os.environ["REGULARS_APP_ID"] = app_id
    os.environ["REGULARS_PROGRAM_FILE"] = program
    stack.run_job("create-topics")
    forget_updates(stack.addresses()["bootstrap_servers"], PARTITIONS)
    os.environ |= stack.environment()
    try:
        return _rate("engine_run", str(orders))
    finally:
        del os.environ["REGULARS_PROGRAM_FILE"]


def _engines(count: int, orders_each: int) -> dict[str, float]:
    """Several engines that share a topic, points only; on servers of their own."""
    _say(f"measuring {count} engines")
    return {"engines": count} | _figures(measure_engines(count, orders_each))


def _whole(stack: Stack, orders: int) -> dict[str, float]:
    """Engine and both sinks, from the first record to the last row."""
    _say("measuring the whole, with both sinks")
    for name in [n for n in os.environ if n.startswith("REGULARS_") and "URL" in n]:
        del os.environ[name]
    # Sinks read from the beginning: what earlier engines said is not theirs to write.
    forget_updates(stack.addresses()["bootstrap_servers"], PARTITIONS)
    # The engine comes last: what others need to start is not of what is measured.
    stack.start_all(later=("worker",))
    stack.start("worker")
    stack.run_job("wait-until-idle")
    ended = time.time()
    # It begins to read when it has its first partition, which is its first commit.
    broker = stack.addresses()["bootstrap_servers"]
    seconds = ended - min(times[0] for times in commit_times(broker, PARTITIONS))
    return {"records": orders, "seconds": seconds, "rate": orders / seconds}


def _http(stack: Stack, kind: str, *, rate: int, seconds: int) -> dict[str, Any]:
    """Waits of requests at a rate, and what the API's own process spends on each."""
    _say(f"measuring {kind} over HTTP")
    api = psutil.Process(stack.pids()["api"])
    token = stack.issuer.token(SCOPES, subject="bench", seconds=3_600)
    before = api.cpu_times()
    done = subprocess.run(
        [
            *(sys.executable, "-m", "benchmarks.http_load", kind),
            *(stack.addresses()["api_url"], str(rate), str(seconds)),
        ],
        cwd=PROJECT,
        env={**os.environ, "TOKEN": token},
        capture_output=True,
        text=True,
        timeout=STEP_SECONDS_MAX,
        check=False,
    )
    assert done.stdout, f"{kind}: {done.stderr[-1500:]}"
    after = api.cpu_times()
    figures: dict[str, Any] = json.loads(done.stdout)
    if figures["failures"]:
        # What is refused costs little: such a figure says nothing of what is promised.
        _say(f"NOT ALL WERE DONE: {figures['statuses']}")
    cpu = after.user + after.system - before.user - before.system
    return figures | {
        "rate": rate,
        "cpu_microseconds": round(cpu / figures["requests"] * 1e6),
    }


def _rate(name: str, *arguments: str, python: str = sys.executable) -> dict[str, float]:
    return _figures(Cost(*_run(name, *arguments, python=python)[:3]))


def _figures(cost: Cost) -> dict[str, float]:
    return {
        "records": cost.records,
        "seconds": cost.seconds,
        "rate": cost.rate,
        "cpu_microseconds": cost.cpu_microseconds,
    }


def _run(name: str, *arguments: str, python: str = sys.executable) -> list[float]:
    _say(f"measuring {name}")
    return run_measurement(name, *arguments, python=python)


def _say(text: str) -> None:
    print(f"  {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
