"""What the accounts of budgets remember."""

from typing import NamedTuple

from loyalty.budgets import Asked
from loyalty.number_ranges import Ranges


class LeaseBook(NamedTuple):
    """
    Units of one period: leased and not yet spent, and spent.

    `asked` is the number of the request that is on its way, 0 if there is none.
    Of a numbered budget, `numbers` are those of the units held.
    """

    period: int
    held: int = 0
    spent: int = 0
    asked: int = 0
    due_at: int = 0
    waiting: tuple[Asked, ...] = ()
    numbers: Ranges = ()


class Lease(NamedTuple):
    """A lease account, `books` sorted by period; `serial` numbers its messages."""

    budget_id: str = ""
    version: int = 0
    serial: int = 0
    closed_through: int = -1
    books: tuple[LeaseBook, ...] = ()


def due_at_of(lease: Lease) -> int:
    """When idle units go back, ms since 1970; 0 is never."""
    return min((book.due_at for book in lease.books if book.due_at), default=0)


class Lent(NamedTuple):
    """
    One partition's lease: units out, of which it has said that some are spent.

    `out` less `spent` is the most that the lease can still hold.
    """

    partition: int
    out: int = 0
    spent: int = 0
    recall: int = 0


class Request(NamedTuple):
    """A lease that waits for units."""

    partition: int
    serial: int
    wanted: int


class OwnerBook(NamedTuple):
    """
    Units of one period: lent by partition, and who waits, in order.

    Of a numbered budget, `fresh` is the first number that was never lent, and
    `numbers` are those that came back.
    """

    period: int
    lent: tuple[Lent, ...] = ()
    queue: tuple[Request, ...] = ()
    fresh: int = 0
    numbers: Ranges = ()

    @property
    def out(self) -> int:
        """Units that are with the leases, spent or not."""
        return sum(lent.out for lent in self.lent)


class Owner(NamedTuple):
    """An owner account, `books` by period; `seen` has each lease's last serial."""

    version: int = 0
    recalls: int = 0
    closed_through: int = -1
    seen: tuple[tuple[int, int], ...] = ()
    books: tuple[OwnerBook, ...] = ()
