"""Whether one rule looks at all that another looks at."""

from loyalty.conditions import LineMatch, When
from loyalty.rules import OrderRule
from loyalty.windows import ALWAYS


def covers(wide: OrderRule, narrow: OrderRule) -> bool:
    """Whether a rule holds for every order for which another one holds."""
    return (
        wide.minimum_minor <= narrow.minimum_minor
        and match_covers(wide.match, narrow.match)
        and when_covers(wide.when, narrow.when)
    )


def match_covers(wide: LineMatch, narrow: LineMatch) -> bool:
    """Whether a match names every line that another one names."""
    named = (
        (wide.skus, narrow.skus),
        (wide.categories, narrow.categories),
        (wide.labels, narrow.labels),
    )
    excluded = (
        (wide.excluded_skus, narrow.excluded_skus),
        (wide.excluded_categories, narrow.excluded_categories),
        (wide.excluded_labels, narrow.excluded_labels),
    )
    return (
        wide.kinds >= narrow.kinds
        and all(_names_all(*names) for names in named)
        and all(ours <= theirs for ours, theirs in excluded)
    )


def when_covers(wide: When, narrow: When) -> bool:
    """Whether a condition holds whenever another one does; unsure is no."""
    sets = (
        (wide.stores, narrow.stores),
        (wide.channels, narrow.channels),
        (wide.tiers, narrow.tiers),
        (wide.segments, narrow.segments),
    )
    same_hours = wide.window == narrow.window and wide.clock == narrow.clock
    ends_in_time = 0 < narrow.until_at <= wide.until_at
    return (
        all(_names_all(*names) for names in sets)
        and (wide.window == ALWAYS or same_hours)
        and wide.from_at <= narrow.from_at
        and (wide.until_at == 0 or ends_in_time)
        and wide.order_number in (0, narrow.order_number)
        and wide.every_order in (0, narrow.every_order)
        and set(wide.bought) <= set(narrow.bought)
        and set(wide.joints) <= set(narrow.joints)
    )


def _names_all(wide: frozenset[str], narrow: frozenset[str]) -> bool:
    """Whether a set restricts no more than another; an empty one does not."""
    return not wide or (bool(narrow) and narrow <= wide)
