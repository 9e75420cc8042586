"""
Traffic of a burger chain out of a seed: the same seed gives the same records.

Time passes with each order. Everything happens at its event time and is
delivered then, except what is disordered (up to a minute late) and duplicates
(the very same event again, up to two minutes after the first).
"""

from collections.abc import Iterator
from heapq import heappop, heappush
from itertools import count
from math import log
from random import Random
from typing import Final, NamedTuple

from jobs.menu import LINES_MAX, PricedLine, priced_lines
from loyalty.events import (
    PLACED,
    REFUNDED,
    ActivityEvent,
    OrderEvent,
    OrderLine,
    Refund,
    RefundLine,
)
from schemas.topics import ACTIVITY, ORDERS

START_MS: Final = 1_735_689_600_000  # 2025-01-01
DISORDER_MS_MAX: Final = 60_000
DUPLICATE_MS_MAX: Final = 120_000
REFUND_MS_MIN: Final = 300_000
REFUND_MS_MAX: Final = 172_800_000
ACTIVITY_MS_MAX: Final = 1_800_000
STORES: Final = 40
WHOLE_BP: Final = 10_000

CURRENCY: Final = "USD"
CHANNELS: Final = ("APP", "WEB", "KIOSK", "COUNTER", "DRIVE_THRU", "DELIVERY")
ACTIVITIES: Final = (
    "app.opened",
    "menu.viewed",
    "basket.updated",
    "checkin",
    "offer.viewed",
    "review.submitted",
)
# Half of all orders have at most two lines.
LINE_COUNTS: Final = (1, 1, 1, 2, 2, 2, 3, 3, 4, 4, 5, LINES_MAX)

Event = OrderEvent | ActivityEvent


class TrafficPlan(NamedTuple):
    """
    What to generate; rates in basis points of the orders.

    `gap_ms` is the mean time between two orders, `start_ms` the first's time
    (ms since 1970). Members are numbered from 1; low numbers order most.
    """

    orders: int
    members: int = 1_000
    seed: int = 1
    duplicates_bp: int = 0
    disorder_bp: int = 0
    refunds_bp: int = 0
    activity_bp: int = 0
    start_ms: int = START_MS
    gap_ms: int = 1_000


class TrafficRecord(NamedTuple):
    """One record to send: its topic, its key (the member id) and its event."""

    topic: str
    key: str
    event: Event


def traffic(plan: TrafficPlan) -> Iterator[TrafficRecord]:
    """Give every record of a plan in the order of delivery."""
    chance = Random(f"traffic {plan.seed}")  # noqa: S311 - repeatable, not secret
    waiting: list[tuple[int, int, TrafficRecord]] = []
    sequence = count()
    for order in _orders(plan, chance):
        for deliver_at, record in _deliveries(order, plan, chance):
            heappush(waiting, (deliver_at, next(sequence), record))
        while waiting and waiting[0][0] <= order.occurred_at:
            yield heappop(waiting)[2]
    while waiting:
        yield heappop(waiting)[2]


def simple_orders(
    orders: int,
    members: int,
    seed: int,
    *,
    start_ms: int = START_MS,
    gap_ms: int = 10,
) -> Iterator[OrderEvent]:
    """
    Give orders as cheaply as possible, for load: 2.5 lines each on average.

    Members come equally often, orders in the order of their times, each once.
    """
    chance = Random(f"simple {seed}")  # noqa: S311 - repeatable, not secret
    baskets = _simple_baskets(chance)
    pick = chance.random
    for number in range(orders):
        lines, net, tax = baskets[int(pick() * len(baskets))]
        order_id = f"s{seed}-{number}"
        yield OrderEvent(
            order_id,
            order_id,
            f"member-{int(pick() * members) + 1}",
            PLACED,
            start_ms + number * gap_ms,
            "store-1",
            "APP",
            CURRENCY,
            lines,
            net + tax,
            net,
            tax,
            (),
            None,
            {},
            None,
        )


