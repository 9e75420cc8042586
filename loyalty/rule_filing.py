"""Where a rule is filed: under the condition that fewest orders fulfil."""

from typing import Final

from loyalty.conditions import MEMBER, STORE, When
from loyalty.rules import OrderRule
from loyalty.windows import ALWAYS, MINUTE_MS, Window

HOUR_MS: Final = 3_600_000
HOURS: Final = 168
MINUTES_OF_DAY: Final = 1_440
# Occurrences of a recurrence that are worth spreading over the hours of the week.
OCCURRENCES_MAX: Final = 1_000
# Of so few rules all are quicker looked at than a segment or an hour looked up.
RULES_FEW: Final = 32
# Names that a chain has besides those that its rules list, and how many of them an
# order has (skus, categories, labels, stores, segments): they only decide under which
# condition a rule is filed.
NAMES_MORE: Final = (300, 20, 20, 20, 20)
NAMES_OF_ORDER: Final = (3, 3, 6, 1, 3)
# Shares are compared in parts of a million.
WHOLE: Final = 1_000_000
# What so many orders fulfil is not worth a look-up.
SHARE_MAX: Final = 900_000

SKU: Final = 0
CATEGORY: Final = 1
LABEL: Final = 2
STORE_NAME: Final = 3
SEGMENT: Final = 4
HOUR: Final = 5
ANYWHERE: Final = 6


def hour_of_week(local: int) -> int:
    """Hour of the week of a local time, 0 to 167, whichever day is the first."""
    return local // HOUR_MS % HOURS


def hours_of(window: Window) -> frozenset[int]:
    """Hours of the week in which a window is open for some of the time."""
    if len(window.starts) > OCCURRENCES_MAX:
        return frozenset(range(HOURS))
    hours: set[int] = set()
    spans = list(zip(window.starts, window.ends, strict=True))
    for weekdays, from_minute, to_minute in window.parts:
        minutes = to_minute - from_minute
        if minutes <= 0:
            minutes += MINUTES_OF_DAY
        for weekday in weekdays:
            # 1970 began on a Thursday, the fourth day of a week.
            minute = (weekday - 4) % 7 * MINUTES_OF_DAY + from_minute
            spans.append((minute * MINUTE_MS, (minute + minutes) * MINUTE_MS))
    for start, end in spans:
        first = start // HOUR_MS
        last = min((end - 1) // HOUR_MS, first + HOURS)
        hours.update(hour % HOURS for hour in range(first, last + 1))
    return frozenset(hours)


class Drawer:
    """Where a rule is filed, among all rules that are."""

    def __init__(self, rules: tuple[OrderRule, ...]) -> None:
        """Count what names the rules list."""
        names: tuple[set[str], ...] = (set(), set(), set(), set(), set())
        for rule in rules:
            for known, listed in zip(names, _listed(rule), strict=True):
                known.update(listed)
        self._counts = [len(known) for known in names]
        self._is_small = len(rules) < RULES_FEW
        self._hours: dict[Window, frozenset[int]] = {}

    def of(self, rule: OrderRule) -> tuple[int, frozenset[str]]:
        """Condition of a rule that fewest orders fulfil, and its names."""
        kind, share = ANYWHERE, SHARE_MAX
        names: frozenset[str] = frozenset()
        for place, listed in enumerate(_listed(rule)):
            if not listed or (self._is_small and place > LABEL):
                continue
            known = self._counts[place] + NAMES_MORE[place]
            of_all = WHOLE * len(listed) * NAMES_OF_ORDER[place] // known
            if place <= LABEL:
                # An order has few lines: their names are always worth it.
                of_all = min(of_all, SHARE_MAX - 1)
            if of_all < share:
                kind, share, names = place, of_all, listed
        if rule.when.window is not ALWAYS and not self._is_small:
            of_all = WHOLE * len(self.hours_of(rule.when.window)) // HOURS
            if of_all < share:
                kind = HOUR
        return kind, names

    def hours_of(self, window: Window) -> frozenset[int]:
        """Hours of the week of a window; many rules have the same."""
        found = self._hours.get(window)
        if found is None:
            found = self._hours[window] = hours_of(window)
        return found


def _listed(rule: OrderRule) -> tuple[frozenset[str], ...]:
    match, when = rule.match, rule.when
    return (match.skus, match.categories, match.labels, when.stores, when.segments)


def clock_of(when: When) -> int:
    """Whose clock a window means: 0 the store's, 1 the member's, 2 the program's."""
    if when.clock == STORE:
        return 0
    return 1 if when.clock == MEMBER else 2
