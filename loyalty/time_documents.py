"""Times in a program's document: moments, days of the year, how long points live."""

from typing import Final

from loyalty.civil import day_of, last_day_of_month
from loyalty.document import Node
from loyalty.expiry import (
    CALENDAR,
    EXPIRY_UNITS,
    FIXED,
    NEVER,
    PERIOD_END,
    ROLLING,
    SLIDING,
    Duration,
    Expiry,
)
from loyalty.limits import DAY_MS, WINDOW_DAYS_MAX
from loyalty.periods import DAY, HALF, MONTH, QUARTER, WEEK, YEAR
from loyalty.zones import Zone, utc_ms

MINUTE_MS: Final = 60_000
MINUTES_OF_DAY: Final = 1_440
ROUNDINGS: Final = (DAY, MONTH, QUARTER, HALF, YEAR)
YEARS: Final = range(1970, 10_000)


def moment(node: Node, name: str, zone: Zone) -> int:
    """Read a time: ms since 1970, or a local date or date and time; 0 if absent."""
    value = node.raw(name)
    if value is None:
        return 0
    if isinstance(value, int) and not isinstance(value, bool):
        return node.number(name, maximum=1 << 53)
    local = _local(str(value))
    if local is None:
        node.fault(name, "expected YYYY-MM-DD, YYYY-MM-DDTHH:MM, or ms since 1970")
        return 0
    return utc_ms(zone, local)


def expiry(node: Node) -> Expiry:
    """Read how long points live; absent is for ever."""
    kind = node.choice("kind", (NEVER, ROLLING, CALENDAR, SLIDING))
    read = Expiry(
        kind,
        amount=node.number("amount", default=0, maximum=36_500),
        unit=node.choice("unit", EXPIRY_UNITS),
        round_up_to=node.choice("round_up_to", ROUNDINGS),
        dates=dates(node, "dates"),
        minimum_days=node.number("minimum_days", default=0, maximum=WINDOW_DAYS_MAX),
    )
    node.close()
    if kind == CALENDAR and not read.dates:
        node.fault("dates", "a calendar expiry needs dates such as 12-31")
    return read


def duration(node: Node) -> Duration:
    """Read how long a tier is kept."""
    read = Duration(
        node.choice("kind", (FIXED, PERIOD_END)),
        amount=node.number("amount", default=0, maximum=36_500),
        unit=node.choice("unit", EXPIRY_UNITS),
        period=node.choice("period", (MONTH, DAY, WEEK, QUARTER, HALF, YEAR)),
        periods_later=node.number("periods_later", default=0, maximum=100),
        extra_days=node.number("extra_days", default=0, maximum=WINDOW_DAYS_MAX),
    )
    node.close()
    return read


def dates(node: Node, name: str) -> tuple[tuple[int, int], ...]:
    """Read days of the year, MM-DD, sorted."""
    found = []
    for text in sorted(node.names(name)):
        month, _, day = text.partition("-")
        if not (
            month.isdecimal() and day.isdecimal() and _is_day(int(month), int(day))
        ):
            node.fault(name, f"{text!r} is no day of the year, expected MM-DD")
        else:
            found.append((int(month), int(day)))
    return tuple(found)


def minute_of_day(text: str) -> int | None:
    """Minutes of HH:MM or HH:MM:00, from 00:00 to 24:00; None if it is neither."""
    hours, _, rest = text.partition(":")
    minutes, _, seconds = rest.partition(":")
    two_digits = len(hours) == len(minutes) == 2  # noqa: PLR2004 - HH:MM
    if not (two_digits and (hours + minutes).isdecimal() and seconds in ("", "00")):
        return None
    total = int(hours) * 60 + int(minutes)
    is_time = int(minutes) < 60 and total <= MINUTES_OF_DAY  # noqa: PLR2004 - an hour
    return total if is_time else None


def _local(text: str) -> int | None:
    """Local ms of YYYY-MM-DD or YYYY-MM-DDTHH:MM, None if it is neither."""
    date, separator, time = text.replace(" ", "T").partition("T")
    numbers = date.split("-")
    if len(numbers) != 3 or not all(number.isdecimal() for number in numbers):  # noqa: PLR2004 - year, month, day
        return None
    year, month, day = (int(number) for number in numbers)
    if year not in YEARS or not 1 <= month <= 12:  # noqa: PLR2004 - months
        return None
    if not 1 <= day <= last_day_of_month(year, month):
        return None
    minutes = minute_of_day(time) if separator else 0
    if minutes is None:
        # Also a time with an offset: local times are those of the program's zone.
        return None
    return day_of(year, month, day) * DAY_MS + minutes * MINUTE_MS


def _is_day(month: int, day: int) -> bool:
    # 2000 was a leap year: 29 February is a day of the year.
    return 1 <= month <= 12 and 1 <= day <= last_day_of_month(2000, month)  # noqa: PLR2004 - months