def _orders(plan: TrafficPlan, chance: Random) -> Iterator[OrderEvent]:
    pick = chance.random
    places = priced_lines()
    choices = len(places[0])
    at = plan.start_ms
    for number in range(plan.orders):
        size = LINE_COUNTS[int(pick() * len(LINE_COUNTS))]
        chosen = [places[place][int(pick() * choices)] for place in range(size)]
        lines, net, tax = _basket(chosen)
        order_id = f"t{plan.seed}-{number}"
        yield OrderEvent(
            f"{order_id}-placed",
            order_id,
            f"member-{_member(plan.members, pick())}",
            PLACED,
            at,
            f"store-{int(pick() * STORES) + 1}",
            CHANNELS[int(pick() * len(CHANNELS))],
            CURRENCY,
            lines,
            net + tax,
            net,
            tax,
            (),
            None,
            {},
            None,
        )
        at += int(-log(1.0 - pick()) * plan.gap_ms)


def _member(members: int, luck: float) -> int:
    """
    Draw a member's number, the low ones most often, by luck from 0 to 1.

    Zipf's law with a flat head (Mandelbrot): the best customer orders about
    twenty times as often as the average one, however many members there are.
    """
    head = 1 + members / 100
    number = int(head * ((members + head) / head) ** luck - head) + 1
    return min(number, members)


def _deliveries(
    order: OrderEvent, plan: TrafficPlan, chance: Random
) -> Iterator[tuple[int, TrafficRecord]]:
    """When what belongs to an order is delivered: itself and what follows from it."""
    pick = chance.random
    member_id = order.member_id
    events: list[tuple[str, Event]] = [(ORDERS.name, order)]
    if plan.refunds_bp and pick() * WHOLE_BP < plan.refunds_bp:
        events.append((ORDERS.name, _refund(order, chance)))
    if plan.activity_bp and pick() * WHOLE_BP < plan.activity_bp:
        events.append((ACTIVITY.name, _activity(order, chance)))
    for topic, event in events:
        record = TrafficRecord(topic, member_id, event)
        deliver_at = event.occurred_at
        if plan.disorder_bp and pick() * WHOLE_BP < plan.disorder_bp:
            deliver_at += int(pick() * DISORDER_MS_MAX)
        yield deliver_at, record
        if plan.duplicates_bp and pick() * WHOLE_BP < plan.duplicates_bp:
            yield deliver_at + int(pick() * DUPLICATE_MS_MAX), record


def _refund(order: OrderEvent, chance: Random) -> OrderEvent:
    """Give back one unit of one line, some minutes to two days later."""
    line = order.lines[int(chance.random() * len(order.lines))]
    paid = line.quantity * line.unit_price_minor - line.discount_minor
    span = REFUND_MS_MAX - REFUND_MS_MIN
    refund_id = f"{order.order_id}-refund"
    return order._replace(
        event_id=refund_id,
        kind=REFUNDED,
        occurred_at=order.occurred_at + REFUND_MS_MIN + int(chance.random() * span),
        # A refund names the order and what came back; the order is not repeated.
        lines=(),
        total_minor=0,
        subtotal_minor=0,
        tax_minor=0,
        refund=Refund(refund_id, (RefundLine(line.line_id, 1),), paid // line.quantity),
    )


def _activity(order: OrderEvent, chance: Random) -> ActivityEvent:
    pick = chance.random
    return ActivityEvent(
        f"{order.order_id}-activity",
        order.member_id,
        ACTIVITIES[int(pick() * len(ACTIVITIES))],
        order.occurred_at + int(pick() * ACTIVITY_MS_MAX),
        f"session-{order.order_id}",
        order.store_id,
        {
            "screen": "home",
            "seconds": int(pick() * 300),
            "battery": round(pick(), 2),
            "signed_in": True,
        },
    )


def _simple_baskets(chance: Random) -> list["_Basket"]:
    places = priced_lines()
    return [
        _basket([chance.choice(places[place]) for place in range(2 + number % 2)])
        for number in range(256)
    ]


class _Basket(NamedTuple):
    lines: tuple[OrderLine, ...]
    net_minor: int
    tax_minor: int


def _basket(chosen: list[PricedLine]) -> _Basket:
    return _Basket(
        tuple([priced.line for priced in chosen]),
        sum([priced.net_minor for priced in chosen]),
        sum([priced.tax_minor for priced in chosen]),
    )
