"""
Calendars of the outside made plain values: named zones and iCalendar recurrences.

Both come from locked packages, never from the machine, so that every worker
decides the same.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from loyalty.limits import DAY_MS, RECURRENCE_YEARS_MAX, RECURRENCES_MAX
from loyalty.windows import MINUTE_MS, Window
from loyalty.zones import Zone

_EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001 - local times float
_FIRST_SECOND: Final = int(datetime(1999, 1, 1, tzinfo=UTC).timestamp())
_LAST_SECOND: Final = int(datetime(2061, 1, 1, tzinfo=UTC).timestamp())
_DAY_SECONDS: Final = 86_400

DURATION_MINUTES_MAX: Final = 7 * 1_440
_RRULE_LENGTH_MAX: Final = 500
_FREQUENCIES: Final = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
_RRULE_PARTS: Final = {
    *("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTH"),
    *("BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS"),
}
_LOCAL_FORMATS: Final = ("%Y%m%dT%H%M%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M")
_COUNT: Final = re.compile("[1-9][0-9]{0,4}")
_CYCLE_YEARS: Final = 400
_START_YEAR_MIN: Final = 1970
_START_YEAR_MAX: Final = 2099


def zone_of(name: str) -> Zone:
    """
    Zone of an IANA name, from the `tzdata` package, exact from 1999 to 2060.

    Before and after, its first and last offset hold. A change that would take
    the local date back (four zones until 2010: at 00:01 to 23:01) is moved to
    the midnight before it, so that local days follow each other.
    Raises: ValueError with the name when there is no such zone.
    """
    if name not in _zone_names():
        raise ValueError(f"there is no time zone {name!r}")
    return _zone(name)


def window_from_rrule(dtstart: str, duration_minutes: int, rrule: str) -> Window:
    """
    Window of a recurring event, as iCalendar writes it, in local ("floating") time.

    `dtstart` is `20260105T170000` or `2026-01-05T17:00`; the first window is the
    first that `rrule` gives from there on. A rule without an end is expanded
    for RECURRENCE_YEARS_MAX years; one that goes on longer is refused.
    Raises: ValueError for a rule that cannot be read or is over a limit, starts
    two windows on a day, or whose windows overlap.
    """
    if not 1 <= duration_minutes <= DURATION_MINUTES_MAX:
        raise ValueError(f"a window lasts 1 to {DURATION_MINUTES_MAX} minutes")
    first = _local_time("DTSTART", dtstart)
    if not _START_YEAR_MIN <= first.year <= _START_YEAR_MAX:
        years = f"{_START_YEAR_MIN} to {_START_YEAR_MAX}"
        raise ValueError(f"DTSTART is outside the years {years}")
    starts = _expanded(first, _parts_of(rrule))
    if not starts:
        raise ValueError("this recurrence never happens")
    for before, after in pairwise(starts):
        if before // DAY_MS == after // DAY_MS:
            raise ValueError("at most one window may start on a day")
        if before + duration_minutes * MINUTE_MS > after:
            raise ValueError("the windows of this recurrence overlap")
    ends = (start + duration_minutes * MINUTE_MS for start in starts)
    return Window((), tuple(starts), tuple(ends))


@cache
def _zone_names() -> frozenset[str]:
    return frozenset(files("tzdata").joinpath("zones").read_text().split())


@cache
def _zone(name: str) -> Zone:
    """Look once a day for a change, then find its second by halving."""
    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as file:
        info = ZoneInfo.from_file(file, key=name)
    since, offsets = [_FIRST_SECOND], [_offset(info, _FIRST_SECOND)]
    # No zone changes twice within a day: the shortest stay of all is a week.
    for second in range(_FIRST_SECOND, _LAST_SECOND, _DAY_SECONDS):
        before, after = offsets[-1], _offset(info, second + _DAY_SECONDS)
        if after == before:
            continue
        day = range(second, second + _DAY_SECONDS + 1)
        change = day[bisect_left(day, True, key=lambda s: _offset(info, s) != before)]
        since.append(_not_over_midnight(change, before, after))
        offsets.append(after)
    return Zone(
        name,
        tuple(second * 1_000 for second in since),
        tuple(offset * 1_000 for offset in offsets),
    )


def _offset(info: ZoneInfo, second: int) -> int:
    offset = datetime.fromtimestamp(second, info).utcoffset()
    assert offset is not None, "ZoneInfo always knows it"
    return int(offset.total_seconds())


def _not_over_midnight(change: int, before: int, after: int) -> int:
    """Time of a change, or of the midnight that it would repeat."""
    past_midnight = (change + before) % _DAY_SECONDS
    if 0 < past_midnight < before - after:
        return change - past_midnight
    return change


def _local_time(what: str, text: str) -> datetime:
    for form in _LOCAL_FORMATS:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007 - it floats
        except ValueError:
            continue
    message = "is no local date and time such as 20260105T170000 (no Z, no offset)"
    raise ValueError(f"{what} {text!r} {message}")


def _parts_of(rrule: str) -> dict[str, str]:
    """Parts of a rule, after a look at which they are."""
    if len(rrule) > _RRULE_LENGTH_MAX:
        raise ValueError(f"RRULE has more than {_RRULE_LENGTH_MAX} characters")
    pairs = [
        part.partition("=")
        for part in rrule.strip().upper().removeprefix("RRULE:").split(";")
    ]
    parts = {name: value for name, _, value in pairs}
    unknown = sorted(parts.keys() - _RRULE_PARTS)
    if unknown:
        raise ValueError(f"RRULE: {', '.join(map(repr, unknown))} is not supported")
    if len(parts) < len(pairs):
        raise ValueError("RRULE: a part is there twice")
    if parts.get("FREQ") not in _FREQUENCIES:
        message = "RRULE: FREQ must be DAILY, WEEKLY, MONTHLY or YEARLY"
        raise ValueError(message)
    for name in ("INTERVAL", "COUNT"):
        if not _COUNT.fullmatch(parts.get(name, "1")):
            raise ValueError(f"RRULE: {name} must be a whole number from 1 to 99999")
    return parts


def _expanded(first: datetime, parts: dict[str, str]) -> list[int]:
    """
    Starts of all occurrences (local ms).

    A rule that never matches is looked at until the year 9999. The Gregorian
    calendar repeats every 400 years, weekdays too, so the search is made in
    the last cycle that has room, where it soon ends.
    """
    room_years = 9_999 - RECURRENCE_YEARS_MAX - 1 - first.year
    shift = _years_later(first, room_years // _CYCLE_YEARS * _CYCLE_YEARS) - first
    horizon = _years_later(first, RECURRENCE_YEARS_MAX)
    until = _local_time("UNTIL", parts["UNTIL"]) if "UNTIL" in parts else None
    endless = until is None and "COUNT" not in parts
    starts: list[int] = []
    for shifted in _matches(first + shift, parts):
        start = shifted - shift
        if (until and start > until) or (endless and start >= horizon):
            break
        if start >= horizon or len(starts) == RECURRENCES_MAX:
            limits = f"{RECURRENCE_YEARS_MAX} years or {RECURRENCES_MAX} times"
            raise ValueError(f"RRULE goes on for more than {limits}")
        starts.append((start - _EPOCH) // timedelta(milliseconds=1))
    return starts


def _matches(first: datetime, parts: dict[str, str]) -> Iterator[datetime]:
    """Occurrences without a regard to UNTIL."""
    kept = [f"{name}={value}" for name, value in parts.items() if name != "UNTIL"]
    try:
        yield from rrulestr("RRULE:" + ";".join(kept), dtstart=first)
    except (ValueError, TypeError, KeyError, IndexError, OverflowError) as error:
        raise ValueError(f"RRULE cannot be read: {error}") from error


def _years_later(first: datetime, years: int) -> datetime:
    """Same day later; 29 February is 1 March where there is none."""
    try:
        return first.replace(year=first.year + years)
    except ValueError:
        return first.replace(year=first.year + years, month=3, day=1)
