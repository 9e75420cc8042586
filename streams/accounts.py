"""The accounts of budgets that live in one partition, beside its members."""

from collections.abc import Iterable
from typing import NamedTuple

from loyalty.budget_books import Lease, due_at_of
from loyalty.settling import Account
from streams.members import Members


class Accounts:
    """Owners and leases of one partition; always what the changelog says."""

    def __init__(self) -> None:
        """Start with none."""
        self._accounts: dict[str, Account] = {}
        self._due: dict[str, int] = {}

    def __len__(self) -> int:
        """Accounts known."""
        return len(self._accounts)

    @property
    def timers(self) -> int:
        """Leases that will have something to give back."""
        return len(self._due)

    def all(self) -> Iterable[Account]:
        """Every account as last committed."""
        return self._accounts.values()

    def find(self, account_id: str) -> Account | None:
        """Account as last committed; None if there is none yet."""
        return self._accounts.get(account_id)

    def apply(self, changed: Iterable[tuple[str, Account]]) -> None:
        """Take over what a committed transaction, or the changelog, says."""
        for account_id, account in changed:
            self._accounts[account_id] = account
            due_at = due_at_of(account) if isinstance(account, Lease) else 0
            if due_at:
                self._due[account_id] = due_at
            else:
                self._due.pop(account_id, None)

    def due(self, at: int) -> list[str]:
        """Leases that have something to give back at a time, by id."""
        return sorted(name for name, due_at in self._due.items() if due_at <= at)


class Holdings(NamedTuple):
    """All that one partition holds."""

    members: Members
    accounts: Accounts
