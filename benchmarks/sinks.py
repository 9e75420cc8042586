"""`python -m benchmarks.sinks`: what each reader of updates spends on one, CPU time."""

import argparse
import json
import os
import sys
import tempfile
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import psutil
from prometheus_client.parser import text_string_to_metric_families

from benchmarks.orders import produce_orders
from benchmarks.processes import run_measurement
from jobs.wait_until_idle import lags
from local.stack import Stack
from runtime.settings import load_settings

SINKS: Final = ("redis-sink", "clickhouse-sink", "dispatcher")
PARTITIONS: Final = 4
POLL_SECONDS: Final = 0.5
SECONDS_MAX: Final = 300.0


class Reading(NamedTuple):
    """Records written so far, and seconds of CPU spent so far, of all threads."""

    at: float
    records: float
    cpu_seconds: float


def main(arguments: list[str]) -> int:
    """Fill the topic of updates once, then let each sink read it alone."""
    parser = argparse.ArgumentParser("python -m benchmarks.sinks", description=__doc__)
    parser.add_argument("--orders", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, help="kept; filled if it is empty")
    parser.add_argument("sinks", nargs="*", default=[], metavar="SINK")
    chosen = parser.parse_args(arguments)
    os.environ["REGULARS_PARTITIONS"] = str(PARTITIONS)
    with tempfile.TemporaryDirectory() as folder:
        root = chosen.folder or Path(folder)
        is_filled = (root / "stack.json").exists()
        stack = Stack(root, say=_say)
        try:
            stack.start_servers()
            if not is_filled:
                _fill(stack, chosen.orders)
            figures = measure_sinks(stack, chosen.orders, chosen.sinks or SINKS)
        finally:
            stack.stop()
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")
    return 0


def measure_sinks(
    stack: Stack, orders: int, sinks: Sequence[str] = SINKS
) -> dict[str, dict[str, float]]:
    """
    Let each sink read all updates alone, as a new group, into an empty place.

    Microseconds of its own CPU an order; what it makes servers spend is not in them.
    """
    name = f"sinks{int(time.time())}"
    asked = {"REGULARS_APP_ID": name, "REGULARS_CLICKHOUSE_DATABASE": name}
    before = dict(os.environ)
    os.environ |= asked
    try:
        for job in ("create-topics", "migrate-clickhouse"):
            stack.run_job(job)
        return {sink: _measured(stack, sink, orders) for sink in sinks}
    finally:
        os.environ.clear()
        os.environ |= before


def _fill(stack: Stack, orders: int) -> None:
    os.environ["REGULARS_APP_ID"] = "demo"
    stack.run_job("create-topics")
    produce_orders(stack.addresses()["bootstrap_servers"], orders)
    os.environ |= stack.environment()
    run_measurement("engine_run", str(orders))


def _measured(stack: Stack, sink: str, orders: int) -> dict[str, float]:
    stack.start(sink)
    os.environ |= stack.environment()
    settings = load_settings()
    port = stack.port(sink, "metrics")
    process = psutil.Process(stack.pids()[sink])
    try:
        ends_at = time.monotonic() + SECONDS_MAX
        readings: list[Reading] = []
        while time.monotonic() < ends_at:
            time.sleep(POLL_SECONDS)
            last = _reading(port, process)
            # What it spends on starting is no record's.
            if last.records > (readings[-1].records if readings else 0):
                readings.append(last)
            elif not any(lags(settings, [sink]).values()):
                break
    finally:
        stack.terminate(sink)
    first, last = readings[0], readings[-1]
    records = last.records - first.records
    # A sink that reads orders too has more records than that.
    share = records / last.records
    cpu = (last.cpu_seconds - first.cpu_seconds) * 1e6
    return {
        "records": records,
        "rate": round(records / (last.at - first.at)),
        "cpu_microseconds": round(cpu / (orders * share), 1),
    }


def _reading(port: int, process: psutil.Process) -> Reading:
    spent = process.cpu_times()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        text = answer.read().decode()
    records = sum(
        sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == "regulars_sink_records_total"
    )
    return Reading(time.monotonic(), records, spent.user + spent.system)


def _say(text: str) -> None:
    sys.stderr.write(f"  {text}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
