"""Limits of what rules award, in a document: minimum, caps, waiting time."""

from loyalty.conditions import (
    MEMBER,
    PROGRAM,
    REJECT,
    TRANSACTION,
    TRIM,
    Cap,
    Pending,
)
from loyalty.document import Node
from loyalty.limits import CAPS_MAX, DAY_MS, WINDOW_DAYS_MAX
from loyalty.periods import DAY, PERIODS
from loyalty.time_documents import (
    MINUTE_MS,
    dates,
)


def minimum_minor(node: Node) -> int:
    """Read the least money that counts: from `minimum_minor`, or over `over_minor`."""
    at_least = node.number("minimum_minor", default=0)
    if not node.has("over_minor"):
        return at_least
    if at_least:
        node.fault("over_minor", "minimum_minor and over_minor exclude each other")
    # Money is whole minor units: over 300.00 is from 300.01.
    return node.number("over_minor") + 1


def caps(node: Node, key: str) -> tuple[Cap, ...]:
    """Read caps; their counters are named after the rule or wallet."""
    numbers: list[int] = []

    def cap(one: Node) -> Cap:
        numbers.append(0)
        period = one.choice("period", (*PERIODS, TRANSACTION))
        points = one.number("points", default=-1, minimum=-1)
        times = one.number("times", default=-1, minimum=-1, maximum=1_000_000)
        if points < 0 and times < 0:
            one.fault("", "limits neither points nor times")
        if period == TRANSACTION and times >= 0:
            one.fault("times", "a transaction happens once")
        clock = one.choice("clock", (PROGRAM, MEMBER))
        every = one.number("every", minimum=1, default=1, maximum=366)
        if every > 1 and period != DAY:
            one.fault("every", "belongs to the period day")
        over = one.choice("over", (TRIM, REJECT))
        key_of_cap = f"{key}#{len(numbers)}"
        return Cap(key_of_cap, period, points, times, over, clock, every)

    return node.each("caps", cap, CAPS_MAX)


def pending(node: Node) -> Pending | None:
    """Read when earned points become usable; None is at once."""
    if not node.has("pending"):
        return None
    part = node.part("pending")
    days = part.number("delay_days", default=0, maximum=WINDOW_DAYS_MAX)
    minutes = part.number("delay_minutes", default=0, maximum=1_000_000)
    read = Pending(
        delay_ms=days * DAY_MS + minutes * MINUTE_MS,
        dates=dates(part, "dates"),
        release_on=part.text("release_on", default=""),
        cancel_ms=part.number("cancel_days", default=0, maximum=WINDOW_DAYS_MAX)
        * DAY_MS,
    )
    part.close()
    if read.cancel_ms and not read.release_on:
        part.fault("cancel_days", "belongs to release_on: all others come for sure")
    ways = [read.delay_ms > 0, part.has("dates"), bool(read.release_on)]
    if sum(ways) != 1:
        part.fault("", "needs one of delay_days, delay_minutes, dates, release_on")
    return read
