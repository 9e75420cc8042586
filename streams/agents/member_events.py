"""Orders, activity, commands and ticks: the only way to a member's state."""

import asyncio
import logging
from typing import Final

import faust
from faust.types import TP, AgentT

from schemas.topics import SOURCES
from streams.engine import Engine
from streams.topology import batch_topic
from streams.transport import BatchConsumer

logger = logging.getLogger(__name__)

HINT_SECONDS: Final = 1.0


def attach(app: faust.App, engine: Engine) -> AgentT:
    """Attach the only agent that changes members, a batch of a partition at a time."""
    channel = batch_topic(app, [spec.name for spec in SOURCES])

    @app.agent(channel, name="member-events", concurrency=1)
    async def apply_member_events(batches: faust.StreamT) -> None:
        # No acks: what was applied is said by the checkpoint, in the same
        # transaction as its effects.
        async for event in batches.noack().events():
            engine.submit(event.value)

    return apply_member_events


def attach_hints(app: faust.App, engine: Engine) -> None:
    """
    Attach the task that tells the consumer group how far the engine is.

    For tools that show lag, and for nobody else: the checkpoint is what counts.
    """

    @app.task
    async def tell_positions() -> None:
        told: dict[TP, int] = {}
        while True:
            await asyncio.sleep(HINT_SECONDS)
            positions = {TP(*tp): at for tp, at in engine.positions().items()}
            news = {tp: at for tp, at in positions.items() if told.get(tp) != at}
            consumer = app.consumer
            if not news or not isinstance(consumer, BatchConsumer):
                continue
            try:
                await consumer.commit_positions(news)
            # In the middle of a rebalance; the next second will do.
            except Exception as error:  # noqa: BLE001 - a hint must not end anything
                logger.info("positions not told", extra={"error": str(error)[:200]})
            else:
                told = positions
