"""Steps of a trigger, from their document: delay, message, points."""

from typing import Final

from loyalty.cap_documents import caps_of
from loyalty.document import Node
from loyalty.engagement.rules import ONE_STEP, Announcement, Delay, TriggerStep
from loyalty.limits import (
    DAY_MS,
    TEXT_LENGTH_MAX,
    TRIGGER_STEPS_MAX,
    WINDOW_DAYS_MAX,
)
from loyalty.messages import CHANNELS, MessageValue
from loyalty.reward_documents import RULE_POINTS_MAX
from loyalty.rules import POINTS
from loyalty.time_documents import MINUTE_MS, MINUTES_OF_DAY, minute_of_day

YEAR_MINUTES: Final = 527_040
HOURS_MAX: Final = 24 * 31


def steps_of(node: Node) -> tuple[TriggerStep, ...]:
    """Read `steps`, or the one that stands in the trigger itself."""
    if not node.has("steps"):
        own = _step(node)
        return ONE_STEP if own == ONE_STEP[0] else (own,)
    for name in ("delay", "message", "points", "points_wallet"):
        if node.raw(name) is not None:
            node.fault(name, "stands in each of the steps")
    return node.each("steps", _step, TRIGGER_STEPS_MAX) or ONE_STEP


def _step(node: Node) -> TriggerStep:
    return TriggerStep(
        _delay(node.part("delay")),
        _announcement(node.part("message")) if node.has("message") else None,
        node.number("points", default=0, maximum=RULE_POINTS_MAX),
        node.text("points_wallet", default=POINTS),
    )


def _delay(node: Node) -> Delay:
    """Read a delay: exact `days`, `hours`, `minutes`, or `days` and a clock time."""
    days = node.number("days", default=0, maximum=WINDOW_DAYS_MAX)
    hours = node.number("hours", default=0, maximum=24 * WINDOW_DAYS_MAX)
    minutes = node.number("minutes", default=0, maximum=YEAR_MINUTES)
    at_minute = clock_minute(node, "at", -1)
    node.close()
    if at_minute < 0:
        return Delay(days * DAY_MS + (hours * 60 + minutes) * MINUTE_MS)
    if hours or minutes:
        node.fault("at", "a time of day goes with days")
    return Delay(0, days, at_minute)


def _announcement(node: Node) -> Announcement:
    channels = node.names("channels", among=CHANNELS)
    own = node.part("values")
    values = tuple(
        MessageValue(name, own.text(name, maximum=TEXT_LENGTH_MAX))
        for name in own.keys()  # noqa: SIM118 - a node is no mapping
    )
    own.close()
    read = Announcement(
        node.text("template"),
        tuple(channel for channel in CHANNELS if channel in channels),
        values,
        node.flag("by_habit"),
        node.flag("urgent"),
        node.number("expires_hours", minimum=1, default=24, maximum=HOURS_MAX)
        * 60
        * MINUTE_MS,
        clock_minute(node, "habit_else", -1),
        *caps_of(node),
    )
    for name in ("frequency", "own_frequency") if read.urgent else ():
        if node.has(name):
            node.fault(name, "urgent messages pass all caps, and count for none")
    node.close()
    if read.else_minute >= 0 and not read.by_habit:
        node.fault("habit_else", "goes with by_habit")
    if not read.channels:
        node.fault("channels", f"needs one of {', '.join(CHANNELS)}")
    return read


def clock_minute(node: Node, name: str, default: int) -> int:
    """Read a time of day, HH:MM, as its minute."""
    if not node.has(name):
        return default
    value = node.raw(name)
    # YAML reads 17:00 without quotes as 17 times 60: minutes of the day already.
    is_minutes = isinstance(value, int) and not isinstance(value, bool)
    text = str(value)
    if text[1:2] == ":":
        text = f"0{text}"
    minute = value if is_minutes else minute_of_day(text)
    if minute is not None and 0 <= minute < MINUTES_OF_DAY:
        return int(minute)
    node.fault(name, f"{value!r} is no time of day, expected HH:MM")
    return default
