"""What members say of budgets, held against what the leases say."""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from loyalty.accounts import account_in, account_of
from loyalty.budget_books import Lease
from loyalty.budgets import GRANTED, Asked
from loyalty.decision import Decision
from loyalty.events import Command, MemberEvent


class Spent(NamedTuple):
    """Where units of a budget were spent."""

    budget_id: str
    store_id: str
    period: int


class Recount:
    """Claims, grants and releases of the members of one partition."""

    def __init__(self) -> None:
        """Start with none."""
        self.spent: Counter[Spent] = Counter()
        self.claimed: set[str] = set()
        self.answered: set[str] = set()

    def count(self, event: MemberEvent, decision: Decision) -> None:
        """Count what one decision claims and gives back, and a grant's units."""
        self.claimed.update(claim.claim_id for claim in decision.claims)
        for release in decision.releases:
            spent = Spent(release.budget_id, release.store_id, release.period)
            self.spent[spent] -= release.units
        if isinstance(event, Command) and event.type == GRANTED:
            self.answered.add(event.command_id)
            say = event.attributes
            spent = Spent(
                str(say["budget_id"]), str(say["store_id"]), int(say["period"])
            )
            self.spent[spent] += int(say["value"])

    def faults(self, leases: Mapping[str, Lease]) -> list[str]:
        """What leases have spent, and who waits there, that no member knows of."""
        waiting = [
            asked
            for lease in leases.values()
            for book in lease.books
            for asked in book.waiting
        ]
        found = []
        if {asked.claim.claim_id for asked in waiting} != self.claimed - self.answered:
            found.append("claims without an answer are not those that wait")
        for lease_id, lease in sorted(leases.items()):
            account = account_in(lease_id)
            for book in lease.books:
                again = self._units(lease, account, book.period)
                again += _passed(waiting, account, book.period)
                if again != book.spent:
                    found.append(
                        f"{lease_id} period {book.period}: {book.spent} units are "
                        f"spent, the members' grants come to {again}"
                    )
        return found

    def _units(self, lease: Lease, account: str, period: int) -> int:
        return sum(
            units
            for spent, units in self.spent.items()
            if spent.period == period and _is_of(spent, lease, account)
        )


def _passed(waiting: list[Asked], account: str, period: int) -> int:
    """Units that a store's share gave to claims that still wait at the total."""
    return sum(
        asked.units
        for asked in waiting
        if asked.claim.period == period and account in asked.passed
    )


def _is_of(spent: Spent, lease: Lease, account: str) -> bool:
    if spent.budget_id != lease.budget_id:
        return False
    total = account_of(spent.budget_id)
    return account in (total, account_of(spent.budget_id, spent.store_id))
