"""The agent of a sink: hands batches over and keeps the writing loop alive."""

import logging
import os
from collections.abc import Awaitable, Callable
from typing import Final

import faust
from faust.types import AgentT

from streams.sink import Sink
from streams.topology import batch_topic
from streams.transport import BatchConsumer

logger = logging.getLogger(__name__)

EXIT_FAULT: Final = 70


def attach_loop(app: faust.App, loop: Callable[[], Awaitable[None]]) -> None:
    """Attach a loop that must not end before the process does."""

    @app.task
    async def run() -> None:
        try:
            await loop()
        # What is not known to pass: start anew.
        except Exception:
            logger.exception("loop failed")
            os._exit(EXIT_FAULT)


def attach(app: faust.App, sink: Sink, topics: list[str]) -> AgentT:
    """Attach the agent that gives batches of some topics to a sink."""

    @app.task
    async def write() -> None:
        consumer = app.consumer
        assert isinstance(consumer, BatchConsumer), "our transport makes it"
        try:
            await sink.run(consumer.commit_positions)
        # What a store raises otherwise is not known to pass: start anew.
        except Exception:
            logger.exception("sink failed")
            os._exit(EXIT_FAULT)

    @app.agent(batch_topic(app, topics), name="sink", concurrency=1)
    async def take(batches: faust.StreamT) -> None:
        async for event in batches.noack().events():
            sink.submit(event.value)

    return take
