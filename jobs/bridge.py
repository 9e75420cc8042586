"""Carries events between another broker and ours, in one direction, until stopped."""

import argparse
import asyncio
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

from jobs.bridging.addresses import source_of, target_named
from jobs.bridging.inward import Inward
from jobs.bridging.outward import Outward
from jobs.bridging.ports import CALL_SECONDS_MAX, Source
from jobs.errors import JobRefused
from runtime.health import serve_health
from runtime.logs import set_up_logs
from runtime.settings import Settings
from schemas.events import EventCodec
from schemas.registries import registry_at
from stores.publisher import KafkaPublisher

SUMMARY: Final = "carry events in from another broker, or member events out to one"
# What is under way when we are told to stop gets so long; all in all it is below 10 s.
STOP_SECONDS_MAX: Final = 6.0

Carry = Callable[[asyncio.Event], Awaitable[None]]


def run(settings: Settings, arguments: list[str]) -> None:
    """Carry until SIGTERM or Ctrl-C."""
    parser = argparse.ArgumentParser("bridge", description=SUMMARY)
    parser.add_argument("direction", choices=("in", "out"))
    direction = parser.parse_args(arguments).direction
    set_up_logs(settings.log_level)
    try:
        carry = inward(settings) if direction == "in" else outward(settings)
    except ModuleNotFoundError as missing:
        raise JobRefused(
            f"this address needs the package {missing.name!r}, see docs/bridges.md"
        ) from missing
    if settings.metrics_port:
        serve_health(
            settings.metrics_host, settings.metrics_port, lambda: {"bridge": True}
        )
    asyncio.run(until_told(carry))


def inward(settings: Settings, source: Source | None = None) -> Carry:
    """
    The way in; another source may stand for the one that the settings name.

    Raises: JobRefused.
    """
    found = source or source_of(settings)

    async def carry(stopped: asyncio.Event) -> None:
        publisher = KafkaPublisher(settings.kafka_bootstrap_servers)
        codec = EventCodec(registry_at(settings.schema_registry_url))
        bridge = Inward(
            found,
            publisher,
            codec=codec,
            name=settings.bridge_name,
            messages_max=settings.bridge_messages_max,
            stopped=stopped,
        )
        try:
            await bridge.run()
        finally:
            await asyncio.gather(found.close(), publisher.close())

    return carry


def outward(settings: Settings) -> Carry:
    """
    The way out.

    Raises: JobRefused.
    """
    target = target_named(settings)

    async def carry(stopped: asyncio.Event) -> None:
        bridge = Outward(settings, target, stopped=stopped)
        try:
            await bridge.run()
        finally:
            await asyncio.gather(target.close(), bridge.close())

    return carry


async def until_told(carry: Carry) -> None:
    """Carry until a signal comes, then end what is under way, within a bound."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    carrying = asyncio.ensure_future(carry(stopped))
    told = asyncio.ensure_future(stopped.wait())
    await asyncio.wait((carrying, told), return_when=asyncio.FIRST_COMPLETED)
    told.cancel()
    await asyncio.wait((carrying,), timeout=STOP_SECONDS_MAX)
    carrying.cancel()
    with suppress(asyncio.CancelledError, TimeoutError):
        # Whoever fell ill says so; whoever was cut off has acknowledged nothing.
        await asyncio.wait_for(carrying, CALL_SECONDS_MAX / 2)
