"""Works through the backtests that the API has taken in, one after the other."""

import argparse
import asyncio
import logging
import os
import signal
import threading
import time
import uuid
from collections.abc import Coroutine
from typing import Any, Final, Self, TypeVar

import msgspec

from jobs.backtesting.document import decoded, encoded, findings_document
from jobs.backtesting.pool import make_ready
from jobs.backtesting.running import Backtesting, Checkpoint, Step, Stopped
from jobs.errors import JobRefused
from loyalty.document import InvalidProgram
from loyalty.publishing.timeline import version_at
from runtime.health import serve_health
from runtime.logs import set_up_logs
from runtime.metrics import BACKTEST_EVENTS, BACKTESTS
from runtime.settings import Settings
from stores.backtest_archive import ClickHouseDrill, Drill
from stores.backtests import RedisBacktests
from stores.backtests_contract import (
    FAILED,
    FINISHED,
    Advance,
    Backtest,
    Backtests,
)
from stores.program_reader import read_program
from stores.unavailable import StoreUnavailable

SUMMARY: Final = "work through the backtests that were asked for, until stopped"
LOOK_SECONDS: Final = 0.5
# Redis or ClickHouse is away: the backtest is taken up again after its lease.
AWAY_SECONDS: Final = 2.0

T = TypeVar("T")
logger = logging.getLogger(__name__)


def run(settings: Settings, arguments: list[str]) -> None:
    """Work until SIGTERM or Ctrl-C; `--once` until none waits."""
    parser = argparse.ArgumentParser("run-backtests", description=SUMMARY)
    parser.add_argument("--once", action="store_true", help="end when none waits")
    once = parser.parse_args(arguments).once
    set_up_logs(settings.log_level)
    # Before anybody waits for a backtest.
    make_ready()
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    queue = RedisBacktests(
        settings.redis_url, settings.app_id, kept_days=settings.backtests_kept_days
    )
    drill = ClickHouseDrill(settings.clickhouse_url, settings.clickhouse_database)
    with Desk(settings, queue, drill, stopped=stopped) as desk:
        if settings.metrics_port:
            serve_health(
                settings.metrics_host, settings.metrics_port, lambda: {"queue": True}
            )
        desk.work(until_empty=once)


class Desk:
    """Takes one backtest at a time, and holds it as long as it gets on."""

    def __init__(
        self,
        settings: Settings,
        queue: Backtests,
        drill: Drill,
        *,
        stopped: threading.Event,
    ) -> None:
        """Say where backtests wait, and where analysts look further."""
        self._settings = settings
        self._queue = queue
        self._drill = drill
        self._stopped = stopped
        self._lease = uuid.uuid4().hex
        # One loop for all calls: connections belong to it.
        self._loop = asyncio.Runner()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._call(self._queue.close())
        self._drill.close()
        self._loop.close()

    def work(self, *, until_empty: bool) -> None:
        """Work through what waits, until somebody stops us."""
        while not self._stopped.is_set():
            try:
                held = self._call(self._queue.take(self._lease, _now()))
                if held is not None:
                    self._run(held)
                elif until_empty:
                    return
                else:
                    self._stopped.wait(LOOK_SECONDS)
            except StoreUnavailable as away:
                logger.warning("waiting for a store", extra={"store": away.store})
                self._stopped.wait(AWAY_SECONDS)

    def _run(self, held: Backtest) -> None:
        """Run one to its end; what stops us half way leaves it for the next."""
        told = {"backtest": held.backtest_id}
        logger.info("backtest begins", extra=told)
        known = self._call(self._queue.checkpoint(held.backtest_id))
        try:
            backtesting = Backtesting(self._settings, held.request, self._current(held))
            ended = backtesting.run(
                self._settings.backtest_processes or os.cpu_count() or 1,
                lambda step: self._heard(held, step),
                decoded(known),
            )
        except Stopped:
            # Ours no more when it was cancelled; else the next one goes on at once.
            self._call(self._queue.leave(held))
            logger.info("backtest stopped", extra=told)
        except StoreUnavailable:
            raise
        except (JobRefused, InvalidProgram, OSError) as refusal:
            self._fail(held, str(refusal))
        # It must not be taken up for ever, and the next ones want their turn.
        except Exception as fault:
            logger.exception("backtest failed", extra=told)
            self._fail(held, f"{type(fault).__name__}: {fault}")
        else:
            self._finish(held, ended, backtesting.wallet)

    def _current(self, held: Backtest) -> dict[str, Any]:
        """Program to compare with: the API names the one that ran when it was asked."""
        if held.request.current is not None:
            return held.request.current
        timeline = read_program(self._settings).publishing.timeline
        return dict(version_at(timeline, _now()).document)

    def _heard(self, held: Backtest, step: Step) -> None:
        if self._stopped.is_set():
            raise Stopped
        if step.finished is not None:
            BACKTEST_EVENTS.inc(step.finished.records)
        if step.members:
            # Before the checkpoint says so: a repeat writes the same rows again.
            self._drill.members(held.backtest_id, step.members, at=_now())
        known = step.checkpoint
        is_new = step.finished is not None or not known.done
        advance = Advance(
            step.records,
            known.records_total * held.request.sample_percent // 100,
            len(known.done),
            len(known.shards),
            encoded(known) if is_new else None,
        )
        if not self._call(self._queue.keep(held, advance, _now())):
            raise Stopped

    def _finish(self, held: Backtest, ended: Checkpoint, wallet: str) -> None:
        now, findings = _now(), ended.findings
        self._drill.cells(held.backtest_id, findings.cells, at=now)
        document = msgspec.json.encode(findings_document(findings, wallet))
        done = held._replace(
            status=FINISHED,
            finished_at=now,
            records_done=ended.records,
            records_total=ended.records,
            parts_done=len(ended.done),
            parts_total=len(ended.shards),
            hash=findings.hash,
        )
        self._call(self._queue.end(held, done, document))
        BACKTESTS.labels(FINISHED).inc()
        logger.info(
            "backtest finished",
            extra={"backtest": held.backtest_id, "hash": findings.hash},
        )

    def _fail(self, held: Backtest, detail: str) -> None:
        failed = held._replace(status=FAILED, finished_at=_now(), detail=detail)
        self._call(self._queue.end(held, failed, b""))
        BACKTESTS.labels(FAILED).inc()

    def _call(self, call: Coroutine[Any, Any, T]) -> T:
        return self._loop.run(call)


def _now() -> int:
    return int(time.time() * 1000)
