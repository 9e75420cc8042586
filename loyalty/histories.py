"""What members bought: what a program remembers of it, and conditions over that."""

from collections.abc import Iterable
from hashlib import blake2b
from typing import Final, NamedTuple

from loyalty.bought import BoughtItem
from loyalty.conditions import ANY_TIME, Bought, LineMatch, When
from loyalty.experiments import Trial
from loyalty.limits import BOUGHT_TIMES_MAX, HISTORIES_MAX

HISTORY_PREFIX: Final = "bought/"
# Of another member, in a merge: one order, at the time that is its number.
BOUGHT: Final = "bought"
NEVER_BEFORE: Final = 0


class HistoryRule(NamedTuple):
    """
    Lines of which a member's latest orders are remembered.

    It meets orders as rules do, so that returns and late orders put it right, and
    gives nothing.
    """

    rule_id: str
    match: LineMatch
    when: When = ANY_TIME
    minimum_minor: int = 0
    points: int = 0
    wallet: str = "points"
    trial: Trial | None = None
    ignores_holdout: bool = True


def history_id(match: LineMatch) -> str:
    """Id of what is remembered: the same for the same lines, in every version."""
    text = "|".join(
        ",".join(sorted(names)) for names in match if isinstance(names, frozenset)
    )
    return HISTORY_PREFIX + blake2b(text.encode(), digest_size=8).hexdigest()


def histories_of(matches: Iterable[LineMatch]) -> tuple[HistoryRule, ...]:
    """What has to be remembered for some conditions, each once."""
    found: dict[str, HistoryRule] = {}
    for match in matches:
        name = history_id(match)
        found.setdefault(name, HistoryRule(name, match))
    return tuple(found.values())


def noted(
    bought: tuple[BoughtItem, ...], name: str, at: int, *, known: Iterable[str] = ()
) -> tuple[BoughtItem, ...]:
    """
    Remember an order; BOUGHT_TIMES_MAX of each are, and HISTORIES_MAX of them.

    What no rule asks for any more (it is not `known`) goes first, the oldest before.
    """
    others = [one for one in bought if one.history_id != name]
    times = next((one.times for one in bought if one.history_id == name), ())
    here = BoughtItem(name, tuple(sorted((*times, at)))[-BOUGHT_TIMES_MAX:])
    if len(others) >= HISTORIES_MAX:
        asked = frozenset(known)
        others.sort(key=lambda o: (o.history_id in asked, o.times[-1], o.history_id))
        others = others[1:]
    return tuple(sorted((*others, here)))


def forgotten(
    bought: tuple[BoughtItem, ...], name: str, at: int
) -> tuple[BoughtItem, ...]:
    """Remember an order no more."""
    left = []
    for one in bought:
        times = one.times
        if one.history_id == name and at in times:
            place = times.index(at)
            times = times[:place] + times[place + 1 :]
        if times:
            left.append(BoughtItem(one.history_id, times))
    return tuple(left)


def times_of(bought: tuple[BoughtItem, ...], asked: Bought, at: int) -> tuple[int, ...]:
    """Times of the orders that a condition counts, the latest last."""
    name = asked.history_id
    for one in bought:
        if one.history_id == name:
            since = at - asked.within_ms if asked.within_ms else NEVER_BEFORE
            return tuple(time for time in one.times if time > since)
    return ()


def all_hold(
    conditions: tuple[Bought, ...], bought: tuple[BoughtItem, ...], at: int
) -> bool:
    """Whether every condition over what was bought holds."""
    return all(holds_of(one, bought, at) for one in conditions)


def holds_of(asked: Bought, bought: tuple[BoughtItem, ...], at: int) -> bool:
    """Whether one condition holds."""
    count = len(times_of(bought, asked, at))
    return asked.times_min <= count and (
        asked.times_max is None or count <= asked.times_max
    )
