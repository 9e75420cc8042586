"""Orders, activity, commands and ticks: the only way to a member's state."""

import faust
from faust.types import AgentT

from schemas.topics import SOURCES
from streams.engine import Engine
from streams.topology import batch_topic


def attach(app: faust.App, engine: Engine) -> AgentT:
    """Attach the only agent that changes members: one batch of one partition at a time."""
    channel = batch_topic(app, [spec.name for spec in SOURCES])

    @app.agent(channel, name="member-events", concurrency=1)
    async def apply_member_events(batches: faust.StreamT) -> None:
        # No acks: what was applied is said by the checkpoint, in the same
        # transaction as its effects.
        async for event in batches.noack().events():
            engine.submit(event.value)

    return apply_member_events
