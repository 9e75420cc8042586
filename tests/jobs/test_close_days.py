"""In which parts the days that are over are worked out."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from jobs.close_days import whole_months

DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))


@given(DAYS, st.integers(0, 2_000))
def test_each_day_is_in_one_part_and_each_month_in_one_too(
    first_day: date, days: int
) -> None:
    last_day = first_day + timedelta(days=days)
    parts = list(whole_months(first_day, last_day))

    covered = [
        start + timedelta(days=n)
        for start, end in parts
        for n in range((end - start).days)
    ]
    wanted = (last_day - first_day.replace(day=1)).days if days or parts else 0
    assert covered == [
        first_day.replace(day=1) + timedelta(days=n) for n in range(wanted)
    ]
    assert all(start.day == 1 for start, _ in parts)
    assert all((end - start).days <= 100 for start, end in parts)
