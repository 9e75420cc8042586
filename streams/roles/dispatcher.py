"""The dispatcher: what members are sent."""

import asyncio

import faust

from runtime.settings import Settings
from stores.program_log_contract import LivePrograms
from streams.agents import sinking
from streams.app import PATIENT, followed_log, sink_app
from streams.dispatching.building import DispatchParts, dispatch_parts
from streams.role import Role
from streams.sink import Sink


def build(settings: Settings) -> Role:
    """Build the role with its real clients."""
    log = followed_log(settings, f"{settings.app_id}-dispatcher")
    parts = dispatch_parts(settings, LivePrograms(log))
    sink = Sink("dispatcher", parts.intake, linger_ms=0)
    app = dispatch_app(settings, sink, parts)

    async def stop(timeout_seconds: float) -> bool:
        stopped = await asyncio.gather(
            sink.stop(timeout_seconds), parts.dispatcher.stop(timeout_seconds)
        )
        return all(stopped)

    return Role(app, sink.readiness, sink.positions, sink.progress_at, stop)


def dispatch_app(settings: Settings, sink: Sink, parts: DispatchParts) -> faust.App:
    """Build the app of the dispatcher: a sink that queues, and loops beside it."""

    async def send() -> None:
        await parts.clock.known()
        await parts.dispatcher.run()

    app = sink_app(settings, "dispatcher", sink, fetching=PATIENT)
    sinking.attach_loop(app, parts.clock.run)
    sinking.attach_loop(app, send)
    sinking.attach_loop(app, parts.teller.run)
    return app
