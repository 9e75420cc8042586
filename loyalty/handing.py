"""
What a member gives to another in a merge, through its book.

The giver keeps nothing: whatever reaches its book later, goes on, too. So when
its past turns out to have been another, the difference is what has to be sent.
"""

from typing import Final

from loyalty.book import Book
from loyalty.decision import MERGE, UNMERGE
from loyalty.facts import ActFact, Parcel
from loyalty.guests import leave_with_guest
from loyalty.histories import BOUGHT
from loyalty.member import PointsLot
from loyalty.movements import Sent
from loyalty.parcels import ORDERS, OWED, TIER, of_lot, of_waiting
from loyalty.program import Program
from loyalty.tiers import bucket_of
from loyalty.wallets import ANNIVERSARY, UNLIMITED

# Years of membership are counted from another day with each member.
THIS_YEAR: Final = -1


def hand_over(book: Book, fact: ActFact, program: Program) -> None:
    """From now on everything goes to another member."""
    book.passed_to, book.passage = fact.target, fact.rule_id
    hand_on(book, program)


def hand_on(book: Book, program: Program) -> None:
    """Send what has come to a member that is another one now."""
    for hold in book.holds:
        book.release(hold)
    for lot in book.lots:
        _send(book, of_lot(lot, lot.origin))
        book.move(MERGE, lot._replace(points=-lot.points), reference=book.passage)
    for waiting in book.pending:
        _send(book, of_waiting(waiting, waiting.lot.origin))
    for debt in book.debts:
        _send(book, Parcel(OWED, debt.points, debt.wallet))
        wallet = program.wallet_by_id.get(debt.wallet, program.wallet)
        if wallet.below_zero == UNLIMITED:
            # An overdrawn balance is below 0, and is 0 now.
            paid = PointsLot(debt.points, 0, 0, 0, "", "", wallet=debt.wallet)
            book.move(MERGE, paid, reference=book.passage)
    book.lots, book.pending, book.debts = (), (), ()
    _hand_progress(book, program)


def reopen(book: Book, _: ActFact, __: Program) -> None:
    """Be oneself again."""
    book.passed_to = book.passage = ""


def hand_back(book: Book, fact: ActFact, program: Program) -> None:
    """Send back what came with another member, as far as it is there."""

    def is_theirs(lot: PointsLot) -> bool:
        return lot.origin[-1:] == (fact.target,)

    def send(parcel: Parcel) -> None:
        book.sent.append(Sent(fact.target, fact.rule_id, parcel, is_back=True))

    for lot in book.lots:
        if is_theirs(lot):
            send(of_lot(lot, lot.origin[:-1]))
            gone = lot._replace(points=-lot.points)
            book.move(UNMERGE, gone, reference=fact.rule_id)
    for waiting in book.pending:
        if is_theirs(waiting.lot):
            send(of_waiting(waiting, waiting.lot.origin[:-1]))
    book.lots = tuple(lot for lot in book.lots if not is_theirs(lot))
    book.pending = tuple(one for one in book.pending if not is_theirs(one.lot))
    orders, days = leave_with_guest(book, fact.target)
    yearly = program.tier_policy.window == ANNIVERSARY
    for day, points in days:
        send(Parcel(TIER, points, number=THIS_YEAR if yearly else day))
    if orders:
        send(Parcel(ORDERS, orders))


def _hand_progress(book: Book, program: Program) -> None:
    yearly = program.tier_policy.window == ANNIVERSARY
    this_year = bucket_of(book.clock_at, book.since_at, program=program)
    for day, points in book.earned_days:
        if not yearly:
            _send(book, Parcel(TIER, points, number=day))
        elif day == this_year:
            _send(book, Parcel(TIER, points, number=THIS_YEAR))
    if book.order_count:
        _send(book, Parcel(ORDERS, book.order_count))
    for item in book.bought:
        for time in item.times:
            _send(book, Parcel(BOUGHT, 1, rule_id=item.history_id, number=time))
    book.earned_days, book.order_count, book.bought = (), 0, ()


def _send(book: Book, parcel: Parcel) -> None:
    book.sent.append(Sent(book.passed_to, book.passage, parcel))
