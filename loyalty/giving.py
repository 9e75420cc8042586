"""How points reach a wallet: caps, cooldown, budget, waiting time, expiry, pool."""

from typing import NamedTuple

from loyalty import caps
from loyalty.anniversaries import next_anniversary
from loyalty.arriving import arrive
from loyalty.book import Book
from loyalty.conditions import ANY_TIME, REJECT, Cap, Pending, When
from loyalty.decision import EARN, TRANSFER
from loyalty.expiry import SLIDING, Expiry, expires_at
from loyalty.histories import all_hold
from loyalty.member import Counter, PendingLot, PointsLot
from loyalty.movements import BudgetUse, Credit, Trim
from loyalty.program import Program
from loyalty.rules import BonusRule, EarnRule
from loyalty.terms import Terms
from loyalty.wallets import Wallet


class Award(NamedTuple):
    """Points about to be given: for which order (or reference), by which rule."""

    rule_id: str
    points: int
    wallet: str
    order_id: str = ""
    reference: str = ""
    line_id: str = ""
    kind: str = EARN


def give_by_rule(book: Book, terms: Terms, award: Award, *, program: Program) -> int:
    """Give what a rule awards as far as its terms let; return the points given."""
    if not terms.is_limited:
        return give(
            book, award, program=program, pending=terms.pending, expiry=terms.expiry
        )
    at = book.clock_at
    cooldown_key = f"{award.rule_id}/cooldown"
    if terms.cooldown_ms and caps.is_cooling(
        cooldown_key, at, terms.cooldown_ms, counters=book.counters
    ):
        _note_trim(book, award, limit="the pause between two times")
        return 0
    points = _within(book, terms.caps, award.points, program=program)
    if points < award.points:
        limit = _cap_words(book, terms.caps, award, program=program)
        _note_trim(book, award, given=points, limit=limit)
    if points <= 0:
        return 0
    if terms.budget_id:
        of = award.order_id or award.reference
        book.claims.append(BudgetUse(terms.budget_id, of, award.rule_id, points, at))
        given = points
    else:
        given = give(
            book,
            award._replace(points=points),
            program=program,
            pending=terms.pending,
            expiry=terms.expiry,
        )
    if given:
        _count(book, terms.caps, given, program=program)
        if terms.cooldown_ms:
            counter = Counter(cooldown_key, 0, 0, 0, at)
            book.counters = caps.put(book.counters, counter)
    return given


def give(
    book: Book,
    award: Award,
    *,
    program: Program,
    pending: Pending | None = None,
    expiry: Expiry | None = None,
) -> int:
    """Open a lot, or let it wait; return the points that the wallet's caps let in."""
    wallet = program.wallet_by_id.get(award.wallet) or program.wallet
    points = _into_wallet(book, wallet, award.points, program=program)
    if points < award.points:
        limit = f"what {wallet.wallet_id} may take in or hold"
        _note_trim(book, award, given=points, limit=limit)
    if points <= 0:
        return 0
    at = book.clock_at
    lot = PointsLot(
        points,
        points,
        at,
        expires_at(expiry or wallet.expiry, at, program.zone),
        award.order_id,
        award.rule_id,
        program.version,
        wallet.wallet_id,
        award.line_id,
        award.reference,
    )
    if pending is not None:
        book.pending = (*book.pending, _waiting(lot, pending, at, program=program))
    else:
        open_lot(book, lot, kind=award.kind, wallet=wallet)
    return points


def _note_trim(book: Book, award: Award, *, given: int = 0, limit: str) -> None:
    source_id = award.order_id or award.reference
    book.trims.append(Trim(source_id, award.rule_id, award.points, given, limit))


def _cap_words(
    book: Book, limits: tuple[Cap, ...], award: Award, *, program: Program
) -> str:
    clocks = caps.clocks_of(book.time_zone, program)
    counters = book.counters
    limiting = caps.limiting(
        limits, award.points, book.clock_at, counters=counters, clocks=clocks
    )
    return caps.words_of(limiting)


