"""Parts that steps of journeys share in a document: targets, delays, tests."""

from typing import Final

from loyalty.conditions import MEMBER, PROGRAM
from loyalty.document import Node
from loyalty.journeys.steps import ANY, END, NO_MINUTE, Delay, MemberTest
from loyalty.limits import JOURNEY_VALUES_MAX, POINTS_MAX, WINDOW_DAYS_MAX
from loyalty.rules import POINTS
from loyalty.time_documents import MINUTES_OF_DAY, minute_of_day

HOUR_MS: Final = 3_600_000
MINUTE_MS: Final = 60_000
# How a document names the end.
END_WORD: Final = "end"


def next_of(node: Node, name: str, following: str | None) -> str:
    """Step that a property names; without it the one that follows, if that will do."""
    named = node.text(name, default=following)
    return END if named == END_WORD else named


def delay_of(node: Node) -> Delay:
    """Read how long to wait: exactly, or until a time of the day."""
    days = node.number("days", default=0, maximum=WINDOW_DAYS_MAX)
    hours = node.number("hours", default=0, maximum=24 * WINDOW_DAYS_MAX)
    minutes = node.number("minutes", default=0, maximum=1_440 * WINDOW_DAYS_MAX)
    at_minute = minute_of(node, "at")
    clock = node.choice("clock", (MEMBER, PROGRAM))
    ms = hours * HOUR_MS + minutes * MINUTE_MS
    if at_minute != NO_MINUTE and ms:
        node.fault("at", "hours and minutes are exact, and have no time of the day")
    if at_minute == NO_MINUTE and not (days or ms):
        node.fault("", "waits for no time: give days, hours, minutes or at")
    return Delay(days, ms, at_minute, clock)


def minute_of(node: Node, name: str) -> int:
    """Read a time of day, HH:MM, as its minute; NO_MINUTE where it is left out."""
    if not node.has(name):
        return NO_MINUTE
    value = node.raw(name)
    # YAML reads 17:00 without quotes as 17 times 60: minutes of the day already.
    is_minutes = isinstance(value, int) and not isinstance(value, bool)
    minute = int(value) if is_minutes else minute_of_day(str(value))
    if minute is None or not 0 <= minute < MINUTES_OF_DAY:
        node.fault(name, f"{value!r} is no time of day, expected HH:MM")
        return NO_MINUTE
    return minute


def test_of(node: Node) -> MemberTest:
    """Read what a member must be."""
    test = MemberTest(
        tiers=node.names("tiers"),
        segments=node.names("segments"),
        zones=node.names("time_zones"),
        wallet=node.text("wallet", default=POINTS),
        balance_min=_bound(node, "balance_min"),
        balance_max=_bound(node, "balance_max"),
        orders_min=_bound(node, "orders_min"),
        orders_max=_bound(node, "orders_max"),
        ordered=int(node.flag("ordered")) if node.has("ordered") else ANY,
        seen=node.names("seen"),
    )
    if test == MemberTest():
        node.fault("", "asks for nothing: it would hold for everybody")
    for low, high, name in (
        (test.balance_min, test.balance_max, "balance_max"),
        (test.orders_min, test.orders_max, "orders_max"),
    ):
        if ANY not in (low, high) and high < low:
            node.fault(name, f"is below the least, {low}: it would never hold")
    if len(test.seen) > JOURNEY_VALUES_MAX:
        node.fault("seen", f"names more than {JOURNEY_VALUES_MAX} activities")
    node.close()
    return test


def _bound(node: Node, name: str) -> int:
    return node.number(name, maximum=POINTS_MAX) if node.has(name) else ANY
