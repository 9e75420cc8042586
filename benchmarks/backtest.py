"""Backtests as `run-backtests` does them, on all processors: of a year, of a log."""

import multiprocessing
import os
import sys
import time
from typing import Any, Final

from jobs.backtesting.pool import make_ready
from jobs.backtesting.running import Backtesting, Step
from jobs.traffic import START_MS
from native.loading import PROJECT
from runtime.settings import Settings, load_settings
from stores.backtest_requests import KAFKA, RETAIL, BacktestRequest
from stores.programs import load_document

# 2018-01-02
END_MS: Final = 1_514_851_200_000
# After the orders of the log, `simple_orders`, which take less than a day.
LOG_END_MS: Final = START_MS + 86_400_000


def main(arguments: list[str]) -> None:
    """
    Fold so many percent of members; say orders, seconds, CPU.

    `retail`: the real year, nine lines an order, by the demo program and one with
    twice the points for a basket that most households have. `log`: the orders that are
    in Kafka, 2.5 lines each, by twenty rules and by those with one of them doubled.
    """
    kind, percent = arguments
    stand_ready()
    request, settings = _retail() if kind == RETAIL else _log()
    request = request._replace(sample_percent=int(percent))
    assert request.current is not None
    backtesting = Backtesting(settings, request, request.current)
    started = time.perf_counter()
    ended = backtesting.run(os.cpu_count() or 1, _quiet)
    seconds = time.perf_counter() - started
    assert ended.records <= ended.records_total, "each order once"
    assert ended.findings.winners, "the candidate makes a difference"
    sys.stdout.write(f"{ended.records} {seconds:.3f} {backtesting.seconds:.3f}\n")


def stand_ready() -> None:
    """As in the service that works backtests off: what forks them has imported all."""
    make_ready()
    first = multiprocessing.get_context("forkserver").Process(
        target=time.sleep, args=(0,)
    )
    first.start()
    first.join()


def _retail() -> tuple[BacktestRequest, Settings]:
    current = load_document(PROJECT / "programs" / "demo.yaml")
    candidate = _doubled(current, "earn", "full-basket")
    asked = BacktestRequest(candidate, END_MS, current=current, source=RETAIL)
    return asked, Settings()


def _log() -> tuple[BacktestRequest, Settings]:
    current = load_document(PROJECT / "benchmarks" / "twenty-rules.yaml")
    candidate = _doubled(current, "bonuses", "veggie-burger")
    asked = BacktestRequest(candidate, LOG_END_MS, current=current, source=KAFKA)
    return asked, load_settings()


def _doubled(current: dict[str, Any], section: str, rule_id: str) -> dict[str, Any]:
    """The same with twice the points by one rule."""
    rules = [
        rule | {"points": 2 * rule["points"]} if rule["id"] == rule_id else rule
        for rule in current[section]
    ]
    return current | {"version": current["version"] + 1, section: rules}


def _quiet(_: Step) -> None:
    """Nobody looks."""


if __name__ == "__main__":
    main(sys.argv[1:])
