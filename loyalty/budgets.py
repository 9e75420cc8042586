"""
Budgets over all partitions: their words, and how their accounts are named.

A budget is not a counter that everybody locks. Its owner account lives in one
partition and hands blocks of units to a lease account in each partition that
asks; claims are granted from the lease. What is handed out is subtracted first,
so no interleaving can spend more than the total.
"""

from collections.abc import Callable
from hashlib import blake2b
from typing import Final, NamedTuple

from loyalty.events import Attribute, Command

OWNER_PREFIX: Final = "budget:"
LEASE_PREFIX: Final = "lease:"
# Ids of accounts: no member, and nobody outside, may use one.
RESERVED_PREFIXES: Final = (OWNER_PREFIX, LEASE_PREFIX)
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

ACCOUNT_BYTES_MAX: Final = 128


class Budget(NamedTuple):
    """
    How much may be given away: points, awards or minor units, it counts units.

    `total` holds for each period of its kind (`none`, `day`, `week`, `month`)
    over all stores, `per_store` for each store beside it. `edge` says what a
    claim gets that only a part is left for: the `partial` value, or `none`.
    """

    budget_id: str
    total: int
    per_store: int | None = None
    period: str = NONE
    edge: str = PARTIAL


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
    """What an account says to a claim: a value from 0 to the units asked."""

    asked: Asked
    value: int
    reason: str = ""


class Seat(NamedTuple):
    """Where a lease stands: its account, the budget's rules, its partition."""

    account: str
    budget: Budget
    partition: int

    @property
    def lease_id(self) -> str:
        """Id of the lease account."""
        return lease_id(self.account, self.partition)


FindBudget = Callable[[str, int], Budget | None]


def no_budget(_: str, __: int) -> Budget | None:
    """Budgets of a program that has none."""
    return None


def account_of(budget_id: str, store_id: str = "") -> str:
    """Name of the account of a budget, or of one store's share; at most 128 bytes."""
    name = f"{budget_id}@{store_id}" if store_id else budget_id
    if len(name.encode()) <= ACCOUNT_BYTES_MAX:
        return name
    # Too long for a key: whoever asks knows the budget's id, so a digest will do.
    return f"#{blake2b(name.encode(), digest_size=16).hexdigest()}"


def accounts_of(budget: Budget, store_id: str) -> tuple[str, ...]:
    """Accounts that a claim must pass, in order: the store's share, then the total."""
    total = account_of(budget.budget_id)
    if budget.per_store is None or not store_id:
        return (total,)
    return account_of(budget.budget_id, store_id), total


def units_of(budget: Budget, account: str) -> int:
    """Units of an account in each period."""
    if account == account_of(budget.budget_id):
        return budget.total
    return budget.per_store or 0


def owner_id(account: str) -> str:
    """Id of the account that owns the units."""
    return OWNER_PREFIX + account


def lease_id(account: str, partition: int) -> str:
    """Id of the account that lends them out in one partition."""
    return f"{LEASE_PREFIX}{account}:{partition}"


def is_account(member_id: str) -> bool:
    """Whether an id is reserved for accounts."""
    return member_id.startswith(RESERVED_PREFIXES)


def account_in(account_id: str) -> str:
    """Account that an owner or a lease belongs to."""
    if account_id.startswith(OWNER_PREFIX):
        return account_id.removeprefix(OWNER_PREFIX)
    return account_id.removeprefix(LEASE_PREFIX).rpartition(":")[0]


def partition_in(account_id: str) -> int | None:
    """Partition that a lease's id names; None for anybody whose key decides."""
    if not account_id.startswith(LEASE_PREFIX):
        return None
    number = account_id.rpartition(":")[2]
    return int(number) if number.isascii() and number.isdigit() else None


def message(
    seat: Seat, to: str, *, kind: str, at: int, **attributes: Attribute
) -> Command:
    """Command between the accounts of a seat; the same in each replay."""
    named: dict[str, Attribute] = {
        "budget_id": seat.budget.budget_id,
        "partition": seat.partition,
    }
    # Ids of commands are short; these are as long as keys and numbers together.
    parts = f"{kind}|{seat.lease_id}|{sorted(attributes.items())}"
    digest = blake2b(parts.encode(), digest_size=16).hexdigest()
    return Command(f"{kind}-{digest}", to, kind, at, "engine", named | attributes)


def granted(answer: Answer) -> Command:
    """Command that brings an answer to its member."""
    claim = answer.asked.claim
    attributes: dict[str, Attribute] = {
        "budget_id": claim.budget_id,
        "desired": claim.desired,
        "order_id": claim.order_id,
        "period": claim.period,
        "reason": answer.reason,
        "rule_id": claim.rule_id,
        "store_id": claim.store_id,
        "value": answer.value,
    }
    return Command(
        claim.claim_id,
        claim.member_id,
        GRANTED,
        claim.occurred_at,
        "engine",
        attributes,
    )


def number(command: Command, name: str) -> int:
    """
    Whole number that a message between accounts holds.

    Raises: ValueError when it holds none; only we write such messages.
    """
    value = command.attributes.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"{command.type} holds no {name}")  # noqa: TRY004 - the value of a field
    return value
