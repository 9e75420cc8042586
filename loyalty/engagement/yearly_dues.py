"""Birthdays and anniversaries: the next one, so many days before or after it."""

from loyalty.civil import clamped_day_of, date_of
from loyalty.engagement.looks import Due, Look
from loyalty.engagement.rules import ANNIVERSARY, BIRTHDAY, Trigger
from loyalty.limits import DAY_MS
from loyalty.messages import MessageValue
from loyalty.windows import MINUTE_MS
from loyalty.zones import local_day, utc_ms


def yearly_due(trigger: Trigger, after: int, look: Look) -> Due | None:
    """
    Next birthday, or anniversary of joining, so many days before or after it.

    One that is over for more than a day is not caught up with: who tells a
    birthday in June is not congratulated for March.
    """
    month, of_month, first_year = _day_of(trigger, look)
    if not month:
        return None
    this_year = date_of(local_day(look.zone, look.at))[0]
    for year in range(max(this_year - 1, first_year, after + 1), this_year + 3):
        day = clamped_day_of(year, month, of_month) + trigger.days
        local = day * DAY_MS + trigger.at_minute * MINUTE_MS
        due_at = utc_ms(look.zone, local)
        if due_at + DAY_MS > look.at:
            years = year - first_year + 1 if trigger.kind == ANNIVERSARY else 0
            values = (MessageValue("years", str(years)),) if years else ()
            return Due(due_at, year, "", values)
    return None


def _day_of(trigger: Trigger, look: Look) -> tuple[int, int, int]:
    """Month and day (0 if it is not known), and the first year that counts."""
    profile = look.profile
    if trigger.kind == BIRTHDAY:
        return profile.birth_month, profile.birth_day, 0
    if not profile.joined_at:
        return 0, 0, 0
    year, month, day = date_of(local_day(look.zone, profile.joined_at))
    return month, day, year + 1
