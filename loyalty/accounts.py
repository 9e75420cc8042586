"""How the accounts of budgets are named, and what they say to one another."""

from hashlib import blake2b
from typing import Final, NamedTuple

from loyalty.budgets import (
    GRANTED,
    LEASE_PREFIX,
    NO_NUMBER,
    OWNER_PREFIX,
    Answer,
    Budget,
)
from loyalty.events import ENGINE, Attribute, Command

ACCOUNT_BYTES_MAX: Final = 128


class Seat(NamedTuple):
    """Where a lease stands: its account, the budget's rules, its partition."""

    account: str
    budget: Budget
    partition: int

    @property
    def lease_id(self) -> str:
        """Id of the lease account."""
        return lease_id(self.account, self.partition)


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
    # Asked for every record: with a tuple of both it would take three times as long.
    return member_id.startswith(OWNER_PREFIX) or member_id.startswith(LEASE_PREFIX)  # noqa: PIE810 - see above


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
    return Command(f"{kind}-{digest}", to, kind, at, ENGINE, named | attributes)


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
    if answer.number != NO_NUMBER:
        attributes["number"] = answer.number
    return Command(
        claim.claim_id,
        claim.member_id,
        GRANTED,
        claim.occurred_at,
        ENGINE,
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