def open_lot(book: Book, lot: PointsLot, *, kind: str, wallet: Wallet) -> None:
    """Make points usable; a member of a pool passes them on at once."""
    if book.pool_id and kind == EARN:
        book.move(kind, lot, reference="")
        out = lot._replace(points=-lot.points)
        book.move(TRANSFER, out, reference=book.pool_id)
        book.credits.append(Credit(book.pool_id, lot.lot_id, lot.wallet, lot.points))
        return
    if kind == TRANSFER:
        # Another member has paid, or has earned, them: they are not refused.
        arrive(book, lot, kind=kind, wallet=wallet)
        return
    book.open_lot(lot, kind, wallet=wallet)


def slide(book: Book, at: int, *, program: Program) -> None:
    """Something was done: points that live from the last activity live on."""
    book.active_at = at
    if not program.has_sliding_wallets:
        return
    sliding = {
        wallet.wallet_id: expires_at(wallet.expiry, at, program.zone)
        for wallet in program.wallets
        if wallet.expiry.kind == SLIDING
    }

    def slid(lot: PointsLot) -> PointsLot:
        ends_at = sliding.get(lot.wallet)
        rule = program.rules.get(lot.rule_id)
        has_own = isinstance(rule, EarnRule | BonusRule) and rule.expiry is not None
        if ends_at is None or has_own:
            return lot
        return lot._replace(expires_at=ends_at)

    lots, book.lots = book.lots, ()
    for lot in lots:
        book.put(slid(lot))
    book.pending = tuple(one._replace(lot=slid(one.lot)) for one in book.pending)
    if book.holds:
        # What ended while it was set aside has ended: as if it had stayed.
        book.holds = tuple(
            hold._replace(
                lots=tuple(
                    slid(lot) if lot.expires_at > at else lot for lot in hold.lots
                )
            )
            for hold in book.holds
        )


def _into_wallet(book: Book, wallet: Wallet, points: int, *, program: Program) -> int:
    """What a wallet lets in: its period caps, and its largest balance."""
    if wallet.caps:
        points = _within(book, wallet.caps, points, program=program)
    if wallet.balance_max and points > 0:
        room = max(wallet.balance_max - _all_in(book, wallet.wallet_id), 0)
        if points > room:
            points = 0 if wallet.over == REJECT else room
    if wallet.caps and points > 0:
        _count(book, wallet.caps, points, program=program)
    return points


def _all_in(book: Book, wallet_id: str) -> int:
    """Points of a wallet, with those that wait or are set aside: they may return."""
    waiting = sum(w.lot.points for w in book.pending if w.lot.wallet == wallet_id)
    held = sum(hold.points for hold in book.holds if hold.wallet == wallet_id)
    return book.balance(wallet_id) + waiting + held


def _within(
    book: Book, limits: tuple[Cap, ...], points: int, *, program: Program
) -> int:
    at, clocks = book.clock_at, caps.clocks_of(book.time_zone, program)
    return caps.allowed(limits, points, at, counters=book.counters, clocks=clocks)


def _count(
    book: Book, limits: tuple[Cap, ...], points: int, *, program: Program
) -> None:
    at, clocks = book.clock_at, caps.clocks_of(book.time_zone, program)
    known = book.counters
    book.counters = caps.count(limits, points, at, counters=known, clocks=clocks)


def _waiting(
    lot: PointsLot, pending: Pending, at: int, *, program: Program
) -> PendingLot:
    usable_at = 0
    if pending.dates:
        usable_at = min(
            next_anniversary(month, day, at, zone=program.zone)
            for month, day in pending.dates
        )
    elif not pending.release_on:
        usable_at = at + pending.delay_ms
    cancel_at = at + pending.cancel_ms if pending.cancel_ms else 0
    return PendingLot(lot, usable_at, pending.release_on, cancel_at)


def suits(when: When, book: Book) -> bool:
    """Whether the part of a condition holds that looks at the member at that time."""
    if when is ANY_TIME:
        return True
    if when.tiers and book.tier not in when.tiers:
        return False
    if when.order_number and book.order_count != when.order_number:
        return False
    if when.every_order and book.order_count % when.every_order:
        return False
    return not when.bought or all_hold(when.bought, book.bought, book.clock_at)
