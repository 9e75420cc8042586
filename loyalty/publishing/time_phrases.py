"""Parts of sentences about times of the week."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from loyalty.publishing.changes import Document
from loyalty.publishing.words import counted, listed

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_NAMES: Final = {
    "mon": "Mondays",
    "tue": "Tuesdays",
    "wed": "Wednesdays",
    "thu": "Thursdays",
    "fri": "Fridays",
    "sat": "Saturdays",
    "sun": "Sundays",
}
CLOCK_NAMES: Final = {"member": " (the member's time)", "program": " (program time)"}


def hours(schedule: Document) -> str:
    """When a schedule is open."""
    clock = CLOCK_NAMES.get(schedule.get("clock", "store"), "")
    recurrence = schedule.get("recurrence")
    if isinstance(recurrence, Mapping):
        minutes = counted(recurrence.get("minutes", 0), "minute")
        rule, start = recurrence.get("rule", ""), recurrence.get("start", "")
        return f"for {minutes} from each {rule} since {start}{clock}"
    parts = [_day_part(part) for part in schedule.get("day_parts") or ()]
    return f"{listed(parts)}{clock}" if parts else ""


def _day_part(part: Document) -> str:
    days = _days(part.get("days") or ())
    since, until = _hour(part.get("from")), _hour(part.get("to"))
    if since and until:
        return f"{days} from {since} to {until}"
    if since:
        return f"{days} from {since}"
    return f"{days} before {until}" if until else days


def _days(days: Sequence[str]) -> str:
    chosen = set(days) or set(WEEKDAYS)
    if chosen == set(WEEKDAYS):
        return "every day"
    if chosen == set(WEEKDAYS[:5]):
        return "on a weekday"
    if chosen == set(WEEKDAYS[5:]):
        return "at the weekend"
    return f"on {listed((DAY_NAMES[d] for d in WEEKDAYS if d in chosen), 'and')}"


def _hour(value: Any) -> str:
    if value is None:
        return ""
    # YAML reads 17:00 without quotes as minutes of the day.
    return f"{value // 60:02}:{value % 60:02}" if isinstance(value, int) else str(value)
