"""When points end and tiers lapse: worked examples, and what always holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.expiry import (
    CALENDAR,
    FIXED,
    NEVER,
    PERIOD_END,
    ROLLING,
    SLIDING,
    Duration,
    Expiry,
    duration_end,
    expires_at,
)
from loyalty.limits import DAY_MS
from loyalty.periods import DAY, FOREVER, HALF, MONTH, QUARTER, WEEK, YEAR
from loyalty.zones import UTC, day_start, local_day
from stores.calendars import zone_of
from tests.rules.local_times import at, shown

NEW_YEARS_EVE = ((12, 31),)
QUARTERS = ((6, 30), (3, 31), (12, 31), (9, 30))


@pytest.mark.parametrize(
    ("expiry", "earned", "gone"),
    [
        pytest.param(
            Expiry(ROLLING, 12, MONTH, MONTH),
            "2020-07-06 12:00",
            "2021-08-01 00:00",
            id="EX-28 twelve months, to the month's end",
        ),
        pytest.param(
            Expiry(ROLLING, 1, MONTH),
            "2021-01-25 18:30",
            "2021-02-26 00:00",
            id="EX-30 a month: usable through the end of 25 Feb",
        ),
        pytest.param(
            Expiry(ROLLING, 0, MONTH),
            "2021-01-01 09:00",
            "2021-01-02 00:00",
            id="EX-30 no month: gone at 00:00 on 2 Jan",
        ),
        pytest.param(
            Expiry(ROLLING, 1, MONTH, MONTH),
            "2021-01-01 00:00",
            "2021-03-01 00:00",
            id="EX-32 first of January",
        ),
        pytest.param(
            Expiry(ROLLING, 1, MONTH, MONTH),
            "2021-01-31 23:59",
            "2021-03-01 00:00",
            id="EX-32 last of January",
        ),
        pytest.param(
            Expiry(SLIDING, 1, MONTH),
            "2021-01-25 12:00",
            "2021-02-26 00:00",
            id="EX-33 a month from the transfer",
        ),
        pytest.param(
            Expiry(ROLLING, 1, MONTH),
            "2021-01-31 12:00",
            "2021-03-01 00:00",
            id="VY4 31 January and a month",
        ),
        pytest.param(
            Expiry(ROLLING, 1, MONTH),
            "2024-01-31 12:00",
            "2024-03-01 00:00",
            id="VY4 in a leap year through 29 Feb",
        ),
        pytest.param(
            Expiry(ROLLING, 180),
            "2024-01-15 12:00",
            "2024-07-14 00:00",
            id="expiry_days 180 of a program",
        ),
        pytest.param(
            Expiry(ROLLING, 1, YEAR),
            "2024-02-29 12:00",
            "2025-03-01 00:00",
            id="a year from 29 Feb",
        ),
        pytest.param(
            Expiry(ROLLING, 10, DAY, QUARTER),
            "2024-03-25 12:00",
            "2024-07-01 00:00",
            id="ten days lead into the next quarter",
        ),
        pytest.param(
            Expiry(ROLLING, 6, DAY, HALF),
            "2024-06-24 12:00",
            "2024-07-01 00:00",
            id="the last day is a half-year's last",
        ),
        pytest.param(
            Expiry(ROLLING, 1, YEAR, YEAR),
            "2024-01-01 00:00",
            "2026-01-01 00:00",
            id="a year, to the year's end",
        ),
        pytest.param(
            Expiry(CALENDAR, dates=NEW_YEARS_EVE),
            "2024-05-01 12:00",
            "2025-01-01 00:00",
            id="through New Year's Eve",
        ),
        pytest.param(
            Expiry(CALENDAR, dates=NEW_YEARS_EVE),
            "2024-12-31 23:59",
            "2025-01-01 00:00",
            id="earned on the date itself",
        ),
        pytest.param(
            Expiry(CALENDAR, dates=NEW_YEARS_EVE, minimum_days=1),
            "2024-12-31 23:59",
            "2026-01-01 00:00",
            id="at least a day away",
        ),
        pytest.param(
            Expiry(CALENDAR, dates=QUARTERS, minimum_days=30),
            "2024-03-01 12:00",
            "2024-04-01 00:00",
            id="thirty days away, just",
        ),
        pytest.param(
            Expiry(CALENDAR, dates=QUARTERS, minimum_days=30),
            "2024-03-02 12:00",
            "2024-07-01 00:00",
            id="twenty-nine are not enough",
        ),
        pytest.param(
            Expiry(CALENDAR, dates=((2, 29),)),
            "2023-02-28 12:00",
            "2023-03-01 00:00",
            id="29 February is the 28th in a common year",
        ),
        pytest.param(
            Expiry(CALENDAR, dates=((2, 29),)),
            "2023-03-01 12:00",
            "2024-03-01 00:00",
            id="and the 29th in a leap year",
        ),
    ],
)
def test_points_are_gone_at(expiry: Expiry, earned: str, gone: str) -> None:
    assert shown(expires_at(expiry, at(earned), UTC)) == gone


@pytest.mark.parametrize("expiry", [Expiry(NEVER, 5), Expiry(CALENDAR)], ids=repr)
def test_points_that_never_end(expiry: Expiry) -> None:
    assert expires_at(expiry, at("2024-01-01"), UTC) == 0


@pytest.mark.parametrize(
    ("zone", "days", "earned", "gone"),
    [
        pytest.param(
            "Europe/Berlin", 0, "2024-03-30T23:30", "2024-03-31 22:00", id="spring"
        ),
        pytest.param(
            "America/New_York", 1, "2024-11-03T03:59", "2024-11-04 05:00", id="fall"
        ),
        pytest.param(
            "America/Sao_Paulo",
            1,
            "2018-11-02T12:00",
            "2018-11-04 03:00",
            id="no midnight",
        ),
        pytest.param(
            "Pacific/Apia", 1, "2011-12-29T12:00", "2011-12-30 10:00", id="skipped day"
        ),
    ],
)
def test_the_midnight_is_local(zone: str, days: int, earned: str, gone: str) -> None:
    ends_at = expires_at(Expiry(ROLLING, days), at(earned), zone_of(zone))

    assert shown(ends_at) == gone


rolling = st.builds(
    Expiry,
    st.sampled_from([ROLLING, SLIDING]),
    st.integers(0, 400),
    st.sampled_from([DAY, MONTH]),
    st.sampled_from([DAY, MONTH, QUARTER, HALF, YEAR]),
    minimum_days=st.just(0),
)
by_date = st.builds(
    Expiry,
    st.just(CALENDAR),
    dates=st.lists(
        st.dates().map(lambda date: (date.month, date.day)), min_size=1, max_size=20
    ).map(tuple),
    minimum_days=st.integers(0, 400),
)
zones = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu"])
times = st.integers(at("2000-01-01"), at("2030-01-01"))


@given(st.one_of(rolling, by_date), times, zones)
def test_points_outlive_their_day_and_end_at_a_midnight(
    expiry: Expiry, earned_at: int, zone: str
) -> None:
    place = zone_of(zone)
    ends_at = expires_at(expiry, earned_at, place)
    day = local_day(place, ends_at)

    assert day_start(place, day) == ends_at
    assert day > local_day(place, earned_at) + expiry.minimum_days


@given(st.one_of(rolling, by_date), times, st.integers(0, 400 * DAY_MS), zones)
def test_later_points_never_end_earlier(
    expiry: Expiry, earned_at: int, later: int, zone: str
) -> None:
    place = zone_of(zone)

    first = expires_at(expiry, earned_at, place)
    assert first <= expires_at(expiry, earned_at + later, place)


@given(by_date, times)
def test_no_date_lies_between(expiry: Expiry, earned_at: int) -> None:
    last = local_day(UTC, expires_at(expiry, earned_at, UTC)) - 1
    first = local_day(UTC, earned_at) + expiry.minimum_days

    for earlier in range(first, last):
        ends = expires_at(expiry._replace(minimum_days=0), earlier * DAY_MS, UTC)
        assert local_day(UTC, ends) - 1 == last


@pytest.mark.parametrize(
    ("duration", "reached", "ends"),
    [
        pytest.param(
            Duration(PERIOD_END),
            "2024-03-10",
            "2024-04-01",
            id="EX-51 end of the period: 31 March",
        ),
        pytest.param(
            Duration(PERIOD_END, periods_later=1),
            "2024-03-10",
            "2024-05-01",
            id="EX-51 end of the next period: 30 April",
        ),
        pytest.param(
            Duration(PERIOD_END, extra_days=7),
            "2024-03-10",
            "2024-04-08",
            id="EX-51 and seven days: through the 7th",
        ),
        pytest.param(
            Duration(FIXED, 30), "2024-07-20", "2024-08-20", id="EX-52 thirty days"
        ),
        pytest.param(
            Duration(FIXED, 30, extra_days=3),
            "2024-07-20",
            "2024-08-23",
            id="and three",
        ),
        pytest.param(
            Duration(FIXED, 1, MONTH), "2023-01-31", "2023-03-01", id="a month"
        ),
        pytest.param(Duration(FIXED, 1, YEAR), "2024-07-20", "2025-07-21", id="a year"),
        pytest.param(
            Duration(PERIOD_END, period=YEAR, periods_later=1),
            "2024-03-10",
            "2026-01-01",
            id="this year and the next",
        ),
        pytest.param(
            Duration(PERIOD_END, period=WEEK), "2024-03-10", "2024-03-11", id="a week"
        ),
    ],
)
def test_a_tier_ends_at(duration: Duration, reached: str, ends: str) -> None:
    zone = zone_of("Europe/Berlin")
    ends_at = duration_end(duration, at(f"{reached}T12:00", zone.name), zone)

    assert shown(ends_at, zone.name) == f"{ends} 00:00"


@pytest.mark.parametrize(
    "duration", [Duration(NEVER), Duration(PERIOD_END, period=FOREVER)], ids=repr
)
def test_a_tier_for_good(duration: Duration) -> None:
    assert duration_end(duration, at("2024-03-10"), UTC) == 0
