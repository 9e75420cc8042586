"""Dates as integers, beside the standard library's."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.civil import (
    add_months,
    clamped_day_of,
    date_of,
    day_of,
    is_leap,
    last_day_of_month,
    weekday_of,
)

dates = st.dates(date(1, 1, 1), date(9999, 12, 31))


def _days(of: date) -> int:
    return of.toordinal() - date(1970, 1, 1).toordinal()


@given(dates)
def test_a_day_and_its_date_are_those_of_the_standard_library(one: date) -> None:
    day = day_of(one.year, one.month, one.day)

    assert day == _days(one)
    assert date_of(day) == (one.year, one.month, one.day)
    assert weekday_of(day) == one.isoweekday()


def test_every_day_of_four_hundred_years_follows_the_one_before() -> None:
    first = day_of(1900, 1, 1)

    for day in range(first, first + 146_097):
        year, month, of_month = date_of(day)
        assert day_of(year, month, of_month) == day
        assert (year, month, of_month) < date_of(day + 1)


@given(st.integers(-10_000_000, 10_000_000))
def test_the_calendar_goes_on_beyond_all_dates_of_the_standard_library(
    day: int,
) -> None:
    year, month, of_month = date_of(day)

    assert 1 <= month <= 12
    assert 1 <= of_month <= last_day_of_month(year, month)
    assert day_of(year, month, of_month) == day
    assert date_of(day + 146_097) == (year + 400, month, of_month)


@pytest.mark.parametrize(
    ("year", "leap"),
    [(1900, False), (2000, True), (2023, False), (2024, True), (2100, False)],
)
def test_leap_years(year: int, leap: bool) -> None:
    assert is_leap(year) is leap
    assert last_day_of_month(year, 2) == 28 + leap
    assert clamped_day_of(year, 2, 29) == day_of(year, 2, 28 + leap)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        pytest.param((2021, 1, 31), 1, (2021, 2, 28), id="VY4: 31 January and a month"),
        pytest.param((2024, 1, 31), 1, (2024, 2, 29), id="in a leap year"),
        pytest.param((2020, 7, 6), 12, (2021, 7, 6), id="EX-28 twelve months"),
        pytest.param((2024, 2, 29), 12, (2025, 2, 28), id="29 February and a year"),
        pytest.param((2024, 2, 29), 48, (2028, 2, 29), id="and four years"),
        pytest.param((2021, 12, 31), 2, (2022, 2, 28), id="over the year's end"),
        pytest.param((2021, 3, 31), -1, (2021, 2, 28), id="back"),
        pytest.param((2021, 1, 15), -13, (2019, 12, 15), id="back over a year's end"),
        pytest.param((2021, 5, 31), 0, (2021, 5, 31), id="none"),
    ],
)
def test_months_later_on_the_same_day_or_the_months_last(
    start: tuple[int, int, int], months: int, end: tuple[int, int, int]
) -> None:
    assert date_of(add_months(day_of(*start), months)) == end


@given(dates, st.integers(-1_200, 1_200))
def test_adding_months_lands_in_that_month(one: date, months: int) -> None:
    year, month, of_month = date_of(add_months(_days(one), months))

    assert year * 12 + month == one.year * 12 + one.month + months
    assert of_month == min(one.day, last_day_of_month(year, month))
