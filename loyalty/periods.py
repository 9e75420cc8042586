"""
Calendar periods as ordinals: equal for equal periods, one more for the next.

A period is local to a zone and half open: its end is the start of the next.
"""

from typing import Final

from loyalty.civil import date_of, day_of
from loyalty.zones import Zone, day_start, local_day

DAY: Final = "day"
WEEK: Final = "week"  # ISO: it starts on Monday
MONTH: Final = "month"
QUARTER: Final = "quarter"
HALF: Final = "half"
YEAR: Final = "year"
FOREVER: Final = "forever"
PERIODS: Final = (DAY, WEEK, MONTH, QUARTER, HALF, YEAR, FOREVER)

# 1 January 10000, later than any date that a document or a table can hold.
END_OF_TIME_MS: Final = 253_402_300_800_000

# Days from a Monday to Thursday, 1 January 1970.
_MONDAY_TO_1970: Final = 3
MONTHS_OF: Final = {MONTH: 1, QUARTER: 3, HALF: 6, YEAR: 12}


def period_of(kind: str, at: int, zone: Zone) -> int:
    """
    Ordinal of the period that a time is in.

    Days and weeks count from 1970 (week 0 holds 1 January 1970); months,
    quarters and halves from the year 0; a year is its number. FOREVER is 0.
    """
    if kind == FOREVER:
        return 0
    day = local_day(zone, at)
    if kind == DAY:
        return day
    if kind == WEEK:
        return (day + _MONDAY_TO_1970) // 7
    return _months_period(kind, day)


def period_start(kind: str, ordinal: int, zone: Zone) -> int:
    """First moment of a period (UTC ms); 0 for FOREVER."""
    if kind == FOREVER:
        return 0
    return day_start(zone, first_day(kind, ordinal))


def period_end(kind: str, ordinal: int, zone: Zone) -> int:
    """First moment after a period (UTC ms); END_OF_TIME_MS for FOREVER."""
    if kind == FOREVER:
        return END_OF_TIME_MS
    return day_start(zone, first_day(kind, ordinal + 1))


def first_day(kind: str, ordinal: int) -> int:
    """First day (since 1970) of a period other than FOREVER."""
    if kind == DAY:
        return ordinal
    if kind == WEEK:
        return ordinal * 7 - _MONDAY_TO_1970
    year, index = divmod(ordinal * MONTHS_OF[kind], 12)
    return day_of(year, index + 1, 1)


def last_day(kind: str, day: int) -> int:
    """Last day of the period, of a month or longer, that a day is in."""
    if kind == DAY:
        return day
    return first_day(kind, _months_period(kind, day) + 1) - 1


def _months_period(kind: str, day: int) -> int:
    year, month, _ = date_of(day)
    return (year * 12 + month - 1) // MONTHS_OF[kind]
