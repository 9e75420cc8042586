"""The lease of a budget in one partition: grants claims, asks for more, gives back."""

from typing import Final, NamedTuple

from loyalty.accounts import (
    Seat,
    message,
    number,
    owner_id,
)
from loyalty.budget_books import Lease, LeaseBook
from loyalty.budgets import (
    BUSY,
    CLOSED,
    EXHAUSTED,
    LEASE,
    NO_NUMBER,
    PARTIAL,
    RETURN,
    Answer,
    Asked,
    Release,
)
from loyalty.events import Attribute, Command
from loyalty.limits import BUDGET_PERIODS_MAX, CLAIMS_WAITING_MAX, LEASE_IDLE_MS
from loyalty.number_ranges import merged, ranges_in, size_of, taken, text_of

# The book is closed, so what it had spent is not known any more.
SPENT_UNKNOWN: Final = -1


class LeaseStep(NamedTuple):
    """A lease after one step, with what it answers and sends."""

    lease: Lease
    answers: tuple[Answer, ...] = ()
    messages: tuple[Command, ...] = ()


def take_claim(lease: Lease, asked: Asked, seat: Seat) -> LeaseStep:
    """Grant a claim at once, or keep it waiting and ask the owner for a block."""
    claim = asked.claim
    desk = _Desk(lease, seat, claim.occurred_at)
    if claim.period <= lease.closed_through:
        return desk.refuse(asked, CLOSED)
    if sum(len(book.waiting) for book in lease.books) >= CLAIMS_WAITING_MAX:
        return desk.refuse(asked, BUSY)
    for book in lease.books:
        if book.period < claim.period and not book.waiting:
            desk.give_back(book, book.held)
    if desk.find(claim.period) is None and len(desk.books) >= BUDGET_PERIODS_MAX:
        if claim.period < min(desk.books):
            return desk.refuse(asked, CLOSED)
        desk.close_oldest()
    book = desk.find(claim.period) or LeaseBook(claim.period)
    due_at = max(book.due_at, claim.occurred_at + LEASE_IDLE_MS)
    desk.settle(book._replace(due_at=due_at, waiting=(*book.waiting, asked)))
    return desk.step()


def take_leased(lease: Lease, command: Command, seat: Seat) -> LeaseStep | None:
    """Take a block that the owner sent; None for one that was taken before."""
    period, units = number(command, "period"), number(command, "units")
    desk = _Desk(lease, seat, command.occurred_at)
    book = desk.find(period)
    if book is None and period <= lease.closed_through:
        # Asked for before the book was closed: nobody waits for it any more.
        desk.send_return(LeaseBook(period, spent=SPENT_UNKNOWN), units)
        return desk.step()
    if book is None or book.asked != number(command, "serial"):
        return None
    is_last = command.attributes.get("is_last") is True
    due_at = max(book.due_at, command.occurred_at + LEASE_IDLE_MS)
    came = ranges_in(str(command.attributes.get("numbers", "")))
    numbers = merged((*book.numbers, *came))
    book = book._replace(
        held=book.held + units, asked=0, due_at=due_at, numbers=numbers
    )
    desk.settle(book, is_last=is_last)
    return desk.step()


def take_recall(lease: Lease, command: Command, seat: Seat) -> LeaseStep:
    """Give back all that is held: claims elsewhere wait for it."""
    period, recall = number(command, "period"), number(command, "recall")
    desk = _Desk(lease, seat, command.occurred_at)
    book = desk.find(period) or LeaseBook(period, spent=SPENT_UNKNOWN)
    left = desk.send_return(book, book.held, recall=recall)
    if desk.find(period) is not None:
        desk.put(left._replace(due_at=book.due_at if left.held else 0))
    return desk.step()


def take_release(lease: Lease, release: Release, seat: Seat) -> LeaseStep:
    """
    Take back units that were granted: for those who wait, else for the owner.

    Those of a numbered budget do not come back: a number is given once.
    """
    desk = _Desk(lease, seat, release.occurred_at)
    book = desk.find(release.period)
    if book is None or seat.budget.is_numbered:
        # The period is closed; its units count no more.
        return desk.step()
    units = max(min(release.units, book.spent), 0)
    desk.settle(book._replace(held=book.held + units, spent=book.spent - units))
    settled = desk.books[release.period]
    if not settled.waiting:
        desk.give_back(settled, min(settled.held, units), due_at=settled.due_at)
    return desk.step()


