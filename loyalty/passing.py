"""What time does by itself: waiting points come, held ones return, lots end."""

from typing import Final

from loyalty import caps
from loyalty.benefits import AutoRedeem
from loyalty.book import Book
from loyalty.conditions import Cap
from loyalty.decision import BURN, EARN
from loyalty.expiry import expires_at
from loyalty.giving import clocks_of, open_lot
from loyalty.member import PendingLot, PointsLot
from loyalty.program import Program, Programs
from loyalty.tiers import count_towards_tier, review_tier
from loyalty.zones import day_start, local_day

STEPS_MAX: Final = 100_000


def pass_time(book: Book, until: int, *, programs: Programs) -> None:
    """
    Do everything that falls due up to a time, each at its own moment.

    At one moment in this order: holds end, waiting points come, balances are
    redeemed by themselves, the tier is looked at, points expire, and the tier
    is looked at again.
    """
    steps = 0
    while 0 < book.next_due_at <= until:
        # What came back after its end (a released hold) falls due in the past.
        at = max(book.next_due_at, book.clock_at)
        program = programs.at(at)
        book.clock_at = at
        _end_holds(book, at)
        _activate(book, at, program=program)
        redeem_by_itself(book, at, program=program, cause=f"due-{at}")
        review_tier(book, at, program=program)
        _expire(book, at, program=program)
        review_tier(book, at, program=program)
        book.next_due_at = next_due_at(book)
        steps += 1
        assert book.next_due_at == 0 or book.next_due_at > at, "time stands still"
        assert steps < STEPS_MAX, "every lot and hold falls due once"


def next_due_at(book: Book) -> int:
    """Next moment at which time alone changes something; 0 is never."""
    due_at = book.tier_due_at
    if book.lots:
        ends_at = book.lots[0].expires_at
        if ends_at and (due_at == 0 or ends_at < due_at):
            due_at = ends_at
    for hold in book.holds:
        if due_at == 0 or hold.expires_at < due_at:
            due_at = hold.expires_at
    for waiting in book.pending:
        for moment in (waiting.usable_at, waiting.cancel_at):
            if moment and (due_at == 0 or moment < due_at):
                due_at = moment
    return due_at


def release_pending(
    book: Book, release_on: str, order_id: str, *, program: Program
) -> None:
    """Make the points usable that waited for such an act (of an order, if named)."""
    kept = []
    for waiting in book.pending:
        is_meant = waiting.release_on == release_on and (
            not order_id or waiting.lot.order_id == order_id
        )
        if is_meant:
            _come(book, waiting, program=program)
        else:
            kept.append(waiting)
    book.pending = tuple(kept)


def redeem_by_itself(book: Book, at: int, *, program: Program, cause: str) -> None:
    """
    Turn whole amounts of one wallet into another, as often as a day allows.

    What one rule gives may be what another one, also an earlier one, takes.
    """
    for number in range(len(program.auto_redeem)):
        of_pass = f"{cause}/{number}" if number else cause
        if not _redeem_once(book, at, program=program, cause=of_pass):
            return


def _redeem_once(book: Book, at: int, *, program: Program, cause: str) -> bool:
    """Go through all rules once; return whether one of them did something."""
    is_moved = False
    for rule in program.auto_redeem:
        runs = _runs(book, rule, at, program=program)
        if runs <= 0:
            continue
        is_moved = True
        source = program.wallet_by_id[rule.wallet]
        target = program.wallet_by_id[rule.into]
        book.burn(runs * rule.every, source, kind=BURN, reference=rule.rule_id)
        amount = runs * rule.amount
        lot = PointsLot(
            amount,
            amount,
            at,
            expires_at(target.expiry, at, program.zone),
            "",
            rule.rule_id,
            program.version,
            target.wallet_id,
            "",
            cause,
        )
        book.open_lot(lot, EARN, wallet=target)
        book.happen("auto_redeem", rule.rule_id, f"{runs * rule.every} became {amount}")
    return is_moved


def _runs(book: Book, rule: AutoRedeem, at: int, *, program: Program) -> int:
    runs = book.balance(rule.wallet) // rule.every
    if runs <= 0:
        return 0
    cap = (Cap(f"{rule.rule_id}/day", "day", points=rule.runs_per_day_max),)
    clocks = clocks_of(book.time_zone, program)
    runs = caps.allowed(cap, runs, at, counters=book.counters, clocks=clocks)
    if runs > 0:
        book.counters = caps.count(cap, runs, at, counters=book.counters, clocks=clocks)
    return runs


def _end_holds(book: Book, at: int) -> None:
    for hold in book.holds:
        if hold.expires_at <= at:
            book.release(hold)


def _activate(book: Book, at: int, *, program: Program) -> None:
    if not book.pending:
        return
    kept = []
    for waiting in book.pending:
        if waiting.usable_at and waiting.usable_at <= at:
            _come(book, waiting, program=program)
        elif waiting.cancel_at and waiting.cancel_at <= at:
            lot = waiting.lot
            book.happen("pending", lot.rule_id, f"{lot.points} points never came")
        else:
            kept.append(waiting)
    book.pending = tuple(kept)


def _come(book: Book, waiting: PendingLot, *, program: Program) -> None:
    lot = waiting.lot
    wallet = program.wallet_by_id.get(lot.wallet, program.wallet)
    open_lot(book, lot, kind=EARN, wallet=wallet)
    if program.tier_policy.basis == "points" and lot.wallet == program.wallet_id:
        count_towards_tier(book, book.clock_at, lot.points, program=program)


def _expire(book: Book, at: int, *, program: Program) -> None:
    days = max(wallet.reinstate_days for wallet in program.wallets)
    if days:
        book.expire(at, keep_from=first_to_reinstate(at, days, program))
    else:
        book.expire(at, keep_from=at)


def first_to_reinstate(at: int, days: int, program: Program) -> int:
    """Whole local days back: on the 15th, 10 days reach the 5th from its start."""
    return day_start(program.zone, local_day(program.zone, at) - days)
