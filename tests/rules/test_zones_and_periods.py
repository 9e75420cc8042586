"""Local time and calendar periods, beside the standard library's zones."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from loyalty.periods import (
    DAY,
    END_OF_TIME_MS,
    FOREVER,
    HALF,
    MONTH,
    PERIODS,
    QUARTER,
    WEEK,
    YEAR,
    last_day,
    period_end,
    period_of,
    period_start,
)
from loyalty.zones import UTC as UTC_ZONE
from loyalty.zones import Zone, day_start, local_day, local_ms, utc_ms
from stores.calendars import zone_of
from tests.rules.local_times import EPOCH, MILLISECOND, at, floating, info_of, shown

ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",  # its summer is half an hour
    "Asia/Kathmandu",  # 5:45
    "Pacific/Apia",  # no 30 December 2011
    "America/St_Johns",  # until 2010 clocks went back across midnight
    "Africa/Casablanca",  # four changes a year
    "America/Sao_Paulo",  # days without a midnight
    "Pacific/Kiritimati",  # +14
    "UTC",
)
HOUR = 3_600_000
times = st.integers(at("2000-01-01T00:00"), at("2060-12-31T00:00"))
# Close to a change of the clock, where mistakes live.
changes = st.sampled_from(
    [(name, since) for name in ZONES for since in zone_of(name).since[1:]]
)
near_changes = st.builds(
    lambda change, past: (change[0], change[1] + past),
    changes,
    st.integers(-26 * HOUR, 26 * HOUR),
)
moments = st.one_of(st.tuples(st.sampled_from(ZONES), times), near_changes)


def _wall(time: int, name: str) -> datetime:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + time * MILLISECOND
    return moment.astimezone(info_of(name)).replace(tzinfo=None)


def _is_moved(name: str, time: int) -> bool:
    """Whether `zone_of` has moved a change here so that days follow each other."""
    return name == "America/St_Johns" and time < at("2011-01-01T00:00")


@given(moments)
def test_local_time_is_that_of_the_standard_library(moment: tuple[str, int]) -> None:
    name, time = moment
    assume(not _is_moved(name, time))
    wall = _wall(time, name)

    assert local_ms(zone_of(name), time) == (wall - EPOCH) // MILLISECOND
    assert local_day(zone_of(name), time) == (wall.date() - date(1970, 1, 1)).days


@given(moments)
def test_utc_of_a_local_time_is_that_of_the_standard_library(
    moment: tuple[str, int],
) -> None:
    name, local = moment
    assume(not _is_moved(name, local))
    wall = (EPOCH + local * MILLISECOND).replace(tzinfo=info_of(name), fold=0)
    expected = wall.astimezone(UTC).replace(tzinfo=None)

    assert utc_ms(zone_of(name), local) == (expected - EPOCH) // MILLISECOND


@given(moments)
def test_there_and_back_is_the_same_time_or_its_twin_before(
    moment: tuple[str, int],
) -> None:
    name, time = moment
    zone = zone_of(name)
    local = local_ms(zone, time)
    back = utc_ms(zone, local)

    assert back <= time
    assert local_ms(zone, back) == local


@pytest.mark.parametrize(
    ("zone", "local", "utc"),
    [
        pytest.param(
            "Europe/Berlin", "2024-03-31T02:30", "2024-03-31T01:30", id="a gap"
        ),
        pytest.param(
            "Europe/Berlin", "2024-10-27T02:30", "2024-10-27T00:30", id="twice: first"
        ),
        pytest.param(
            "America/New_York", "2024-03-10T02:00", "2024-03-10T07:00", id="gap starts"
        ),
        pytest.param(
            "America/New_York", "2024-11-03T02:00", "2024-11-03T07:00", id="fold ends"
        ),
        pytest.param(
            "Australia/Lord_Howe", "2024-10-06T02:15", "2024-10-05T15:45", id="half"
        ),
        pytest.param(
            "Pacific/Apia", "2011-12-30T12:00", "2011-12-30T22:00", id="a day's gap"
        ),
    ],
)
def test_local_times_around_a_change(zone: str, local: str, utc: str) -> None:
    assert utc_ms(zone_of(zone), floating(local)) == at(utc)


def test_before_its_first_entry_a_zone_has_its_first_offset() -> None:
    zone = Zone("test", (1_000, 2_000), (HOUR, 2 * HOUR))

    assert local_ms(zone, 0) == HOUR
    assert local_ms(zone, 2_000) == 2_000 + 2 * HOUR
    assert utc_ms(zone, 0) == -HOUR


@pytest.mark.parametrize(
    ("zone", "day", "start", "hours"),
    [
        pytest.param("Europe/Berlin", "2024-03-31", "2024-03-30T23:00", 23, id="23 h"),
        pytest.param("Europe/Berlin", "2024-10-27", "2024-10-26T22:00", 25, id="25 h"),
        pytest.param(
            "Australia/Lord_Howe", "2024-04-07", "2024-04-06T13:00", 24.5, id="24.5 h"
        ),
        pytest.param(
            "America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00", 23, id="no midnight"
        ),
        pytest.param("Pacific/Apia", "2011-12-30", "2011-12-30T10:00", 0, id="skipped"),
        pytest.param("Asia/Kathmandu", "2024-01-01", "2023-12-31T18:15", 24, id="5:45"),
    ],
)
def test_a_local_day_starts_at_its_midnight(
    zone: str, day: str, start: str, hours: float
) -> None:
    ordinal = (date.fromisoformat(day) - date(1970, 1, 1)).days
    starts_at = day_start(zone_of(zone), ordinal)

    assert starts_at == at(start)
    assert day_start(zone_of(zone), ordinal + 1) - starts_at == hours * HOUR


@given(moments, st.sampled_from(PERIODS))
def test_a_time_is_inside_its_period(moment: tuple[str, int], kind: str) -> None:
    name, time = moment
    zone = zone_of(name)
    ordinal = period_of(kind, time, zone)
    start, end = period_start(kind, ordinal, zone), period_end(kind, ordinal, zone)

    assert start <= time < end
    assert period_of(kind, start, zone) == ordinal
    assert period_of(kind, end - 1, zone) == ordinal


@given(moments, st.sampled_from([kind for kind in PERIODS if kind != FOREVER]))
def test_the_next_period_is_one_more(moment: tuple[str, int], kind: str) -> None:
    name, time = moment
    zone = zone_of(name)
    ordinal = period_of(kind, time, zone)
    end = period_end(kind, ordinal, zone)

    assert period_start(kind, ordinal + 1, zone) == end
    # Apia's skipped day has an ordinal, and nothing happens in it.
    skipped = period_end(kind, ordinal + 1, zone) == end
    assert period_of(kind, end, zone) == ordinal + 1 + skipped


@given(moments)
def test_periods_are_those_of_the_wall_calendar(moment: tuple[str, int]) -> None:
    name, time = moment
    assume(not _is_moved(name, time))
    zone, wall = zone_of(name), _wall(time, name)
    monday = wall.date() - timedelta(days=wall.weekday())

    assert period_of(YEAR, time, zone) == wall.year
    assert period_of(HALF, time, zone) == wall.year * 2 + (wall.month > 6)
    assert period_of(QUARTER, time, zone) == wall.year * 4 + (wall.month - 1) // 3
    assert period_of(MONTH, time, zone) == wall.year * 12 + wall.month - 1
    assert period_of(WEEK, time, zone) == (monday - date(1969, 12, 29)).days // 7


@pytest.mark.parametrize(
    ("kind", "time", "ordinal", "start", "end"),
    [
        (DAY, "2024-02-29 12:00", 19_782, "2024-02-29 00:00", "2024-03-01 00:00"),
        (WEEK, "2024-12-31 12:00", 2_870, "2024-12-30 00:00", "2025-01-06 00:00"),
        (WEEK, "1970-01-01 00:00", 0, "1969-12-29 00:00", "1970-01-05 00:00"),
        (MONTH, "2024-02-29 12:00", 24_289, "2024-02-01 00:00", "2024-03-01 00:00"),
        (QUARTER, "2024-12-31 23:59", 8_099, "2024-10-01 00:00", "2025-01-01 00:00"),
        (HALF, "2024-07-01 00:00", 4_049, "2024-07-01 00:00", "2025-01-01 00:00"),
        (YEAR, "2024-07-01 00:00", 2_024, "2024-01-01 00:00", "2025-01-01 00:00"),
        (FOREVER, "2024-07-01 00:00", 0, "1970-01-01 00:00", "10000-01-01 00:00"),
    ],
    ids=str,
)
def test_periods(kind: str, time: str, ordinal: int, start: str, end: str) -> None:
    ends_at = period_end(kind, ordinal, UTC_ZONE)

    assert period_of(kind, at(time), UTC_ZONE) == ordinal
    assert shown(period_start(kind, ordinal, UTC_ZONE)) == start
    assert ends_at == (END_OF_TIME_MS if kind == FOREVER else at(end))


def test_the_end_of_time_is_the_end_of_the_year_9999() -> None:
    assert at("9999-12-31T23:59:59") == END_OF_TIME_MS - 1_000


@given(st.integers(0, 40_000), st.sampled_from([DAY, MONTH, QUARTER, HALF, YEAR]))
def test_the_last_day_of_a_period_is_in_it_and_the_next_is_not(
    day: int, kind: str
) -> None:
    last = last_day(kind, day)
    start, end, after = (day_start(UTC_ZONE, one) for one in (day, last, last + 1))

    assert last >= day
    assert period_of(kind, end, UTC_ZONE) == period_of(kind, start, UTC_ZONE)
    assert period_of(kind, after, UTC_ZONE) == period_of(kind, start, UTC_ZONE) + 1
