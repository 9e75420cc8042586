"""Rules as data: each is a plain value, valid once `program_document` has built it."""

from typing import Final, NamedTuple

from loyalty.conditions import ANY_LINE, ANY_TIME, DOWN, Cap, LineMatch, Pending, When
from loyalty.experiments import Trial, variant_id
from loyalty.expiry import Expiry
from loyalty.formula import Formula
from loyalty.histories import HistoryRule

SPEND: Final = "spend"
ITEMS: Final = "item"
VISIT: Final = "visit"
FORMULA: Final = "formula"
ACTIVITY: Final = "activity"
SEGMENT: Final = "segment"

SUM: Final = "sum"
MAX: Final = "max"
FIRST: Final = "first"
BEST: Final = "best"
NEWEST: Final = "newest"


POINTS: Final = "points"


class EarnRule(NamedTuple):
    """
    How an order or an act earns.

    `spend`: `points` for each whole `step_minor` of the matching lines, the
    steps rounded by `rounding`. `item`: `points` for each unit that matches.
    `visit`: `points` once. `formula`: what it comes to, `points` if it comes to
    nothing. `activity`: `points` for an act of a type. `segment`: `points` for joining
    one. None below `minimum_minor` of the matching lines.
    """

    rule_id: str
    kind: str
    points: int
    step_minor: int = 1
    rounding: str = DOWN
    minimum_minor: int = 0
    match: LineMatch = ANY_LINE
    wallet: str = POINTS
    when: When = ANY_TIME
    caps: tuple[Cap, ...] = ()
    cooldown_ms: int = 0
    pending: Pending | None = None
    budget_id: str = ""
    activity: str = ""
    attributes: tuple[tuple[str, str], ...] = ()
    formula: Formula | None = None
    expiry: Expiry | None = None
    trial: Trial | None = None
    segment: str = ""

    @property
    def is_limited(self) -> bool:
        """Whether caps, a cooldown or a budget look at what it gives."""
        return bool(self.caps or self.cooldown_ms or self.budget_id)


class BonusRule(NamedTuple):
    """
    What comes on top of the base points of an order.

    `multiply`: base points times `factor_bp` (10,000 is x1), less the base
    itself, rounded down; `add`: `points`. On the base points of all lines, or,
    when `match` restricts, of the matching ones.
    """

    rule_id: str
    kind: str
    factor_bp: int = 10_000
    points: int = 0
    minimum_minor: int = 0
    match: LineMatch = ANY_LINE
    wallet: str = POINTS
    when: When = ANY_TIME
    caps: tuple[Cap, ...] = ()
    cooldown_ms: int = 0
    pending: Pending | None = None
    budget_id: str = ""
    created_at: int = 0
    expiry: Expiry | None = None
    trial: Trial | None = None
    ignores_holdout: bool = False

    @property
    def is_limited(self) -> bool:
        """Whether caps, a cooldown or a budget look at what it gives."""
        return bool(self.caps or self.cooldown_ms or self.budget_id)

    @property
    def is_on_all(self) -> bool:
        """Whether it looks at the whole order's base points."""
        return self.match is ANY_LINE


MULTIPLY: Final = "multiply"
ADD: Final = "add"


class StreakRule(NamedTuple):
    """
    Points for `length` periods in a row, each with enough qualifying orders.

    Repeats every `length` periods, or comes once in a streak.
    """

    rule_id: str
    period: str
    length: int
    points: int
    orders_min: int = 1
    minimum_minor: int = 0
    match: LineMatch = ANY_LINE
    when: When = ANY_TIME
    wallet: str = POINTS
    badge: str = ""
    repeats: bool = True
    trial: Trial | None = None
    ignores_holdout: bool = False


class ChallengeRule(NamedTuple):
    """
    Points or a badge for reaching a goal over several orders.

    `goal` counts orders, money or units of the matching lines up to `target`,
    within `within_ms` of the first (0: no end) and each `period` anew (empty:
    never). `repeats` starts again on completion.
    """

    rule_id: str
    goal: str
    target: int
    points: int = 0
    badge: str = ""
    minimum_minor: int = 0
    match: LineMatch = ANY_LINE
    when: When = ANY_TIME
    wallet: str = POINTS
    period: str = ""
    within_ms: int = 0
    opt_in: bool = False
    repeats: bool = False
    trial: Trial | None = None
    ignores_holdout: bool = False


GOAL_ORDERS: Final = "orders"
GOAL_SPEND: Final = "spend"
GOAL_UNITS: Final = "units"

OrderRule = EarnRule | BonusRule | StreakRule | ChallengeRule | HistoryRule


def variants_of(rule: OrderRule) -> dict[str, OrderRule]:
    """Rule as those arms of its experiment get it that get something else."""
    if rule.trial is None or isinstance(rule, HistoryRule):
        return {}
    found: dict[str, OrderRule] = {}
    for arm in rule.trial.arms:
        if not arm.is_other:
            continue
        own_id = variant_id(rule.rule_id, arm.arm_id)
        points = arm.points or rule.points
        if isinstance(rule, BonusRule):
            factor_bp = arm.factor_bp or rule.factor_bp
            found[own_id] = rule._replace(
                rule_id=own_id, points=points, factor_bp=factor_bp, trial=None
            )
        else:
            found[own_id] = rule._replace(rule_id=own_id, points=points, trial=None)
    return found
