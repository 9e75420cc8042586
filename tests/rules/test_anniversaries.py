"""Birthdays, years of membership, and delays that mean what they say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.anniversaries import (
    delay_until,
    next_anniversary,
    years_between,
    years_since,
)
from loyalty.civil import day_of
from loyalty.limits import DAY_MS
from loyalty.zones import UTC, day_start, local_day
from stores.calendars import zone_of
from tests.rules.local_times import at, shown

NINE = 9 * 60


@pytest.mark.parametrize(
    ("birthday", "after", "comes"),
    [
        pytest.param((7, 20), "2024-07-19 23:59", "2024-07-20 00:00", id="tomorrow"),
        pytest.param((7, 20), "2024-07-20 00:00", "2025-07-20 00:00", id="it has come"),
        pytest.param(
            (1, 1), "2024-12-31 12:00", "2025-01-01 00:00", id="over the year"
        ),
        pytest.param((2, 29), "2024-01-01 00:00", "2024-02-29 00:00", id="a leap year"),
        pytest.param(
            (2, 29), "2024-03-01 00:00", "2025-02-28 00:00", id="a common year"
        ),
        pytest.param(
            (2, 29), "2023-02-28 12:00", "2024-02-29 00:00", id="and after it"
        ),
    ],
)
def test_the_next_anniversary(
    birthday: tuple[int, int], after: str, comes: str
) -> None:
    zone = zone_of("America/New_York")
    month, day = birthday

    starts_at = next_anniversary(month, day, at(after, zone.name), zone=zone)

    assert shown(starts_at, zone.name) == comes


@given(
    st.dates().map(lambda date: (date.month, date.day)),
    st.integers(at("2000-01-01"), at("2050-01-01")),
    st.sampled_from(["UTC", "Europe/Berlin", "America/Sao_Paulo", "Pacific/Apia"]),
)
def test_an_anniversary_is_later_than_asked_and_at_most_a_year(
    birthday: tuple[int, int], after: int, name: str
) -> None:
    zone = zone_of(name)
    month, day = birthday
    comes = next_anniversary(month, day, after, zone=zone)

    assert after < comes <= after + 367 * DAY_MS
    assert day_start(zone, local_day(zone, comes)) == comes


@pytest.mark.parametrize(
    ("since", "until", "years"),
    [
        pytest.param("2020-07-06", "2021-07-05", 0, id="a day is missing"),
        pytest.param("2020-07-06", "2021-07-06", 1, id="on the day"),
        pytest.param("2020-02-29", "2021-02-28", 1, id="29 February, common year"),
        pytest.param("2020-02-29", "2024-02-28", 3, id="29 February, leap year"),
        pytest.param("2020-02-29", "2024-02-29", 4, id="on the leap day"),
        pytest.param("2020-12-31", "2021-01-01", 0, id="another year, a day later"),
        pytest.param("2020-07-06", "2019-01-01", 0, id="before it"),
    ],
)
def test_whole_years(since: str, until: str, years: int) -> None:
    assert years_since(at(since), at(until), UTC) == years


def test_years_are_counted_in_local_days() -> None:
    since, until = at("2020-01-01 04:00"), at("2021-01-01 03:00")

    assert years_since(since, until, zone_of("America/New_York")) == 1
    assert years_since(since, until, zone_of("Europe/Berlin")) == 1
    assert years_since(at("2020-01-01 06:00"), until, zone_of("America/New_York")) == 0


def test_years_between_count_down_before_the_first_day() -> None:
    assert years_between(day_of(2020, 6, 1), day_of(2019, 6, 1)) == -1
    assert years_between(day_of(2020, 6, 1), day_of(2020, 5, 31)) == -1


@pytest.mark.parametrize(
    ("said", "days", "at_minute", "due"),
    [
        # 2024-01-15 is a Monday.
        pytest.param(
            "2024-01-15 21:00", 1, NINE, "2024-01-16 09:00", id="EX-81 in 1 day at 9:00"
        ),
        pytest.param(
            "2024-01-15 21:00", 1, None, "2024-01-16 21:00", id="EX-81 after 1 day"
        ),
        pytest.param(
            "2024-03-09 21:00", 1, None, "2024-03-10 22:00", id="24 h over a change"
        ),
        pytest.param(
            "2024-03-09 21:00", 1, NINE, "2024-03-10 09:00", id="9:00 over a change"
        ),
        pytest.param(
            "2024-03-09 21:00", 1, 150, "2024-03-10 03:30", id="2:30 does not exist"
        ),
        pytest.param(
            "2024-01-15 08:00", 0, NINE, "2024-01-15 09:00", id="today, to come"
        ),
        pytest.param(
            "2024-01-15 12:00", 0, NINE, "2024-01-15 12:00", id="today, past: now"
        ),
        pytest.param("2024-01-15 12:00", 0, None, "2024-01-15 12:00", id="at once"),
    ],
)
def test_a_delay(said: str, days: int, at_minute: int | None, due: str) -> None:
    zone = zone_of("America/New_York")

    due_at = delay_until(at(said, zone.name), days=days, at_minute=at_minute, zone=zone)

    assert shown(due_at, zone.name) == due
