"""Sends seeded traffic to the engine, at a rate or as fast as it goes."""

import argparse
import time
from collections.abc import Iterable
from typing import Final

from jobs.broker import Outbox
from jobs.errors import JobRefused
from jobs.progress import Progress
from jobs.send_ticks import shown, time_from
from jobs.traffic import (
    START_MS,
    WHOLE_BP,
    Event,
    TrafficPlan,
    TrafficRecord,
    traffic,
)
from loyalty.events import OrderEvent
from loyalty.limits import AHEAD_MS_MAX
from runtime.settings import Settings
from schemas.events import EventCodec
from schemas.topics import ACTIVITY, ORDERS

SUMMARY: Final = "send seeded orders, refunds and app activity of a burger chain"
DELIVERY_TIMEOUT_MS: Final = 60_000
ORDERS_MAX: Final = 1_000_000_000
MEMBERS_MAX: Final = 100_000_000
RATE_MAX: Final = 1_000_000
GAP_MS_MAX: Final = 86_400_000
# The clock is looked at once in so many records: often enough for any rate.
PACE_RECORDS: Final = 10


def run(settings: Settings, arguments: list[str]) -> None:
    """
    Generate and send.

    Raises: JobRefused for a number out of its bounds, no broker or no topic.
    """
    asked = _parser().parse_args(arguments)
    plan = _plan(asked)
    _check("--rate", asked.rate, (0, RATE_MAX))
    outbox = Outbox(settings, delivery_timeout_ms=DELIVERY_TIMEOUT_MS)
    for topic in (ORDERS, ACTIVITY):
        outbox.partition_count(topic.name)
    progress = Progress("records", 0)
    count = send(traffic(plan), outbox, progress, rate=asked.rate)
    print(
        f"sent {count:,} records of {plan.orders:,} orders in "
        f"{progress.seconds:.1f} s, {count / progress.seconds:,.0f} records/s, "
        f"seed {plan.seed}"
    )


def send(
    records: Iterable[TrafficRecord], outbox: Outbox, progress: Progress, *, rate: int
) -> int:
    """
    Send records at a rate (records/s; 0 is as fast as possible); return how many.

    Raises: JobRefused when the broker does not take them.
    """
    codec = EventCodec()
    count = 0
    last = ""
    for topic, key, event in records:
        outbox.send(topic, key=key.encode(), value=encoded(codec, event))
        count += 1
        if count % PACE_RECORDS == 0:
            if rate:
                time.sleep(max(count / rate - progress.seconds, 0))
            last = shown(event.occurred_at)
            progress.show(count, last)
    outbox.flush()
    progress.finish(count, last)
    return count


def encoded(codec: EventCodec, event: Event) -> bytes:
    """Write an event of either topic."""
    if isinstance(event, OrderEvent):
        return codec.encode_order(event)
    return codec.encode_activity(event)


def _plan(asked: argparse.Namespace) -> TrafficPlan:
    _check("--orders", asked.orders, (1, ORDERS_MAX))
    _check("--members", asked.members, (1, MEMBERS_MAX))
    _check("--gap-ms", asked.gap_ms, (0, GAP_MS_MAX))
    for name in ("duplicates", "disorder", "refunds", "activity"):
        _check(f"--{name}-bp", getattr(asked, f"{name}_bp"), (0, WHOLE_BP))
    plan = TrafficPlan(
        orders=asked.orders,
        members=asked.members,
        seed=asked.seed,
        duplicates_bp=asked.duplicates_bp,
        disorder_bp=asked.disorder_bp,
        refunds_bp=asked.refunds_bp,
        activity_bp=asked.activity_bp,
        start_ms=time_from(asked.start),
        gap_ms=asked.gap_ms,
    )
    _check_end(plan)
    return plan


def _check_end(plan: TrafficPlan) -> None:
    """Refuse a plan that ends in the future: the engine would refuse its orders."""
    ends_at = plan.start_ms + plan.orders * plan.gap_ms
    if ends_at > time.time() * 1000 + AHEAD_MS_MAX:
        raise JobRefused(
            f"{plan.orders} orders every {plan.gap_ms} ms from "
            f"{shown(plan.start_ms)} end more than a day after now; expected an "
            "earlier --start, fewer --orders or a smaller --gap-ms"
        )


def _check(name: str, value: int, bounds: tuple[int, int]) -> None:
    lowest, highest = bounds
    if not lowest <= value <= highest:
        raise JobRefused(f"{name}: expected {lowest} to {highest}, found {value}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("generate-traffic", description=SUMMARY)
    numbers = [
        ("--orders", 10_000, "orders, each placed once"),
        ("--members", 1_000, "members that order, some more often than others"),
        ("--rate", 0, "records a second; 0 is as fast as possible"),
        ("--seed", 1, "the same seed sends the same records"),
        ("--gap-ms", 1_000, "mean event time between two orders"),
        ("--duplicates-bp", 0, "records sent twice, in basis points (100 = 1 %%)"),
        ("--disorder-bp", 0, "records sent up to a minute late"),
        ("--refunds-bp", 0, "orders of which one unit comes back"),
        ("--activity-bp", 0, "orders with something done in the app beside them"),
    ]
    for name, default, meaning in numbers:
        parser.add_argument(name, type=int, default=default, metavar="N", help=meaning)
    parser.add_argument(
        "--start",
        default=str(START_MS),
        metavar="TIME",
        help="event time of the first order: ms since 1970, or ISO 8601",
    )
    return parser