def tick_lease(lease: Lease, at: int, seat: Seat) -> LeaseStep:
    """Give back what nobody has claimed of for a while."""
    desk = _Desk(lease, seat, at)
    for book in lease.books:
        if 0 < book.due_at <= at:
            desk.give_back(book, 0 if book.waiting else book.held)
    return desk.step()


class _Desk:
    """A lease while one thing happens to it."""

    def __init__(self, lease: Lease, seat: Seat, at: int) -> None:
        self.books = {book.period: book for book in lease.books}
        self._lease = lease
        self._seat = seat
        self._at = at
        self._serial = lease.serial
        self._closed_through = lease.closed_through
        self._answers: list[Answer] = []
        self._messages: list[Command] = []

    def find(self, period: int) -> LeaseBook | None:
        return self.books.get(period)

    def put(self, book: LeaseBook) -> None:
        self.books[book.period] = book

    def refuse(self, asked: Asked, reason: str) -> LeaseStep:
        self._answers.append(Answer(asked, 0, reason))
        return self.step()

    def settle(self, book: LeaseBook, *, is_last: bool = False) -> None:
        """Serve who waits, in order; ask for what is missing, unless all is gone."""
        held, spent, waiting = book.held, book.spent, list(book.waiting)
        numbers = book.numbers
        is_partial = self._seat.budget.edge == PARTIAL
        while waiting and (held >= waiting[0].units or is_last):
            asked = waiting.pop(0)
            value = asked.units if held >= asked.units else held * is_partial
            held, spent = held - value, spent + value
            reason = "" if value == asked.units else EXHAUSTED
            number = NO_NUMBER
            if value and numbers:
                number = numbers[0].first
                _, numbers = taken(numbers, value)
            self._answers.append(Answer(asked, value, reason, number))
        book = book._replace(
            held=held, spent=spent, waiting=tuple(waiting), numbers=numbers
        )
        if waiting and not book.asked:
            self._serial += 1
            book = book._replace(asked=self._serial)
            wanted = sum(asked.units for asked in waiting) - held
            self._send(LEASE, book, wanted=wanted)
        self.put(book)
        if is_last:
            # At the edge nobody keeps what somebody else could use.
            self.give_back(book, held)

    def give_back(self, book: LeaseBook, units: int, *, due_at: int = 0) -> None:
        if units:
            book = self.send_return(book, units)
        self.put(book._replace(due_at=due_at if book.held else 0))

    def send_return(self, book: LeaseBook, units: int, *, recall: int = 0) -> LeaseBook:
        """Send units back; the book without them, of too many ranges with the rest."""
        self._serial += 1
        more: dict[str, Attribute] = {}
        numbers = book.numbers
        if numbers:
            back, numbers = taken(numbers, units)
            units, more = size_of(back), {"numbers": text_of(back)}
        left = book._replace(held=book.held - units, numbers=numbers)
        self._send(RETURN, left, units=units, recall=recall, **more)
        return left

    def close_oldest(self) -> None:
        """Make room for a new period; who still waits in the oldest gets nothing."""
        book = self.books[min(self.books)]
        self._answers.extend(Answer(asked, 0, CLOSED) for asked in book.waiting)
        if book.held:
            self.send_return(book, book.held)
        del self.books[book.period]
        self._closed_through = book.period

    def step(self) -> LeaseStep:
        books = tuple(self.books[period] for period in sorted(self.books))
        lease = Lease(
            self._seat.budget.budget_id,
            self._lease.version + 1,
            self._serial,
            self._closed_through,
            books,
        )
        return LeaseStep(lease, tuple(self._answers), tuple(self._messages))

    def _send(self, kind: str, book: LeaseBook, **attributes: Attribute) -> None:
        to = owner_id(self._seat.account)
        named: dict[str, Attribute] = {
            "period": book.period,
            "serial": self._serial,
            "spent": book.spent,
        }
        attributes = named | attributes
        self._messages.append(
            message(self._seat, to, kind=kind, at=self._at, **attributes)
        )
