"""
When points end, and how long a tier lasts.

All of it is in whole local days: what ends can be used through the end of its
last day, and is gone at the midnight after it.
"""

from functools import lru_cache
from typing import Final, NamedTuple

from loyalty.civil import add_months, clamped_day_of, date_of
from loyalty.periods import (
    DAY,
    FOREVER,
    MONTH,
    YEAR,
    last_day,
    period_end,
    period_of,
)
from loyalty.zones import Zone, day_start, local_day

NEVER: Final = "never"
ROLLING: Final = "rolling"
CALENDAR: Final = "calendar"
SLIDING: Final = "sliding"
EXPIRY_UNITS: Final = (DAY, MONTH, YEAR)

FIXED: Final = "fixed"
PERIOD_END: Final = "period_end"


class Expiry(NamedTuple):
    """
    How long points live.

    ROLLING: `amount` of `unit` (day, month, year) after the day they were
    earned, their last day then moved to the end of its `round_up_to` (day,
    month, quarter, half, year). SLIDING: the same, from the last activity; the
    caller hands in its time. CALENDAR: through the next of `dates` ((month,
    day), 29 February being the 28th in common years) that is at least
    `minimum_days` after the day they were earned; 0 lets that day itself be
    the date. Fields of the other kinds are not looked at.
    """

    kind: str
    amount: int = 0
    unit: str = DAY
    round_up_to: str = DAY
    dates: tuple[tuple[int, int], ...] = ()
    minimum_days: int = 0


class Duration(NamedTuple):
    """
    How long something granted (a tier) is kept.

    FIXED: `amount` of `unit` after its day. PERIOD_END: to the end of the
    `period` it was granted in, or with `periods_later` 1 of the next one.
    `extra_days` come on top of both. NEVER: for good.
    """

    kind: str
    amount: int = 0
    unit: str = DAY
    period: str = MONTH
    periods_later: int = 0
    extra_days: int = 0


def expires_at(expiry: Expiry, earned_at: int, zone: Zone) -> int:
    """First moment (UTC ms) at which points are gone; 0 is never."""
    kind = expiry[0]
    if kind == NEVER or (kind == CALENDAR and not expiry.dates):
        return 0
    return day_start(zone, _last_day(expiry, local_day(zone, earned_at)) + 1)


def duration_end(duration: Duration, from_at: int, zone: Zone) -> int:
    """First moment (UTC ms) at which what was granted is gone; 0 is never."""
    if duration.kind == NEVER:
        return 0
    if duration.kind == FIXED:
        last = _later(local_day(zone, from_at), duration.amount, duration.unit)
        return day_start(zone, last + duration.extra_days + 1)
    if duration.period == FOREVER:
        return 0
    ordinal = period_of(duration.period, from_at, zone) + duration.periods_later
    if not duration.extra_days:
        return period_end(duration.period, ordinal, zone)
    first_after = local_day(zone, period_end(duration.period, ordinal, zone))
    return day_start(zone, first_after + duration.extra_days)


# A pure function of few values: the orders of a day share one expiry.
@lru_cache(maxsize=16_384)
def _last_day(expiry: Expiry, day: int) -> int:
    """Last day on which points earned on a day can be used."""
    if expiry.kind == CALENDAR:
        return _next_date(expiry.dates, day + expiry.minimum_days)
    last = _later(day, expiry.amount, expiry.unit)
    return last_day(expiry.round_up_to, last)


def _later(day: int, amount: int, unit: str) -> int:
    if unit == DAY:
        return day + amount
    return add_months(day, amount if unit == MONTH else amount * 12)


def _next_date(dates: tuple[tuple[int, int], ...], earliest: int) -> int:
    """First of the yearly dates on or after a day."""
    year, month, day = date_of(earliest)
    this_year = [date for date in dates if date >= (month, day)]
    if this_year:
        return clamped_day_of(year, *min(this_year))
    return clamped_day_of(year + 1, *min(dates))
