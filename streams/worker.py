"""One role in one process: start, serve health, stop within a bound, always."""

import asyncio
import gc
import logging
import os
import signal
import threading
from collections.abc import Awaitable, Callable
from typing import Final, NamedTuple

import faust
from faust import streams as faust_streams

from loyalty.document import InvalidProgram
from runtime.health import Readiness, serve_health
from runtime.settings import InvalidSettings, Settings
from runtime.tracing import end_tracing, set_up_tracing
from schemas.confluent import RegistryUnavailable
from stores.unavailable import StoreUnavailable
from streams.app import (
    build_clickhouse_sink,
    build_dispatch,
    build_engine,
    build_redis_sink,
    dispatch_app,
    engine_app,
    leave_group,
    sink_app,
)
from streams.preflight import NotReady, check_brokers
from streams.registries import registry_of
from streams.sink import Sink
from streams.watchdog import Watchdog
from streams.watermarks import Watermarks

logger = logging.getLogger(__name__)

EXIT_NOT_READY: Final = 3
EXIT_FAULT: Final = 70
# After this long past its bound a stop ends the process whatever it does.
STOP_GRACE_SECONDS: Final = 1.0
# Allocations between two looks of the garbage collector; the default is 700.
COLLECT_EVERY: Final = 100_000


class Role(NamedTuple):
    """What a process runs, and how it is asked about."""

    app: faust.App
    readiness: Readiness
    positions: Callable[[], dict[tuple[str, int], int]]
    progress_at: Callable[[], float]
    stop: Callable[[float], Awaitable[bool]]


def _engine(settings: Settings) -> Role:
    engine = build_engine(settings, registry_of(settings))
    app = engine_app(settings, engine)
    return Role(
        app, engine.readiness, engine.positions, engine.progress_at, engine.stop
    )


def _redis_sink(settings: Settings) -> Role:
    sink = build_redis_sink(settings)
    app = sink_app(settings, "redis-sink", sink)
    return Role(app, sink.readiness, sink.positions, sink.progress_at, sink.stop)


def _clickhouse_sink(settings: Settings) -> Role:
    sink = build_clickhouse_sink(settings, registry_of(settings))
    app = sink_app(settings, "clickhouse-sink", sink)
    return Role(app, sink.readiness, sink.positions, sink.progress_at, sink.stop)


def _dispatcher(settings: Settings) -> Role:
    parts = build_dispatch(settings)
    sink = Sink("dispatcher", parts.intake, linger_ms=0)
    app = dispatch_app(settings, sink, parts)

    async def stop(timeout_seconds: float) -> bool:
        stopped = await asyncio.gather(
            sink.stop(timeout_seconds), parts.dispatcher.stop(timeout_seconds)
        )
        return all(stopped)

    return Role(app, sink.readiness, sink.positions, sink.progress_at, stop)


ROLES: Final[dict[str, Callable[[Settings], Role]]] = {
    "engine": _engine,
    "redis-sink": _redis_sink,
    "clickhouse-sink": _clickhouse_sink,
    "dispatcher": _dispatcher,
}


NOT_STARTED: Final = (
    NotReady,
    RegistryUnavailable,
    InvalidProgram,
    InvalidSettings,
    StoreUnavailable,
    OSError,
)


def run(name: str, settings: Settings) -> int:
    """Run a role until SIGTERM or SIGINT; return the exit code."""
    # The pure-Python stream acks what it skips after a rebalance.
    assert faust_streams._CStreamIterator is not None, "faust's Cython streams"  # noqa: SLF001 - there is no public sign of it
    try:
        check_brokers(settings)
        return asyncio.run(_serve(name, settings))
    except NOT_STARTED as error:
        logger.critical("not started", extra={"reason": str(error)})
        return EXIT_NOT_READY


async def _serve(name: str, settings: Settings) -> int:
    set_up_tracing(settings, name, settings.worker_id)
    role = ROLES[name](settings)
    if settings.metrics_port:
        serve_health(settings.metrics_host, settings.metrics_port, role.readiness)
    Watchdog(
        Watermarks(settings.kafka_bootstrap_servers, f"{settings.app_id}-{name}"),
        role.positions,
        role.progress_at,
        stall_seconds=settings.stall_timeout_ms / 1000,
    ).start()
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, _on_signal, stopping, settings)
    tune_collector()
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
    os._exit(0)


def tune_collector() -> None:
    """Let the garbage collector look less often: hardly anything here is a cycle."""
    gc.freeze()
    gc.set_threshold(COLLECT_EVERY, 20, 50)


def _on_signal(stopping: asyncio.Event, settings: Settings) -> None:
    stopping.set()
    bound = settings.stop_timeout_ms / 1000 + STOP_GRACE_SECONDS
    timer = threading.Timer(bound, os._exit, args=(0,))
    timer.daemon = True
    timer.start()


async def _until_crashed(app: faust.App) -> None:
    while not (app.should_stop or app.crashed):  # noqa: ASYNC110 - Faust has no event for it
        await asyncio.sleep(0.5)
