"""Wallets and tiers: what points are kept in, and what they lead to."""

from typing import Final, NamedTuple

from loyalty.conditions import (
    TRIM,
    Cap,
)
from loyalty.expiry import NEVER, Duration, Expiry
from loyalty.rules import POINTS

NO_EXPIRY: Final = Expiry(NEVER)


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
    reinstate_days: int = 0
    warn_ms: int = 0


MINOR: Final = "minor"
MINOR_OF_ONE: Final = 100


def shown(balance: int, unit: str) -> int:
    """
    Whole units that people see: hundredths are kept and not shown.

    A wallet in minor units stores 675 and shows 6; a negative balance shows the
    whole units towards 0.
    """
    if unit != MINOR:
        return balance
    whole = abs(balance) // MINOR_OF_ONE
    return whole if balance >= 0 else -whole


SOONEST_EXPIRY: Final = "soonest_expiry"


OLDEST: Final = "oldest"


FLOOR: Final = "floor"


DEBT: Final = "debt"


UNLIMITED: Final = "unlimited"


class Tier(NamedTuple):
    """
    A level, reached with `from_points` of the tier policy's basis.

    `earn_bp` multiplies the first wallet's base points (10,000 is x1, rounded
    down); a `kept` tier is never lost once reached.
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
