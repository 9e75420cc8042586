"""Rules as data: a program is valid once built, and never changes afterwards."""

from bisect import bisect_right
from typing import Final, NamedTuple

from loyalty.events import ITEM

SPEND: Final = "spend"
ITEMS: Final = "item"
VISIT: Final = "visit"

SUM: Final = "sum"
MAX: Final = "max"
FIRST: Final = "first"

BEFORE_TAX: Final = "before_tax"
AFTER_TAX: Final = "after_tax"

DOWN: Final = "down"
NEAREST: Final = "nearest"
UP: Final = "up"


class LineMatch(NamedTuple):
    """
    Which lines a rule looks at; an empty set does not restrict.

    A line must be of one of `kinds`, be named by all of the sets that are not
    empty, and by none of the excluded ones.
    """

    skus: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset({ITEM})
    excluded_skus: frozenset[str] = frozenset()
    excluded_categories: frozenset[str] = frozenset()
    excluded_labels: frozenset[str] = frozenset()


ANY_LINE: Final = LineMatch()


class EarnRule(NamedTuple):
    """
    How an order earns.

    `spend`: `points` for each whole `step_minor` of the matching lines, the
    steps rounded by `rounding`. `item`: `points` for each unit that matches.
    `visit`: `points` once. None below `minimum_minor` of the matching lines.
    """

    rule_id: str
    kind: str
    points: int
    step_minor: int = 1
    rounding: str = DOWN
    minimum_minor: int = 0
    match: LineMatch = ANY_LINE


class Tier(NamedTuple):
    """A level, reached with `from_points` in the program's tier window."""

    tier_id: str
    name: str
    from_points: int


class RewardOffer(NamedTuple):
    """A reward that a member can take as soon as the balance reaches its cost."""

    offer_id: str
    name: str
    cost_points: int


class NearReward(NamedTuple):
    """Fires when the balance comes within `within_points` of an offer's cost."""

    trigger_id: str
    offer_id: str
    within_points: int
    cooldown_days: int


class Program(NamedTuple):
    """
    One version of a chain's loyalty rules.

    Tiers are sorted by `from_points`, the first from 0. `expiry_days` 0 means
    that points never expire. Points end at the midnight (UTC) after their last
    day: earned on day d, they can be used through day d + `expiry_days`.
    """

    program_id: str
    version: int
    effective_from: int
    currency: str
    conflict: str = SUM
    tax_basis: str = BEFORE_TAX
    prices_include_tax: bool = False
    expiry_days: int = 0
    return_window_days: int = 60
    earn_rules: tuple[EarnRule, ...] = ()
    tiers: tuple[Tier, ...] = ()
    tier_window_days: int = 365
    offers: tuple[RewardOffer, ...] = ()
    triggers: tuple[NearReward, ...] = ()


class ProgramHistory:
    """All versions of a program: each event is judged by the one of its time."""

    def __init__(self, versions: list[Program]) -> None:
        """Sort the versions by the time from which they hold."""
        if not versions:
            raise ValueError("a program has at least one version")
        self._versions = sorted(versions, key=lambda p: (p.effective_from, p.version))
        self._from = [program.effective_from for program in self._versions]

    def at(self, time: int) -> Program:
        """Version in force at a time; before the first one, the first."""
        return self._versions[max(bisect_right(self._from, time) - 1, 0)]

    @property
    def latest(self) -> Program:
        """Version with the latest start."""
        return self._versions[-1]
