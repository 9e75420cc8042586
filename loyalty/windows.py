"""
Recurring windows: happy hours, weekends, a list of expanded occurrences.

They float: 17:00 is 17:00 on the wall of whichever zone asks. A moment that
a change of the clock repeats is in the window both times.
"""

from bisect import bisect_right
from typing import Final, NamedTuple

from loyalty.civil import weekday_of
from loyalty.limits import DAY_MS

MINUTE_MS: Final = 60_000
EVERY_DAY: Final = frozenset(range(1, 8))


class DayPart(NamedTuple):
    """
    The same hours on some weekdays (ISO, 1 is Monday).

    From `from_minute` of the day, before `to_minute`. When `to_minute` is not
    later it is on the next day: the part belongs to the weekday on which it
    starts, and equal minutes are a whole day.
    """

    weekdays: frozenset[int]
    from_minute: int
    to_minute: int


class Window(NamedTuple):
    """
    When something is open: in any of its day-parts or of its occurrences.

    `starts` and `ends` are local ms, sorted, not overlapping; an end is the
    first moment outside. One without parts and occurrences is always open.
    """

    parts: tuple[DayPart, ...] = ()
    starts: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()


ALWAYS: Final = Window()


def is_open(window: Window, local: int) -> bool:
    """Whether a local time is inside."""
    parts, starts, ends = window
    if parts and _in_parts(parts, local):
        return True
    if starts:
        index = bisect_right(starts, local)
        return index > 0 and local < ends[index - 1]
    return not parts


def next_open(window: Window, local: int) -> int:
    """First local time from this one on that is inside; -1 if there is none."""
    if is_open(window, local):
        return local
    coming = [_next_start(part, local) for part in window.parts if part.weekdays]
    index = bisect_right(window.starts, local)
    coming.extend(window.starts[index : index + 1])
    return min(coming, default=-1)


def _in_parts(parts: tuple[DayPart, ...], local: int) -> bool:
    minute = local % DAY_MS // MINUTE_MS
    weekday = (local // DAY_MS + 3) % 7 + 1
    for weekdays, from_minute, to_minute in parts:
        if from_minute < to_minute:
            if from_minute <= minute < to_minute and weekday in weekdays:
                return True
        elif minute >= from_minute:
            if weekday in weekdays:
                return True
        elif minute < to_minute and (weekday - 1 or 7) in weekdays:
            return True
    return False


def _next_start(part: DayPart, local: int) -> int:
    """Next start of a part, which has weekdays, after a time."""
    day = local // DAY_MS
    in_day_ms = part.from_minute * MINUTE_MS
    if day * DAY_MS + in_day_ms <= local:
        day += 1
    while weekday_of(day) not in part.weekdays:
        day += 1
    return day * DAY_MS + in_day_ms
