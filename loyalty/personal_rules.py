"""Personal offers as data: who gets one, for how long, and what it is worth."""

from typing import Final, NamedTuple

from loyalty.budgets import NO_NUMBER, NONE, Budget, codes_of, limit_of
from loyalty.conditions import ANY_LINE, ANY_TIME, LineMatch, When
from loyalty.experiments import Trial

REDEEMED: Final = "REDEEMED"
EXPIRED: Final = "EXPIRED"


class PersonalRule(NamedTuple):
    """
    An offer that a member is given once some conditions hold, and can use once.

    `when` is about the grant, `usable` about its use. With a `match` it takes an
    order with such lines; `idle_ms` is the time since what earned last. A maximum of
    0 does not limit. `weight` and `margin_minor` only rank. With a `pool_id` it comes
    with a code of that pool, with a `limit` only to so many members in all (a number
    of grants); with a `code` only to who enters that code; `by_journey` only to whom
    a step of a journey gives it.
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
    pool_id: str = ""
    limit: int = 0
    code: str = ""
    by_journey: bool = False

    @property
    def waits_for_more(self) -> bool:
        """Whether more than conditions gives it: a code that is entered, a journey."""
        return bool(self.code) or self.by_journey

    @property
    def budget_id(self) -> str:
        """What must agree before it is given; empty: nothing."""
        if self.pool_id:
            return codes_of(self.pool_id)
        return limit_of(self.offer_id) if self.limit else ""

    @property
    def budget(self) -> Budget | None:
        """Limit of all members together, None without one."""
        if not self.limit:
            return None
        return Budget(limit_of(self.offer_id), self.limit, edge=NONE)


# Number of the code of an offer that still waits for its pool or limit.
WAITING: Final = -2


class PersonalOffer(NamedTuple):
    """
    An offer that a member was given and has not used.

    `number` is that of its code in `pool_id`, if it has one. While it is WAITING it is
    not given yet: its pool, or its limit, has been asked.
    """

    offer_id: str
    granted_at: int
    expires_at: int
    number: int = NO_NUMBER
    pool_id: str = ""

    @property
    def waits(self) -> bool:
        """Whether it is not given yet."""
        return self.number == WAITING


class Given(NamedTuple):
    """
    How often a member was given an offer, and when last.

    `refused_at` is when its pool or limit had nothing left, 0 if it had.
    """

    offer_id: str
    times: int
    last_at: int
    refused_at: int = 0
