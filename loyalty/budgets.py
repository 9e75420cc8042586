"""
Budgets over all partitions: their words, and how their accounts are named.

A budget is not a counter that everybody locks. Its owner account lives in one
partition and hands blocks of units to a lease account in each partition that
asks; claims are granted from the lease. What is handed out is subtracted first,
so no interleaving can spend more than the total.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

# Ids of accounts: no member, and nobody outside, may use one.
OWNER_PREFIX: Final = "budget:"
LEASE_PREFIX: Final = "lease:"
# Ids of budgets that are the stock of a reward; what a program names may not be so.
STOCK_PREFIX: Final = "stock/"
# Ids of budgets that are a pool of codes, or the limit of a personal offer.
CODES_PREFIX: Final = "codes/"
OFFER_PREFIX: Final = "offer/"
NO_NUMBER: Final = -1
# Types of the commands between accounts, and from an account to a member.
RESERVED_TYPES: Final = "budget."

LEASE: Final = "budget.lease"
LEASED: Final = "budget.leased"
RECALL: Final = "budget.recall"
RETURN: Final = "budget.return"
GRANTED: Final = "budget.granted"

PARTIAL: Final = "partial"
NONE: Final = "none"

EXHAUSTED: Final = "budget-exhausted"
BUSY: Final = "budget-busy"
CLOSED: Final = "budget-closed"
UNKNOWN: Final = "budget-unknown"


class Budget(NamedTuple):
    """
    How much may be given away: points, awards or minor units, it counts units.

    `total` holds for each period of its kind (`none`, `day`, `week`, `month`)
    over all stores, `per_store` for each store beside it. `edge` says what a
    claim gets that only a part is left for: the `partial` value, or `none`.
    The units of a numbered budget have a number each, from 0 on, that is given
    once and never again; it is for claims of one unit, and has no periods.
    """

    budget_id: str
    total: int
    per_store: int | None = None
    period: str = NONE
    edge: str = PARTIAL
    is_numbered: bool = False


class Claim(NamedTuple):
    """
    Units that a rule wants from a budget for a member.

    `claim_id` is the same in each replay; `period` is the ordinal of the day,
    week or month that the claim counts in, 0 for a budget without periods.
    """

    budget_id: str
    claim_id: str
    member_id: str
    order_id: str
    rule_id: str
    desired: int
    occurred_at: int
    store_id: str
    period: int = 0


class Release(NamedTuple):
    """Units granted earlier that come back, in the period they were granted in."""

    budget_id: str
    units: int
    occurred_at: int
    store_id: str
    period: int = 0


class Asked(NamedTuple):
    """A claim at one account, the units it asks, and who gave them already."""

    claim: Claim
    units: int
    passed: tuple[str, ...] = ()


class Answer(NamedTuple):
    """
    What an account says to a claim: a value from 0 to the units asked.

    `number` is that of the unit, of a numbered budget.
    """

    asked: Asked
    value: int
    reason: str = ""
    number: int = NO_NUMBER


def stock_of(reward_id: str) -> str:
    """Id of the budget that is a reward's stock."""
    return STOCK_PREFIX + reward_id


def is_stock(budget_id: str) -> bool:
    """Whether a budget is the stock of a reward."""
    return budget_id.startswith(STOCK_PREFIX)


def codes_of(pool_id: str) -> str:
    """Id of the budget that is a pool of codes."""
    return CODES_PREFIX + pool_id


def limit_of(offer_id: str) -> str:
    """Id of the budget that limits how often a personal offer is given in all."""
    return OFFER_PREFIX + offer_id


def is_of_offer(budget_id: str) -> bool:
    """Whether a budget answers for a personal offer."""
    return budget_id.startswith((CODES_PREFIX, OFFER_PREFIX))


FindBudget = Callable[[str, int], Budget | None]


def no_budget(_: str, __: int) -> Budget | None:
    """Budgets of a program that has none."""
    return None
