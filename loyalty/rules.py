"""Rules as data: each is a plain value, valid once `program_document` has built it."""

from typing import Final, NamedTuple

from loyalty.events import ITEM
from loyalty.expiry import NEVER, Duration, Expiry
from loyalty.formula import Formula
from loyalty.windows import ALWAYS, Window

NO_EXPIRY: Final = Expiry(NEVER)

SPEND: Final = "spend"
ITEMS: Final = "item"
VISIT: Final = "visit"
FORMULA: Final = "formula"
ACTIVITY: Final = "activity"

SUM: Final = "sum"
MAX: Final = "max"
FIRST: Final = "first"
BEST: Final = "best"
NEWEST: Final = "newest"

DOWN: Final = "down"
NEAREST: Final = "nearest"
UP: Final = "up"

TRIM: Final = "trim"
REJECT: Final = "reject"

STORE: Final = "store"
MEMBER: Final = "member"
PROGRAM: Final = "program"

POINTS: Final = "points"
TRANSACTION: Final = "transaction"


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


class When(NamedTuple):
    """
    When and for whom a rule holds; an empty set does not restrict.

    Store, channel, window and dates look at the event alone. Tiers, segments
    and the number of the order look at the member at that moment. `clock` says
    whose local time the window means; `until_at` is exclusive, 0 is open.
    """

    stores: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    window: Window = ALWAYS
    clock: str = STORE
    from_at: int = 0
    until_at: int = 0
    tiers: frozenset[str] = frozenset()
    segments: frozenset[str] = frozenset()
    order_number: int = 0
    every_order: int = 0


ANY_TIME: Final = When()


class Cap(NamedTuple):
    """
    At most so many points, or so many times, in a period; -1 does not limit.

    `period` is one of `periods`, or `transaction`. Over the cap the award is
    trimmed to what is left, or rejected whole. `key` names its counter.
    """

    key: str
    period: str
    points: int = -1
    times: int = -1
    over: str = TRIM


class Pending(NamedTuple):
    """
    When earned points become usable.

    After `delay_ms`, or at the next of `dates` (month, day), or when an act of
    type `release_on` names the order; if none comes within `cancel_ms` after
    the order, the points never come.
    """

    delay_ms: int = 0
    dates: tuple[tuple[int, int], ...] = ()
    release_on: str = ""
    cancel_ms: int = 0


class EarnRule(NamedTuple):
    """
    How an order or an act earns.

    `spend`: `points` for each whole `step_minor` of the matching lines, the
    steps rounded by `rounding`. `item`: `points` for each unit that matches.
    `visit`: `points` once. `formula`: what it comes to, `points` if it comes to
    nothing. `activity`: `points` for an act of a type. None below
    `minimum_minor` of the matching lines.
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


GOAL_ORDERS: Final = "orders"
GOAL_SPEND: Final = "spend"
GOAL_UNITS: Final = "units"

OrderRule = EarnRule | BonusRule | StreakRule | ChallengeRule


class Wallet(NamedTuple):
    """
    A kind of balance: points, stars, stamps, or store credit in minor units.

    `burn_order` is `soonest_expiry` or `oldest`. `below_zero` says what becomes
    of points that a return takes back and that are used already: `floor`
    forgives them, `debt` lets later earnings pay first, `unlimited` lets the
    balance be negative. `balance_max` 0 does not limit.
    """

    wallet_id: str
    name: str = ""
    unit: str = POINTS
    expiry: Expiry = NO_EXPIRY
    burn_order: str = "soonest_expiry"
    below_zero: str = "floor"
    balance_max: int = 0
    over: str = TRIM
    caps: tuple[Cap, ...] = ()
    reinstate_ms: int = 0
    warn_ms: int = 0


SOONEST_EXPIRY: Final = "soonest_expiry"
OLDEST: Final = "oldest"
FLOOR: Final = "floor"
DEBT: Final = "debt"
UNLIMITED: Final = "unlimited"


class Tier(NamedTuple):
    """
    A level, reached with `from_points` of the tier policy's basis.

    `earn_bp` multiplies base points (10,000 is x1, rounded down); a `kept` tier
    is never lost once reached.
    """

    tier_id: str
    name: str
    from_points: int
    earn_bp: int = 10_000
    kept: bool = False


class TierPolicy(NamedTuple):
    """
    How tiers come and go.

    `basis`: points, spend (minor units), visits, balance. `window`: rolling
    (`window_days`, today included), calendar (`period`), anniversary (years of
    membership), lifetime. `upgrade`: now or next_period. `downgrade`: full (to
    what is reached), one_step, none. A tier is kept at least for `valid`.
    """

    basis: str = POINTS
    window: str = "rolling"
    window_days: int = 365
    period: str = "year"
    upgrade: str = "now"
    downgrade: str = "full"
    valid: Duration | None = None


ROLLING: Final = "rolling"
CALENDAR: Final = "calendar"
ANNIVERSARY: Final = "anniversary"
LIFETIME: Final = "lifetime"
BASIS_SPEND: Final = "spend"
BASIS_VISITS: Final = "visits"
BASIS_BALANCE: Final = "balance"
NOW: Final = "now"
NEXT_PERIOD: Final = "next_period"
FULL: Final = "full"
ONE_STEP: Final = "one_step"
NONE: Final = "none"


class RewardOffer(NamedTuple):
    """A reward that a member can take as soon as the balance reaches its cost."""

    offer_id: str
    name: str
    cost_points: int
    wallet: str = POINTS
    cost_by_tier: tuple[tuple[str, int], ...] = ()
    when: When = ANY_TIME
    per_member: tuple[Cap, ...] = ()
    budget_id: str = ""
    hold_ms: int = 900_000

    def cost_for(self, tier: str) -> int:
        """Cost at a tier."""
        for tier_id, cost in self.cost_by_tier:
            if tier_id == tier:
                return cost
        return self.cost_points


class AutoRedeem(NamedTuple):
    """Every `every` units of one wallet become `amount` of another, at once."""

    rule_id: str
    wallet: str
    every: int
    into: str
    amount: int = 1
    runs_per_day_max: int = 25


class NearReward(NamedTuple):
    """Fires when the balance comes within `within_points` of an offer's cost."""

    trigger_id: str
    offer_id: str
    within_points: int
    cooldown_days: int


class Gift(NamedTuple):
    """Points on a birthday, or on the day of joining in later years."""

    rule_id: str
    kind: str
    points: int
    wallet: str = POINTS
    tiers: frozenset[str] = frozenset()


BIRTHDAY: Final = "birthday"


class Referral(NamedTuple):
    """Points for both sides, on the new member's first order of enough money."""

    rule_id: str
    referrer_points: int
    referee_points: int
    minimum_minor: int = 0
    within_ms: int = 0
    wallet: str = POINTS
    referrals_max: int = 100


class TransferPolicy(NamedTuple):
    """What members may give one another; `expiry` is kept or reset."""

    points_min: int = 1
    points_max: int = 100_000
    per_day_max: int = 100_000
    expiry: str = "reset"


class Store(NamedTuple):
    """A store: its local time, as the name of a zone, and its area."""

    store_id: str
    time_zone: str
    area: str = ""
