"""`python -m benchmarks.dashboards`: every question over years of a large chain."""

import argparse
import sys
import time
from pathlib import Path
from typing import Final

import clickhouse_connect
from clickhouse_connect.driver.client import Client

from benchmarks.dashboards.timing import LAST_NOON, ZONE, Runs, timed
from benchmarks.dashboards.years import Years, generate
from jobs.close_days import close, closing_of
from jobs.migrate_clickhouse import migrate
from local.stack import Stack
from stores.calendars import zone_of
from stores.clickhouse_questions import ClickHouseQuestions

DATABASE: Final = "years"
STATEMENT_SECONDS_MAX: Final = 1_800


def main(arguments: list[str]) -> None:
    """Generate what is not there, then ask everything; the folder is kept."""
    parser = argparse.ArgumentParser("benchmarks.dashboards", description=__doc__)
    parser.add_argument("--rows", type=int, default=5_000_000, help="of the ledger")
    parser.add_argument("--folder", type=Path, required=True, help="of ClickHouse")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--close", action="store_true", help="all days but the last")
    chosen = parser.parse_args(arguments)
    stack = Stack(chosen.folder, say=_say)
    try:
        stack.start("clickhouse")
        url = stack.addresses()["clickhouse_url"]
        filled(url, Years(chosen.rows))
        if chosen.close:
            closed(url)
        questions = ClickHouseQuestions(url, DATABASE)
        runs = Runs(chosen.runs, frozenset(chosen.only), stack.pids()["clickhouse"])
        for one in timed(questions, runs):
            _say(one.line)
    finally:
        stack.stop()


def filled(url: str, years: Years) -> None:
    """Migrate and generate, unless it was done."""
    client = patient(url, "default")
    migrate(client, DATABASE)
    client.close()
    client = patient(url, DATABASE)
    if not client.command("SELECT count() FROM member_rows"):
        generate(client, years, _say)
    client.close()


def closed(url: str) -> None:
    """Close all days but the last, which pages then add themselves."""
    started = time.monotonic()
    closing = closing_of(zone_of(ZONE), "points", LAST_NOON)
    # Runs are named by when they began: another one is beside it, not in it.
    closing = closing._replace(run=int(time.time() * 1_000))
    close(patient(url, DATABASE), closing, _say)
    _say(f"closed in {time.monotonic() - started:.0f} s")


def patient(url: str, database: str) -> Client:
    """Connect with the time that a statement over everything needs."""
    return clickhouse_connect.get_client(
        dsn=f"{url}/{database}", send_receive_timeout=STATEMENT_SECONDS_MAX
    )


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
