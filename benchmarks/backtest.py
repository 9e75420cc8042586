"""The retail year by two programs, as `run-backtest` does it with all processors."""

import os
import sys
import time
from typing import Any

from jobs.backtesting.running import Backtesting, Step
from jobs.retail import ORDERS_MAX
from local.stack import PROJECT
from runtime.settings import Settings
from stores.backtest_requests import RETAIL, BacktestRequest
from stores.programs import load_document

# 2018-01-02
END_MS = 1_514_851_200_000


def main(arguments: list[str]) -> None:
    """Fold the orders of so many percent of households; say orders, seconds, CPU."""
    (percent,) = map(int, arguments)
    current = load_document(PROJECT / "programs" / "demo.yaml")
    request = BacktestRequest(
        _candidate(current),
        END_MS,
        current=current,
        source=RETAIL,
        sample_percent=percent,
    )
    backtesting = Backtesting(Settings(), request, current)
    started = time.perf_counter()
    ended = backtesting.run(os.cpu_count() or 1, _quiet)
    seconds = time.perf_counter() - started
    assert ended.records <= ORDERS_MAX, "each order once"
    sys.stdout.write(
        f"{ended.records} {seconds:.3f} {backtesting.seconds['all']:.3f}\n"
    )


def _candidate(current: dict[str, Any]) -> dict[str, Any]:
    """The same with twice the points for a full basket."""
    rules = [
        rule | {"points": 2 * rule["points"]} if rule["id"] == "full-basket" else rule
        for rule in current["earn"]
    ]
    return current | {"version": current["version"] + 1, "earn": rules}


def _quiet(_: Step) -> None:
    """Nobody looks."""


if __name__ == "__main__":
    main(sys.argv[1:])
