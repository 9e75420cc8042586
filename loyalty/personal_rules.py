"""Personal offers as data: who gets one, for how long, and what it is worth."""

from typing import Final, NamedTuple

from loyalty.conditions import ANY_LINE, ANY_TIME, LineMatch, When
from loyalty.experiments import Trial

REDEEMED: Final = "REDEEMED"
EXPIRED: Final = "EXPIRED"


class PersonalRule(NamedTuple):
    """
    An offer that a member is given once some conditions hold, and can use once.

    `when` is about the grant, `usable` about its use. With a `match` it takes an
    order with such lines; `idle_ms` is the time since what earned last. A maximum of
    0 does not limit. `weight` and `margin_minor` only rank.
    """

    offer_id: str
    name: str
    category: str = ""
    when: When = ANY_TIME
    usable: When = ANY_TIME
    match: LineMatch = ANY_LINE
    orders_min: int = 0
    orders_max: int = 0
    idle_ms: int = 0
    valid_ms: int = 0
    times_max: int = 1
    cooldown_ms: int = 0
    weight: int = 100
    margin_minor: int = 0
    trial: Trial | None = None
    ignores_holdout: bool = False


class PersonalOffer(NamedTuple):
    """An offer that a member was given and has not used."""

    offer_id: str
    granted_at: int
    expires_at: int


class Given(NamedTuple):
    """How often a member was given an offer, and when last."""

    offer_id: str
    times: int
    last_at: int
