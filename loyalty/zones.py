"""
Local time: a zone is the list of its offsets, and nothing else is asked.

Where zones come from (`stores/calendars.py`) is no matter of the rules: the
same list gives the same answer on every machine, today and in ten years.
Times are UTC milliseconds since 1970; local times are the same count on the
clock of the wall ("floating").
"""

from bisect import bisect_right
from typing import Final, NamedTuple

from loyalty.limits import DAY_MS


class Zone(NamedTuple):
    """
    A time zone: from `since[i]` (UTC ms, ascending) the offset is `offset_ms[i]`.

    Both have the same length, at least 1. Before the first entry its offset
    holds too. Offsets are less than a day. No change of offset takes the local
    date back (see `stores.calendars.zone_of`), so local days follow each other.
    """

    name: str
    since: tuple[int, ...]
    offset_ms: tuple[int, ...]


UTC: Final = Zone("UTC", (0,), (0,))


def local_ms(zone: Zone, at: int) -> int:
    """What the clock on the wall shows at a time."""
    _, since, offset_ms = zone
    if len(since) == 1:
        return at + offset_ms[0]
    index = bisect_right(since, at)
    return at + offset_ms[index - 1 if index else 0]


def local_day(zone: Zone, at: int) -> int:
    """Day since 1970 on the calendar on the wall at a time."""
    _, since, offset_ms = zone
    if len(since) == 1:
        return (at + offset_ms[0]) // DAY_MS
    index = bisect_right(since, at)
    return (at + offset_ms[index - 1 if index else 0]) // DAY_MS


def utc_ms(zone: Zone, local: int) -> int:
    """
    UTC of a local time.

    A local time that does not exist moves forward by the gap; one that exists
    twice is the first.
    """
    _, since, offset_ms = zone
    if len(since) == 1:
        return local - offset_ms[0]
    # No change later than this one can be before the local time.
    index = bisect_right(since, local + DAY_MS) - 1
    while index > 0:
        before, after = offset_ms[index - 1], offset_ms[index]
        if local >= since[index] + max(before, after):
            return local - after
        index -= 1
    return local - offset_ms[0]


def day_start(zone: Zone, day: int) -> int:
    """
    UTC of a local midnight, the first moment of a local day.

    A day without a midnight starts when the gap ends; a day that a zone has
    skipped (Apia, 30 December 2011) starts and ends at the same moment.
    """
    return utc_ms(zone, day * DAY_MS)
