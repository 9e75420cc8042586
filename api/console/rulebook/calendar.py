"""What runs when: every rule of a month, day by day, on the programme's clock."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby, pairwise
from typing import Final, NamedTuple

from api.console.spans import EPOCH_DAY, start_of
from loyalty.conditions import When
from loyalty.limits import DAY_MS
from loyalty.program import Program, Programs
from loyalty.windows import Window
from loyalty.zones import Zone

ROWS_MAX: Final = 200
FIRST_YEAR, LAST_YEAR = 1980, 2199
DAY_MINUTES: Final = 1_440
WHOLE: Final = "whole"
PART: Final = "part"
OFF: Final = ""
_ORDER: Final = ("earn", "bonuses", "streaks", "challenges", "offers")


class Bar(NamedTuple):
    """Days in a row on which a rule runs the same way; `first` counts from 1."""

    state: str
    first: int
    days: int

    @property
    def last(self) -> int:
        """Last day of the bar."""
        return self.first + self.days - 1


class Row(NamedTuple):
    """One rule's month."""

    rule_id: str
    section: str
    bars: list[Bar]


class Month(NamedTuple):
    """Days of a month and what runs on them; `left_out` rules had no room."""

    days: list[date]
    rows: list[Row]
    left_out: int

    @property
    def before(self) -> str:
        """Month before this one, as an address says it."""
        return f"{self.days[0] - timedelta(days=1):%Y-%m}"

    @property
    def after(self) -> str:
        """Month after this one, as an address says it."""
        return f"{self.days[-1] + timedelta(days=1):%Y-%m}"


def month_named(text: str, today: date) -> date:
    """First day of a month like 2026-11; of this month for what is none."""
    year, _, month = text.partition("-")
    if year.isdecimal() and month.isdecimal() and len(text) <= len("2026-11"):
        known = FIRST_YEAR <= int(year) <= LAST_YEAR and 1 <= int(month) <= 12  # noqa: PLR2004 - months of a year
        return date(int(year), int(month), 1) if known else today.replace(day=1)
    return today.replace(day=1)


def month_of(programs: Programs, zone: Zone, first: date) -> Month:
    """
    What runs in a month; rules by kind, then by id.

    Hours are those of the programme's clock, also where a rule means the store's.
    """
    days = [first]
    while (coming := days[-1] + timedelta(days=1)).month == first.month:
        days.append(coming)
    edges = [start_of(zone, day) for day in (*days, coming)]
    found: dict[tuple[str, str], list[str]] = {}
    for number, (begin, end) in enumerate(pairwise(edges)):
        first_of_day, last_of_day = programs.at(begin), programs.at(end - 1)
        rules = dict(_rules(first_of_day))
        later = rules if last_of_day is first_of_day else dict(_rules(last_of_day))
        for key in rules.keys() | later.keys():
            when = rules.get(key) or later[key]
            state = _state(when, days[number], begin, end=end)
            if state and not (key in rules and key in later):
                state = PART
            found.setdefault(key, [OFF] * len(days))[number] = state
    rows = [
        Row(rule_id, section, list(_bars(states)))
        for (section, rule_id), states in sorted(
            found.items(), key=lambda one: (_ORDER.index(one[0][0]), one[0][1])
        )
        if any(states)
    ]
    return Month(days, rows[:ROWS_MAX], max(len(rows) - ROWS_MAX, 0))


def _rules(program: Program) -> Iterator[tuple[tuple[str, str], When]]:
    for section, rules in (
        ("earn", program.earn_rules),
        ("bonuses", program.bonus_rules),
        ("streaks", program.streaks),
        ("challenges", program.challenges),
    ):
        for rule in rules:
            yield (section, rule.rule_id), rule.when
    for offer in program.offers:
        yield ("offers", offer.offer_id), offer.when


def _state(when: When, day: date, begin: int, *, end: int) -> str:
    """Whether a rule runs on a day: all of it, a part of it, or not at all."""
    if when.from_at >= end or 0 < when.until_at <= begin:
        return OFF
    is_cut = when.from_at > begin or 0 < when.until_at < end
    opens = _opens(when.window, day)
    # Cases may name other hours: that it runs for some of them is all that is known.
    is_cut = is_cut or bool(when.joints)
    return PART if is_cut and opens == WHOLE else opens


def _opens(window: Window, day: date) -> str:
    if not window.parts and not window.starts:
        return WHOLE
    weekday = day.isoweekday()
    found = OFF
    for part in window.parts:
        if weekday in part.weekdays:
            is_whole = not part.from_minute and not part.to_minute % DAY_MINUTES
            found = WHOLE if is_whole else found or PART
    begin = (day - EPOCH_DAY).days * DAY_MS
    for starts, ends in zip(window.starts, window.ends, strict=True):
        if starts < begin + DAY_MS and ends > begin:
            is_whole = starts <= begin and ends >= begin + DAY_MS
            found = WHOLE if is_whole else found or PART
    return found


def _bars(states: list[str]) -> Iterator[Bar]:
    first = 1
    for state, days in groupby(states):
        count = len(list(days))
        yield Bar(state, first, count)
        first += count
