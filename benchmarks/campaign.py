"""`python -m benchmarks.campaign`: a large campaign, paced, and stopped at once."""

import argparse
import asyncio
import json
import resource
import time
from typing import Final

from benchmarks.delivery_world import CAMPAIGN, TARGETS, World, a_world
from stores.delivery_controls_contract import Stop
from stores.outbox_contract import Pace

SCOPE: Final = f"campaign:{CAMPAIGN}"
# Longer than any stop may take.
SILENCE_SECONDS: Final = 3.0


def main() -> None:
    """Queue, pace, stop, start again, and print what was seen as JSON."""
    parser = argparse.ArgumentParser(prog="benchmarks.campaign", description=__doc__)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--channel", choices=TARGETS, default="inbox")
    parser.add_argument("--per-second", type=int, default=1_000)
    parser.add_argument("--ramp-seconds", type=int, default=10)
    parser.add_argument("--seconds", type=int, default=30, help="before the stop")
    parser.add_argument("--drain", action="store_true", help="send the rest, unpaced")
    chosen = parser.parse_args()
    pace = Pace(SCOPE, chosen.per_second, chosen.ramp_seconds)
    told = asyncio.run(
        _measure(
            chosen.messages,
            chosen.channel,
            pace,
            seconds=chosen.seconds,
            drains=chosen.drain,
        )
    )
    print(json.dumps(told, indent=2))


async def _measure(
    messages: int, channel: str, pace: Pace, *, seconds: int, drains: bool
) -> dict[str, object]:
    async with a_world(concurrency=16) as world:
        queueing = await world.queue(channel, messages)
        told: dict[str, object] = {
            "messages": messages,
            "channel": channel,
            "queued_per_second": round(messages / queueing),
            "store_mib": await world.store_mib(),
            "resident_mib_before": _resident_mib(),
        }
        await world.controls.set_pace(pace)
        running = asyncio.create_task(world.dispatcher.run())
        told |= await _paced(world, pace, seconds)
        told |= await _stopped(world)
        if drains:
            told |= await _drained(world)
        told["resident_mib_after"] = _resident_mib()
        told["store_mib_after"] = await world.store_mib()
        await world.dispatcher.stop(5)
        await running
    return told


async def _paced(world: World, pace: Pace, seconds: int) -> dict[str, object]:
    """Each second's sends, and how far the rate after the ramp is from the pace."""
    started = time.monotonic()
    await asyncio.sleep(seconds)
    rates = [world.sends.between(started + n, started + n + 1) for n in range(seconds)]
    steady = rates[pace.ramp_seconds + 1 :]
    return {
        "pace": pace._asdict(),
        "sent_each_second": rates,
        "steady_per_second": round(sum(steady) / max(len(steady), 1)),
    }


async def _stopped(world: World) -> dict[str, object]:
    """Time from the kill switch, before it is written, to the last send."""
    pulled = time.monotonic()
    await world.controls.stop(Stop(SCOPE, "benchmark", int(time.time() * 1_000)))
    await asyncio.sleep(SILENCE_SECONDS)
    last = world.sends.begun[-1][0] - pulled
    return {
        "sent_after_the_stop": world.sends.between(pulled, pulled + SILENCE_SECONDS),
        "last_send_after_ms": round(max(last, 0) * 1_000),
        "waiting": await world.waiting(),
    }


async def _drained(world: World) -> dict[str, object]:
    """Let all go that waits, as fast as it goes."""
    left, started, spent = (
        await world.waiting(),
        time.perf_counter(),
        time.process_time(),
    )
    await world.controls.drop_pace(SCOPE)
    await world.controls.start(SCOPE)
    await world.emptied()
    return {
        "drained_per_second": round(left / (time.perf_counter() - started)),
        "core_us_each": round((time.process_time() - spent) / left * 1e6),
    }


def _resident_mib() -> float:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024, 1)


if __name__ == "__main__":
    main()
