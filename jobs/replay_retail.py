"""
Replays the retail year into `orders`, with a tick at the end of each day.

A day's tick is sent after the broker has all of that day's orders. Topics have
no common order, so the engine may still see a tick before or after orders that
were sent around it. What a household has at the end is the same either way:

- A lot's end is fixed by the day of its order, and `decide` ends every lot
  whose time is over on each event, with the member's clock at the latest time
  seen. An early tick ends a lot that it finds; a lot of an order that comes
  later than its own end is opened and ended in the same decision. Nothing is
  burned or returned in this year, so each point is earned once and ends once.
- Days that an early tick drops from the tier window lie outside the window of
  the final tick too, because the clock never goes back.
- An early tick closes orders before the return window; a household's next one
  is later than those (`jobs.retail` sees to it), so it is never refused.
- Offers and triggers on the way may differ: they tell what was seen when.

Only the final tick must find all orders worked through. Ticks may be repeated
freely, so whoever compares totals sends it again when the engine has caught up
(`send-ticks --at`, with the time that this job prints).
"""

import argparse
from typing import Final, NamedTuple

from jobs.broker import Outbox
from jobs.errors import JobRefused
from jobs.progress import Progress
from jobs.retail import WEEKS_MAX, RetailYear, orders, read_year
from jobs.send_ticks import shown
from loyalty.limits import DAY_MS
from runtime.settings import Settings
from schemas.events import EventCodec
from schemas.topics import CLOCK, ORDERS

SUMMARY: Final = "replay a real year of retail orders, with its days' ticks"
DELIVERY_TIMEOUT_MS: Final = 60_000


class Replayed(NamedTuple):
    """What was sent; `final_tick_at` in ms since 1970."""

    orders: int
    lines: int
    seconds: float
    final_tick_at: int


def run(settings: Settings, arguments: list[str]) -> None:
    """
    Replay the year, or its first weeks.

    Raises: JobRefused when there is no data, no broker or no topic.
    """
    parser = argparse.ArgumentParser("replay-retail", description=SUMMARY)
    parser.add_argument(
        "--weeks",
        type=int,
        default=WEEKS_MAX,
        metavar="N",
        help="only the first N weeks of the data, 1 to %(default)s; the first week "
        "has one day",
    )
    weeks = parser.parse_args(arguments).weeks
    if not 1 <= weeks <= WEEKS_MAX:
        raise JobRefused(f"--weeks: expected 1 to {WEEKS_MAX}, found {weeks}")
    outbox = Outbox(settings, delivery_timeout_ms=DELIVERY_TIMEOUT_MS)
    for topic in (ORDERS, CLOCK):
        outbox.partition_count(topic.name)
    sent = replay(read_year(weeks=weeks), outbox)
    print(
        f"sent {sent.orders:,} orders with {sent.lines:,} lines in "
        f"{sent.seconds:.1f} s, {sent.orders / sent.seconds:,.0f} orders/s; it is "
        f"{shown(sent.final_tick_at)}"
    )


def replay(year: RetailYear, outbox: Outbox) -> Replayed:
    """
    Send the year's orders by time, and each midnight after the day before it.

    Raises: JobRefused when the broker does not take them.
    """
    codec = EventCodec()
    progress = Progress("orders", year.order_count)
    midnight = (int(year.baskets["occurred_at"][0]) // DAY_MS + 1) * DAY_MS
    count = 0
    for order in orders(year):
        while order.occurred_at >= midnight:
            _end_day(outbox, midnight)
            midnight += DAY_MS
        outbox.send(
            ORDERS.name,
            key=order.member_id.encode(),
            value=codec.encode_order(order),
        )
        count += 1
        if count % 100 == 0:
            progress.show(count, shown(order.occurred_at)[:10])
    _end_day(outbox, midnight)
    outbox.flush()
    progress.finish(count, shown(midnight)[:10])
    return Replayed(count, year.lines.height, progress.seconds, midnight)


def _end_day(outbox: Outbox, midnight: int) -> None:
    """Tell that a day is over, once the broker has all of its orders."""
    outbox.flush()
    outbox.tick(midnight)
