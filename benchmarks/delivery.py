"""`python -m benchmarks.delivery`: deliveries a second, by a real Valkey."""

import argparse
import asyncio
import time

from benchmarks.delivery_world import TARGETS, World, a_world


def main() -> None:
    """Measure queueing, inboxes and webhooks, and print a line each."""
    parser = argparse.ArgumentParser(prog="benchmarks.delivery", description=__doc__)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--concurrency", type=int, default=16)
    chosen = parser.parse_args()
    asyncio.run(_measure(chosen.count, chosen.concurrency))


async def _measure(count: int, concurrency: int) -> None:
    async with a_world(concurrency) as world:
        running = asyncio.create_task(world.dispatcher.run())
        for channel in TARGETS:
            await _channel(world, channel, count)
        await world.dispatcher.stop(5)
        await running


async def _channel(world: World, channel: str, count: int) -> None:
    seconds = await world.queue(channel, count)
    print(f"{channel}: queued at {count / seconds:,.0f}/s")
    left, started, spent = (
        await world.waiting(),
        time.perf_counter(),
        time.process_time(),
    )
    await world.emptied()
    seconds = time.perf_counter() - started
    spent_us = (time.process_time() - spent) / max(left, 1) * 1e6
    print(f"{channel}: {left} sent at {left / seconds:,.0f}/s")
    print(f"{channel}: {spent_us:,.0f} us of a core each")


if __name__ == "__main__":
    main()
