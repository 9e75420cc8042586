"""
Works out the days that are over, so that dashboards need not.

Everything is made anew from rows that count once (FINAL), in a run of its own, and
counts from its end on: a run that breaks off changes nothing, a second one says the
same, and rows that came twice or late are as if they had come once and in time. What
happened since the last midnight dashboards add themselves, from the rows.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple, cast

from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError

from jobs.errors import JobRefused
from loyalty.zones import Zone, day_start, local_day
from runtime.settings import Settings
from stores.clickhouse import connect
from stores.closed_days import LAYOUT, SIGNAL_DAYS, about_of
from stores.program_reader import read_program
from stores.question_files import QUESTIONS_FOLDER, assembled
from stores.questions import QUESTIONS

SUMMARY: Final = "work out the days that are over for the dashboards; once a night"
CLOSING: Final = QUESTIONS_FOLDER.parent / "closing"
STATEMENT_SECONDS_MAX: Final = 3_600
# Memory is bounded: what is more goes to disk.
SETTINGS: Final = {
    "max_memory_usage": 4_000_000_000,
    "max_bytes_before_external_group_by": 1_000_000_000,
    "max_bytes_before_external_sort": 1_000_000_000,
    "max_execution_time": STATEMENT_SECONDS_MAX,
}
TABLES: Final = (
    "closed_store_days",
    "closed_days",
    "closed_ledger_days",
    "closed_event_days",
    "closed_members",
    "closed_cohort_members",
    "closed_segment_members",
    "closed_expiring_members",
    "closed_refund_days",
    "closed_offer_members",
)
# Of each place by itself, with who ordered there: some months at a time, or a chain
# of many stores needs more memory than there is.
OF_PLACES: Final = ("closed_place_days", "closed_place_months")
# Of single members on single days: a part of the days at a time.
SINGLE: Final = (
    "closed_earned_days",
    "closed_signals",
    "closed_place_points",
    "closed_rule_days",
    "closed_rule_places",
)
SINGLE_DAYS: Final = 100
# Spans that pages begin with, and that many days of many places are added up for.
SPANS: Final = ("closed_place_spans",)
SPAN_DAYS: Final = (90, 365)
# Of what is worked out by then.
ROLLED: Final = ("closed_rule_months",)
ALL_TABLES: Final = (
    *TABLES,
    *OF_PLACES,
    *SPANS,
    *SINGLE,
    *ROLLED,
    "closed_answers",
)
# Days of an experiment that its page offers, and how many experiments it shows.
TRIAL_DAYS: Final = (7, 14, 28, 56)
TRIALS_MAX: Final = 12
EPOCH: Final = date(1970, 1, 1)

KEEP: Final = (
    "INSERT INTO closed_answers SELECT {run:UInt64}, {question:String}, "
    "{about:String}, rowNumberInAllBlocks(), toJSONString(tuple(*)) FROM (\n"
)

Say = Callable[[str], None]


class Closing(NamedTuple):
    """A run: when it began, whose days, up to when (ms), the wallet asked for."""

    run: int
    zone: Zone
    closed_at: int
    wallet: str

    @property
    def told(self) -> dict[str, Any]:
        """What all statements are told."""
        return {
            "run": self.run,
            "zone": self.zone.name,
            "closed_at": self.closed_at,
            "until_at": self.closed_at,
            "wallet": self.wallet,
            "kept_days": SIGNAL_DAYS,
        }


def run(settings: Settings, arguments: list[str]) -> None:
    """
    Close the days before today, on the program's clock.

    Raises: JobRefused.
    """
    argparse.ArgumentParser("close-days", description=SUMMARY).parse_args(arguments)
    program = read_program(settings).programs.latest
    try:
        client = connect(
            settings.clickhouse_url,
            settings.clickhouse_database,
            seconds_max=STATEMENT_SECONDS_MAX,
        )
        now_ms = int(time.time() * 1_000)
        close(client, closing_of(program.zone, program.wallet_id, now_ms), print)
        client.close()
    except (ClickHouseError, OSError) as error:
        raise JobRefused(f"the days were not closed: {error}") from error


def closing_of(zone: Zone, wallet: str, now_ms: int) -> Closing:
    """A run at a time: it closes all local days before that of the time."""
    return Closing(now_ms, zone, day_start(zone, local_day(zone, now_ms)), wallet)


def close(client: Client, closing: Closing, say: Say) -> None:
    """Work everything out, then let it count, then let go of what is older."""
    for table in TABLES:
        _tell(client, f"{table}.sql", closing.told, say=say)
    last_day = EPOCH + timedelta(days=local_day(closing.zone, closing.closed_at))
    for parts, tables in (
        (whole_months(_first_day(client, closing), last_day), OF_PLACES),
        (((last_day - timedelta(days=n - 1), last_day) for n in SPAN_DAYS), SPANS),
        (hundreds_of_days(last_day), SINGLE),
    ):
        for first_day, until in parts:
            days = {"first_day": first_day.isoformat(), "last_day": until.isoformat()}
            for table in tables:
                _tell(client, f"{table}.sql", closing.told | days, say=say)
    for table in ROLLED:
        _tell(client, f"{table}.sql", closing.told, say=say)
    _keep_answers(client, closing, say)
    ended = datetime.now(UTC)
    row = [closing.run, closing.zone.name, _moment(closing.closed_at), ended, LAYOUT]
    names = ["run", "zone", "closed_at", "ended_at", "layout"]
    client.insert("closed_runs", [row], column_names=names)
    _let_go(client)


def whole_months(first_day: date, last_day: date) -> Iterator[tuple[date, date]]:
    """Some months at a time, from that of the first day until before the last day."""
    start = first_day.replace(day=1)
    while EPOCH < start < last_day:
        end = min((start + timedelta(days=SINGLE_DAYS)).replace(day=1), last_day)
        yield start, end
        start = end


def hundreds_of_days(last_day: date) -> Iterator[tuple[date, date]]:
    """The days of which single members are kept, a hundred at a time."""
    start = last_day - timedelta(days=SIGNAL_DAYS)
    while start < last_day:
        end = min(start + timedelta(days=SINGLE_DAYS), last_day)
        yield start, end
        start = end


def _first_day(client: Client, closing: Closing) -> date:
    """Day of the first order, as this run has found it; 1970-01-01 if there is none."""
    found = client.query(
        "SELECT min(day) FROM closed_store_days WHERE run = {run:UInt64}",
        parameters={"run": closing.run},
    ).result_rows
    return cast("date", found[0][0])


def _keep_answers(client: Client, closing: Closing, say: Say) -> None:
    """Ask what is as of the last midnight, and keep each answer."""
    for path in sorted((CLOSING / "answers").glob("*.sql")):
        told = closing.told | {"question": path.stem, "about": ""}
        _keep(client, _assembled(path), told, say=say)
    for name in ("expiry_forecast", "tier_members", "experiments"):
        about = about_of(name, closing.told)
        told = closing.told | {"question": name, "about": about}
        _keep(client, QUESTIONS[name].statement, told, say=say)
    arms = QUESTIONS["experiment_arms"]
    trials = client.query(QUESTIONS["experiments"].statement).result_rows
    latest = {row[0]: row[4] for row in trials}
    for trial in sorted(latest, key=lambda name: (-latest[name], name))[:TRIALS_MAX]:
        for days in TRIAL_DAYS:
            told = closing.told | {"experiment": trial, "days": days}
            told |= {"about": about_of(arms.name, told), "question": arms.name}
            _keep(client, arms.statement, told, say=say)


def _keep(client: Client, statement: str, told: dict[str, Any], *, say: Say) -> None:
    """Keep the answer of a statement; `told` says which question's it is."""
    _command(client, f"{KEEP}{statement}\n)", told)
    say(f"{told['question']} {told['about']}".strip())


def _tell(client: Client, name: str, told: dict[str, Any], *, say: Say) -> None:
    started = time.monotonic()
    _command(client, _assembled(CLOSING / name), told)
    say(f"{name.removesuffix('.sql')}: {time.monotonic() - started:.1f} s")


def _command(client: Client, statement: str, told: dict[str, Any]) -> None:
    client.command(statement, parameters=told, settings=SETTINGS)


def _let_go(client: Client) -> None:
    """Drop all runs but the last two: some page may still read the older."""
    found = client.query("SELECT run FROM closed_runs FINAL ORDER BY run DESC LIMIT 2")
    kept = [int(row[0]) for row in found.result_rows]
    for table in ALL_TABLES:
        parts = client.query(
            "SELECT DISTINCT partition FROM system.parts WHERE active "
            "AND database = currentDatabase() AND table = {table:String}",
            parameters={"table": table},
        ).result_rows
        staging = table == "closed_members"
        for (partition,) in parts:
            if int(partition) not in kept or staging:
                client.command(f"ALTER TABLE {table} DROP PARTITION {int(partition)}")


def _assembled(path: Path) -> str:
    return assembled(path, CLOSING, QUESTIONS_FOLDER)


def _moment(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1_000, UTC)
