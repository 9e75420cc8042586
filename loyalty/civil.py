"""
Dates as integers: the proleptic Gregorian calendar, without a clock or a zone.

A day is a number, 0 is Thursday, 1 January 1970. Years start in March here,
so that the day that some years lack is the last one (Neri and Schneider,
"Euclidean affine functions and their application to calendar algorithms").
"""

from typing import Final

THURSDAY: Final = 4
FEBRUARY: Final = 2
_DAYS_OF_400_YEARS: Final = 146_097
_DAYS_OF_4_YEARS: Final = 1_461
# From 1 March of the year 0 to 1 January 1970.
_DAYS_TO_1970: Final = 719_468
_LAST_DAYS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def day_of(year: int, month: int, day: int) -> int:
    """
    Days since 1970 of a date.

    A day that the month does not have runs on into the next month.
    """
    if month <= FEBRUARY:
        year -= 1
        month += 12
    return (
        year * 365
        + year // 4
        - year // 100
        + year // 400
        + (153 * month - 457) // 5
        + day
        - 1
        - _DAYS_TO_1970
    )


def date_of(day: int) -> tuple[int, int, int]:
    """Year, month (1 to 12) and day of the month of a day since 1970."""
    quarters = 4 * (day + _DAYS_TO_1970) + 3
    century = quarters // _DAYS_OF_400_YEARS
    in_century = quarters % _DAYS_OF_400_YEARS | 3
    year = in_century // _DAYS_OF_4_YEARS + 100 * century
    fifths = in_century % _DAYS_OF_4_YEARS // 4 * 5 + 461
    month = fifths // 153
    if month > 12:  # noqa: PLR2004 - months of a year
        return year + 1, month - 12, fifths % 153 // 5 + 1
    return year, month, fifths % 153 // 5 + 1


def is_leap(year: int) -> bool:
    """Whether a year has 29 February."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def last_day_of_month(year: int, month: int) -> int:
    """28, 29, 30 or 31."""
    if month == FEBRUARY and is_leap(year):
        return 29
    return _LAST_DAYS[month - 1]


def clamped_day_of(year: int, month: int, day: int) -> int:
    """Days since 1970 of a date; a day that the month does not have is its last."""
    return day_of(year, month, min(day, last_day_of_month(year, month)))


def add_months(day: int, months: int) -> int:
    """
    Day that many months later (or earlier), on the same day of the month.

    Where that month is too short it is its last day: 31 January and one month
    is 28 or 29 February. So a month and a month may be less than two months.
    """
    year, month, of_month = date_of(day)
    years, index = divmod(month - 1 + months, 12)
    return clamped_day_of(year + years, index + 1, of_month)


def weekday_of(day: int) -> int:
    """ISO weekday: 1 is Monday, 7 is Sunday."""
    return (day + THURSDAY - 1) % 7 + 1
