"""The owner of a budget: lends blocks, calls idle ones back, says when all is gone."""

from typing import Final, NamedTuple

from loyalty.accounts import (
    Seat,
    lease_id,
    message,
    number,
    units_of,
)
from loyalty.budget_books import Lent, Owner, OwnerBook, Request
from loyalty.budgets import (
    LEASE,
    LEASED,
    RECALL,
)
from loyalty.events import Attribute, Command
from loyalty.limits import BUDGET_PERIODS_MAX, BUDGET_RECALLS_MAX
from loyalty.number_ranges import Range, merged, ranges_in, size_of, taken, text_of

# A block is at least what is wanted, and at most this part of what is left: the
# blocks shrink towards the edge, so that little has to be called back there.
BLOCK_SHARE: Final = 32


class OwnerStep(NamedTuple):
    """An owner after one step, with what it sends."""

    owner: Owner
    messages: tuple[Command, ...] = ()


def take_message(owner: Owner, command: Command, seat: Seat) -> OwnerStep | None:
    """
    Take a request or a return of a lease; None for one that was taken before.

    `seat` is the lease that sent it.
    """
    serial, period = number(command, "serial"), number(command, "period")
    seen = dict(owner.seen)
    if serial <= seen.get(seat.partition, 0):
        return None
    seen[seat.partition] = serial
    owner = owner._replace(version=owner.version + 1, seen=tuple(sorted(seen.items())))
    if period <= owner.closed_through:
        return OwnerStep(owner, _closed(command, seat))
    book = _Book(owner, period, seat, at=command.occurred_at)
    book.note(command)
    if command.type == LEASE:
        book.queue.append(Request(seat.partition, serial, number(command, "wanted")))
    book.serve()
    return book.step()


def _closed(command: Command, seat: Seat) -> tuple[Command, ...]:
    """Answer to a request for a period that is closed: nothing, and no more."""
    if command.type != LEASE:
        return ()
    period, serial = number(command, "period"), number(command, "serial")
    answer = message(
        seat,
        seat.lease_id,
        kind=LEASED,
        at=command.occurred_at,
        period=period,
        serial=serial,
        units=0,
        is_last=True,
    )
    return (answer,)


class _Book:
    """A period of an owner while one message is taken."""

    def __init__(self, owner: Owner, period: int, seat: Seat, *, at: int) -> None:
        book = next((b for b in owner.books if b.period == period), OwnerBook(period))
        self.queue = list(book.queue)
        self._fresh, self._numbers = book.fresh, book.numbers
        self._owner = owner
        self._period = period
        self._seat = seat
        self._at = at
        self._total = units_of(seat.budget, seat.account)
        self._lent = {lent.partition: lent for lent in book.lent}
        self._recalls = owner.recalls
        self._messages: list[Command] = []

    def note(self, command: Command) -> None:
        """Take over what a lease says of itself."""
        lent = self._lent_to(self._seat.partition)
        spent = number(command, "spent")
        if spent >= 0:
            lent = lent._replace(spent=spent)
        if command.type != LEASE:
            lent = lent._replace(out=lent.out - number(command, "units"))
            if lent.recall and lent.recall == number(command, "recall"):
                lent = lent._replace(recall=0)
            back = ranges_in(str(command.attributes.get("numbers", "")))
            self._numbers = merged((*self._numbers, *back))
        self._lent[lent.partition] = lent

    def serve(self) -> None:
        """Lend to who waits, in order, while it is known what there is."""
        while self.queue:
            request = self.queue[0]
            free = self._free
            if free < request.wanted and self._recall(request.partition):
                return
            self.queue.pop(0)
            is_last = free < request.wanted
            block = max(request.wanted, free // BLOCK_SHARE)
            units = max(free, 0) if is_last else min(block, free)
            more: dict[str, Attribute] = {}
            if self._seat.budget.is_numbered:
                got = self._lend_numbers(units)
                # In too many pieces for one message: the lease will ask again.
                is_last = is_last and size_of(got) == units
                units, more = size_of(got), {"numbers": text_of(got)}
            lent = self._lent_to(request.partition)
            self._lent[lent.partition] = lent._replace(out=lent.out + units)
            self._send(
                LEASED,
                request.partition,
                serial=request.serial,
                units=units,
                is_last=is_last,
                **more,
            )

    def _lend_numbers(self, units: int) -> tuple[Range, ...]:
        """Numbers that came back before those that were never lent."""
        got, self._numbers = taken(self._numbers, units)
        fresh = min(units - size_of(got), self._total - self._fresh)
        if self._numbers or fresh <= 0:
            return got
        got = merged((*got, Range(self._fresh, fresh)))
        self._fresh += fresh
        return got

    def step(self) -> OwnerStep:
        lent = tuple(self._lent[partition] for partition in sorted(self._lent))
        queue, fresh = tuple(self.queue), self._fresh
        book = OwnerBook(self._period, lent, queue, fresh, self._numbers)
        books = {one.period: one for one in self._owner.books} | {book.period: book}
        closed_through = self._owner.closed_through
        if len(books) > BUDGET_PERIODS_MAX:
            closed_through = min(books)
            closed = books.pop(closed_through)
            for request in closed.queue:
                self._send(
                    LEASED,
                    request.partition,
                    period=closed.period,
                    serial=request.serial,
                    units=0,
                    is_last=True,
                )
        owner = self._owner._replace(
            recalls=self._recalls,
            closed_through=closed_through,
            books=tuple(books[period] for period in sorted(books)),
        )
        return OwnerStep(owner, tuple(self._messages))

    @property
    def _free(self) -> int:
        return self._total - sum(lent.out for lent in self._lent.values())

    def _recall(self, asker: int) -> bool:
        """Call back what other leases may hold; whether something is to wait for."""
        held = [
            lent
            for lent in self._lent.values()
            if lent.partition != asker and lent.out > lent.spent
        ]
        waits = any(lent.recall for lent in self._lent.values())
        idle = [lent for lent in held if not lent.recall]
        idle.sort(key=lambda lent: (lent.spent - lent.out, lent.partition))
        for lent in idle[:BUDGET_RECALLS_MAX] if not waits else ():
            self._recalls += 1
            self._lent[lent.partition] = lent._replace(recall=self._recalls)
            self._send(RECALL, lent.partition, recall=self._recalls)
        return waits or bool(idle)

    def _lent_to(self, partition: int) -> Lent:
        return self._lent.get(partition, Lent(partition))

    def _send(self, kind: str, partition: int, **attributes: Attribute) -> None:
        seat = self._seat._replace(partition=partition)
        to = lease_id(seat.account, partition)
        named: dict[str, Attribute] = {"period": self._period} | attributes
        self._messages.append(message(seat, to, kind=kind, at=self._at, **named))
