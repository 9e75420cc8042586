"""Yearly days and exact delays, in local time."""

from loyalty.civil import clamped_day_of, date_of
from loyalty.limits import DAY_MS
from loyalty.windows import MINUTE_MS
from loyalty.zones import Zone, day_start, local_day, utc_ms


def next_anniversary(month: int, day: int, after: int, *, zone: Zone) -> int:
    """
    Local midnight (UTC ms) of the next such day, later than a time.

    29 February is 28 February in common years.
    """
    year, _, _ = date_of(local_day(zone, after))
    starts_at = day_start(zone, clamped_day_of(year, month, day))
    if starts_at > after:
        return starts_at
    return day_start(zone, clamped_day_of(year + 1, month, day))


def years_since(since: int, at: int, zone: Zone) -> int:
    """
    Whole years from one time to another, by their local days; never below 0.

    A year is complete on its anniversary, 29 February's being the 28th in
    common years.
    """
    return max(years_between(local_day(zone, since), local_day(zone, at)), 0)


def years_between(first: int, second: int) -> int:
    """Whole years from one day (since 1970) to a later one, as an age is counted."""
    year, month, of_month = date_of(first)
    years = date_of(second)[0] - year
    if clamped_day_of(year + years, month, of_month) > second:
        years -= 1
    return years


def delay_until(at: int, *, days: int, at_minute: int | None, zone: Zone) -> int:
    """
    When something due some days after a time is due (UTC ms).

    Without a minute of the day it is exactly that many times 24 hours later.
    With one it is at that local minute on the calendar day that many days
    later, but never before the time itself ("today at 9:00" said at noon).
    """
    if at_minute is None:
        return at + days * DAY_MS
    local = (local_day(zone, at) + days) * DAY_MS + at_minute * MINUTE_MS
    return max(utc_ms(zone, local), at)
