"""What a member takes from another in a merge, through its book."""

from loyalty.arriving import arrive
from loyalty.book import Book
from loyalty.decision import MERGE, REVERSE, UNMERGE
from loyalty.facts import ActFact, Parcel
from loyalty.guests import note_progress, take_game
from loyalty.handing import THIS_YEAR
from loyalty.histories import BOUGHT, forgotten, noted
from loyalty.member import PendingLot, PointsLot
from loyalty.parcels import LOT, ORDERS, OWED, PENDING, TIER, lot_of
from loyalty.program import Program
from loyalty.tiers import bucket_of
from loyalty.wallets import Wallet


def take_over(book: Book, fact: ActFact, program: Program) -> None:
    """Take what another member brings: now, and when its past changes."""
    _Taking(book, fact, program, kind=MERGE).all()


def regain(book: Book, fact: ActFact, program: Program) -> None:
    """Take back what had gone to another member, as far as it was there."""
    _Taking(book, fact, program, kind=UNMERGE).all()


class _Taking:
    """One act that takes parcels in; `kind` is that of its movements."""

    def __init__(
        self, book: Book, fact: ActFact, program: Program, *, kind: str
    ) -> None:
        self._book = book
        self._fact = fact
        self._program = program
        self._kind = kind

    def all(self) -> None:
        """Take each parcel: what comes before what goes, so that nothing is short."""
        for parcel in sorted(self._fact.parcels, key=lambda one: one.points < 0):
            if parcel.what in {LOT, PENDING}:
                self._points(parcel)
            elif parcel.what == OWED:
                self._debt(parcel)
            elif parcel.what in {TIER, ORDERS}:
                self._progress(parcel)
            elif parcel.what == BOUGHT:
                change = noted if parcel.points > 0 else forgotten
                book, name = self._book, parcel.rule_id
                book.bought = change(book.bought, name, parcel.number)
            elif self._kind == MERGE:
                take_game(self._book, parcel)

    def _points(self, parcel: Parcel) -> None:
        origin = parcel.origin
        if self._kind == MERGE:
            origin = (*origin, self._fact.target)
        lot = lot_of(parcel, origin)
        if parcel.points < 0:
            lot = lot._replace(points=-parcel.points)
            if parcel.what == PENDING:
                lot = self._without_waiting(lot)
            self._give_up(lot)
        elif parcel.what == PENDING:
            waiting = PendingLot(
                lot, parcel.usable_at, parcel.release_on, parcel.cancel_at
            )
            self._book.pending = (*self._book.pending, waiting)
        else:
            self._open(lot)

    def _debt(self, parcel: Parcel) -> None:
        if parcel.points > 0:
            # It is paid at once with what is there; the rest is owed.
            self._burn(parcel.points, parcel.wallet, kind=self._kind)
            return
        # It was less than it had seemed, and may have been paid.
        lot = PointsLot(
            -parcel.points,
            -parcel.points,
            self._fact.at,
            0,
            "",
            "",
            wallet=parcel.wallet,
            reference=self._fact.fact_id,
        )
        self._open(lot)

    def _progress(self, parcel: Parcel) -> None:
        book, fact = self._book, self._fact
        if parcel.number == THIS_YEAR:
            year = bucket_of(fact.at, book.since_at, program=self._program)
            parcel = parcel._replace(number=year)
        note_progress(book, fact.target if self._kind == MERGE else "", parcel)

    def _open(self, lot: PointsLot) -> None:
        wallet, merge_id = self._wallet(lot.wallet), self._fact.rule_id
        arrive(self._book, lot, kind=self._kind, wallet=wallet, reference=merge_id)

    def _give_up(self, lot: PointsLot) -> None:
        """Points that never were: out of their own lot, then out of others."""
        book, left, kept = self._book, lot.points, []
        for one in book.lots:
            part = min(left, one.points) if _is_same(one, lot) else 0
            if part:
                left -= part
                gone = one._replace(points=-part)
                book.move(REVERSE, gone, reference=self._fact.rule_id)
            if part < one.points:
                kept.append(one._replace(points=one.points - part))
        book.lots = tuple(kept)
        if left:
            self._burn(left, lot.wallet, kind=REVERSE)

    def _without_waiting(self, lot: PointsLot) -> PointsLot:
        """Take what still waits out of a lot; return what is left to take elsewhere."""
        left, kept = lot.points, []
        for waiting in self._book.pending:
            one = waiting.lot
            part = min(left, one.points) if _is_same(one, lot) else 0
            left -= part
            if part < one.points:
                rest = one._replace(points=one.points - part)
                kept.append(waiting._replace(lot=rest))
        self._book.pending = tuple(kept)
        return lot._replace(points=left)

    def _burn(self, points: int, wallet_id: str, *, kind: str) -> None:
        wallet = self._wallet(wallet_id)
        self._book.burn(points, wallet, kind=kind, reference=self._fact.rule_id)

    def _wallet(self, wallet_id: str) -> Wallet:
        program = self._program
        return program.wallet_by_id.get(wallet_id, program.wallet)


def _is_same(lot: PointsLot, other: PointsLot) -> bool:
    key = (lot.lot_id, lot.wallet, lot.origin)
    return key == (other.lot_id, other.wallet, other.origin)
