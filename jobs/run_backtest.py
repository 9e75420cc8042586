"""What another program would have done with the history that there is."""

import argparse
import json
import os
import time
from pathlib import Path
from typing import Any, Final

from jobs.backtesting.document import findings_document
from jobs.backtesting.pool import make_ready
from jobs.backtesting.running import Backtesting, Step
from jobs.backtesting.table import shown_findings
from jobs.errors import JobRefused
from jobs.progress import Progress
from jobs.send_ticks import time_from
from runtime.settings import Settings
from stores.backtest_requests import KAFKA, SOURCES, BacktestRequest
from stores.programs import load_document

SUMMARY: Final = "replay real history through two programs and show what differs"


def run(settings: Settings, arguments: list[str]) -> None:
    """
    Print what a candidate would have done beside what the current program does.

    Raises: JobRefused, InvalidProgram.
    """
    chosen = _parser(settings).parse_args(arguments)
    # It needs a while, in which both programs are read.
    make_ready()
    request = BacktestRequest(
        candidate=_document(chosen.candidate),
        current=_document(chosen.current),
        from_at=time_from(chosen.from_at) if chosen.from_at else 0,
        to_at=time_from(chosen.to_at) if chosen.to_at else int(time.time() * 1000),
        source=chosen.source,
        sample_percent=chosen.sample,
        point_value_minor=chosen.point_value,
    )
    if request.from_at >= request.to_at:
        raise JobRefused("--from must be before --to")
    started = time.monotonic()
    backtesting = Backtesting(settings, request, {})
    ended = backtesting.run(
        chosen.processes, _Bar(is_quiet=chosen.json, percent=chosen.sample)
    )
    seconds = time.monotonic() - started
    if chosen.json:
        print(json.dumps(findings_document(ended.findings, backtesting.wallet)))
        return
    print(shown_findings(ended.findings, request, backtesting.plan))
    rate = ended.records / seconds
    print(f"\n  {ended.records:,} events in {seconds:.1f} s, {rate:,.0f}/s")
    if backtesting.seconds:
        each = backtesting.seconds / max(ended.records, 1) * 1e6
        print(f"  {each:,.0f} µs of a processor each")


class _Bar:
    """Shows how far it is."""

    def __init__(self, *, is_quiet: bool, percent: int) -> None:
        self._quiet = is_quiet
        self._percent = percent
        self._progress: Progress | None = None

    def __call__(self, step: Step) -> None:
        if self._quiet:
            return
        if self._progress is None:
            total = step.checkpoint.records_total * self._percent // 100
            self._progress = Progress("events", total)
        known = step.checkpoint
        note = f"{len(known.done)} of {len(known.shards)} parts"
        if len(known.done) == len(known.shards):
            self._progress.finish(step.records, note)
        else:
            self._progress.show(step.records, note)


def _parser(settings: Settings) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("run-backtest", description=SUMMARY)
    parser.add_argument("--current", default=settings.program_file, metavar="FILE")
    parser.add_argument("--candidate", required=True, metavar="FILE")
    when = "ms since 1970, or ISO 8601"
    parser.add_argument(
        "--from",
        dest="from_at",
        metavar="TIME",
        help=f"when the candidate comes into force, {when}; without it both programs "
        "begin with nobody",
    )
    parser.add_argument(
        "--to", dest="to_at", metavar="TIME", help=f"end, {when}; without it now"
    )
    parser.add_argument("--source", choices=SOURCES, default=KAFKA)
    parser.add_argument("--processes", type=_count, default=os.cpu_count() or 1)
    parser.add_argument("--sample", type=_percent, default=100, metavar="PERCENT")
    parser.add_argument(
        "--point-value", type=int, default=1, metavar="MINOR", help="of a used point"
    )
    parser.add_argument("--json", action="store_true", help="findings as JSON")
    return parser


def _document(name: str) -> dict[str, Any]:
    try:
        return load_document(Path(name))
    except OSError as error:
        raise JobRefused(f"{name} cannot be read: {error.strerror}") from error


def _count(text: str) -> int:
    return _bounded(text, 1, 64)


def _percent(text: str) -> int:
    return _bounded(text, 1, 100)


def _bounded(text: str, least: int, most: int) -> int:
    number = int(text)
    if not least <= number <= most:
        raise argparse.ArgumentTypeError(f"expected {least} to {most}, found {text}")
    return number
