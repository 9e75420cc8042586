"""One role in one process: start, serve health, stop within a bound, always."""

import asyncio
import logging
import os
import signal
import threading
import time
from importlib import import_module
from typing import Final

import faust
from faust import streams as faust_streams

from loyalty.document import InvalidProgram
from runtime.clock_watch import EXIT_CLOCK_SET_BACK, ClockWatch
from runtime.collector import tune_collector
from runtime.health import serve_health
from runtime.releases import release
from runtime.settings import InvalidSettings, Settings
from runtime.tracing import end_tracing, set_up_tracing
from schemas.framing import RegistryUnavailable
from stores.unavailable import StoreUnavailable
from stores.worker_reports_contract import WorkerReport, WorkerReports
from streams.app import leave_group
from streams.preflight import NotReady, check_brokers
from streams.reporting import Reporter
from streams.role import Build
from streams.watchdog import Watchdog
from streams.watermarks import Watermarks

logger = logging.getLogger(__name__)

EXIT_NOT_READY: Final = 3
EXIT_FAULT: Final = 70
# After this long past its bound a stop ends the process whatever it does.
STOP_GRACE_SECONDS: Final = 1.0
# Allocations between two looks of the garbage collector; the default is 700.
COLLECT_EVERY: Final = 1_000_000


NOT_STARTED: Final = (
    NotReady,
    RegistryUnavailable,
    InvalidProgram,
    InvalidSettings,
    StoreUnavailable,
    OSError,
)


def run(name: str, build: Build, settings: Settings) -> int:
    """Run a role until SIGTERM or SIGINT; return the exit code."""
    # The pure-Python stream acks what it skips after a rebalance.
    assert faust_streams._CStreamIterator is not None, "faust's Cython streams"  # noqa: SLF001 - there is no public sign of it
    try:
        check_brokers(settings)
        return asyncio.run(_serve(name, build, settings))
    except NOT_STARTED as error:
        logger.critical("not started", extra={"reason": str(error)})
        return EXIT_NOT_READY


async def _serve(name: str, build: Build, settings: Settings) -> int:
    set_up_tracing(settings, name, settings.worker_id)
    role = build(settings)
    if settings.metrics_port:
        serve_health(settings.metrics_host, settings.metrics_port, role.readiness)
    Watchdog(
        Watermarks(settings.kafka_bootstrap_servers, f"{settings.app_id}-{name}"),
        role.positions,
        role.progress_at,
        stall_seconds=settings.stall_timeout_ms / 1000,
    ).start()
    Reporter(lambda: _reports(settings), _process(name, settings)).start()
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, _on_signal, stopping, settings)
    watch = ClockWatch(
        lambda: loop.call_soon_threadsafe(
            _on_signal, stopping, settings, EXIT_CLOCK_SET_BACK
        )
    )
    watch.start()
    tune_collector(COLLECT_EVERY)
    starting = asyncio.create_task(role.app.start(), name="faust")
    stop = asyncio.create_task(stopping.wait(), name="stop")
    await asyncio.wait({starting, stop}, return_when=asyncio.FIRST_COMPLETED)
    if starting.done() and starting.exception() is not None:
        logger.critical("not started", exc_info=starting.exception())
        os._exit(EXIT_FAULT)
    crashed = asyncio.create_task(_until_crashed(role.app), name="crashed")
    await asyncio.wait({crashed, stop}, return_when=asyncio.FIRST_COMPLETED)
    if not stopping.is_set():
        logger.critical("faust stopped by itself", extra={"role": name})
        os._exit(EXIT_FAULT)
    in_time = await role.stop(settings.stop_timeout_ms / 1000)
    # Only then: what was in flight is committed, and others may begin.
    await leave_group(role.app)
    logger.info("stopped", extra={"role": name, "in_time": in_time})
    end_tracing()
    # Faust's own way out may take minutes, and nothing depends on it: progress
    # and effects are committed together, and a static member keeps its place.
    os._exit(EXIT_CLOCK_SET_BACK if watch.was_set_back else 0)


def _reports(settings: Settings) -> WorkerReports:
    # Loaded once it is needed: an engine that starts anew waits for no client of Redis.
    kept = import_module("stores.worker_reports")
    made: WorkerReports = kept.RedisWorkerReports(settings.redis_url, settings.app_id)
    return made


def _process(name: str, settings: Settings) -> WorkerReport:
    now = int(time.time() * 1_000)
    return WorkerReport(
        name, settings.worker_id, now, started_at=now, version=release()
    )


def _on_signal(stopping: asyncio.Event, settings: Settings, code: int = 0) -> None:
    stopping.set()
    bound = settings.stop_timeout_ms / 1000 + STOP_GRACE_SECONDS
    timer = threading.Timer(bound, os._exit, args=(code,))
    timer.daemon = True
    timer.start()


async def _until_crashed(app: faust.App) -> None:
    while not (app.should_stop or app.crashed):  # noqa: ASYNC110 - Faust has no event for it
        await asyncio.sleep(0.5)
