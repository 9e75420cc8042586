"""
Yardstick: a plain Faust agent with a Table, as the Faust documentation has it.

One event at a time, at least once, the same orders and the same decoding as the
engine; it adds up points in a Table kept in memory, with Faust's changelog.
"""

import asyncio
import os
import sys
import time

import faust

from schemas.events import EventCodec
from schemas.topics import ORDERS
from streams.topology import batch_topic


def build(broker: str, partitions: int, expected: int) -> faust.App:
    """Build the app; it ends the process with the rate on its standard output."""
    app = faust.App(
        f"plain-faust-{os.getpid()}",
        broker=f"kafka://{broker}",
        store="memory://",
        topic_partitions=partitions,
        topic_disable_leader=True,
        web_enabled=False,
        consumer_auto_offset_reset="earliest",
    )
    points = app.Table("points", default=int, partitions=partitions)
    codec = EventCodec()
    orders = batch_topic(app, [ORDERS.name], acks=True)
    started: list[float] = []

    @app.agent(orders)
    async def earn(stream: faust.StreamT) -> None:
        count = 0
        async for event in stream.events():
            message = event.message
            if not started:
                started.extend((time.perf_counter(), time.process_time()))
            order = codec.decode_order(
                message.key, message.value, int(message.timestamp * 1000)
            )
            points[order.member_id] += order.subtotal_minor // 100
            count += 1
            if count >= expected:
                seconds = time.perf_counter() - started[0]
                cpu = time.process_time() - started[1]
                sys.stdout.write(f"{count} {seconds:.3f} {cpu:.3f}\n")
                sys.stdout.flush()
                os._exit(0)

    return app


def main(arguments: list[str]) -> None:
    """Run until `expected` orders are added up: broker, partitions, expected."""
    broker, partitions, expected = arguments
    app = build(broker, int(partitions), int(expected))
    asyncio.run(_run(app))


async def _run(app: faust.App) -> None:
    await app.start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    main(sys.argv[1:])
