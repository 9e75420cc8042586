"""What an act, a command or an answer moves: each kind, one function."""

from collections.abc import Callable
from typing import Final

from loyalty import caps
from loyalty.arriving import arrive
from loyalty.book import Book
from loyalty.decision import ADJUST, BURN, EARN, REINSTATE, TRANSFER
from loyalty.expiry import expires_at
from loyalty.facts import (
    GRANT,
    HAND_BACK,
    HAND_OVER,
    HOLD_TO_REDEEM,
    HOLD_TO_RESERVE,
    RECEIVE_REWARD,
    REGAIN,
    REOPEN,
    TAKE_IN,
    TAKE_OVER,
    ActFact,
)
from loyalty.games import (
    join_challenge,
    leave_challenge,
)
from loyalty.gift_years import given_in_year
from loyalty.giving import Award, give, give_by_rule, slide, suits
from loyalty.handing import hand_back, hand_over, reopen
from loyalty.member import GIVEN, TO_REDEEM, TO_RESERVE, Hold, PointsLot
from loyalty.passing import first_to_reinstate, release_pending
from loyalty.program import Program
from loyalty.rules import BonusRule, EarnRule
from loyalty.taking import regain, take_over
from loyalty.tiers import count_towards_tier
from loyalty.wallets import Wallet


def _activity(book: Book, fact: ActFact, program: Program) -> None:
    slide(book, fact.at, program=program)
    for gain in fact.gains:
        rule = program.rules.get(gain.rule_id)
        if isinstance(rule, EarnRule) and suits(rule.when, book):
            award = Award(gain.rule_id, gain.points, rule.wallet)
            award = award._replace(reference=fact.fact_id)
            terms = program.terms[gain.rule_id]
            given = give_by_rule(book, terms, award, program=program)
            is_now = rule.pending is None and not rule.budget_id
            if rule.wallet == program.wallet_id and is_now:
                _count_points(book, given, program=program)
    if fact.target or fact.rule_id:
        release_pending(book, fact.rule_id, fact.target, program=program)


def _count_points(book: Book, points: int, *, program: Program) -> None:
    if program.tier_policy.basis == "points":
        count_towards_tier(book, book.clock_at, points, program=program)


def _plus(kind: str) -> "Apply":
    """Points that come with a command; `until` is an expiry of their own."""

    def add(book: Book, fact: ActFact, program: Program) -> None:
        if fact.points <= 0:
            return
        wallet = program.wallet_by_id.get(fact.wallet, program.wallet)
        award = Award(fact.rule_id, fact.points, wallet.wallet_id, kind=kind)
        award = award._replace(reference=fact.fact_id)
        if not fact.until:
            give(book, award, program=program)
            return
        lot = _lot_of(fact, wallet, fact.until)
        book.open_lot(lot, kind, wallet=wallet)

    return add


def _lot_of(fact: ActFact, wallet: Wallet, until: int) -> PointsLot:
    """Lot that an act itself brings, with no order and no line."""
    return PointsLot(
        fact.points,
        fact.points,
        fact.at,
        until,
        "",
        fact.rule_id,
        fact.version,
        wallet.wallet_id,
        "",
        fact.fact_id,
    )


def _take_in(book: Book, fact: ActFact, program: Program) -> None:
    """Points that another member had: what limits a wallet does not keep them out."""
    wallet = program.wallet_by_id.get(fact.wallet, program.wallet)
    until = fact.until or expires_at(wallet.expiry, fact.at, program.zone)
    arrive(book, _lot_of(fact, wallet, until), kind=TRANSFER, wallet=wallet)


def _minus(kind: str) -> "Apply":
    def take(book: Book, fact: ActFact, program: Program) -> None:
        wallet = program.wallet_by_id.get(fact.wallet, program.wallet)
        if kind == BURN:
            slide(book, fact.at, program=program)
            _count_reward(book, fact, program=program)
        book.burn(fact.points, wallet, kind=kind, reference=fact.fact_id)

    return take


def _count_reward(book: Book, fact: ActFact, *, program: Program) -> None:
    """Count a reward that was had against how often a member may have it."""
    for reward in program.offers:
        if reward.per_member and reward.offer_id == fact.rule_id:
            book.counters = caps.count(
                reward.per_member,
                1,
                fact.at,
                counters=book.counters,
                clocks=caps.clocks_of(book.time_zone, program),
            )


def _hold(stock: str) -> "Apply":
    """Points set aside; `stock` says what a unit of the reward is waited for."""

    def hold(book: Book, fact: ActFact, program: Program) -> None:
        wallet = program.wallet_by_id.get(fact.wallet, program.wallet)
        held = Hold(
            fact.fact_id,
            wallet.wallet_id,
            fact.points,
            fact.at,
            fact.until,
            fact.rule_id,
            (),
            stock,
            fact.store_id,
        )
        book.hold(held, wallet)

    return hold


def _stocked(book: Book, fact: ActFact, _: Program) -> None:
    """A reservation has its unit."""
    book.holds = tuple(
        hold._replace(stock=GIVEN) if hold.hold_id == fact.target else hold
        for hold in book.holds
    )


def _confirm(book: Book, fact: ActFact, program: Program) -> None:
    hold = book.find_hold(fact.target)
    if hold is not None:
        slide(book, fact.at, program=program)
        _count_reward(book, fact, program=program)
        wallet = program.wallet_by_id.get(hold.wallet, program.wallet)
        book.spend_hold(hold, wallet)


def _release(book: Book, fact: ActFact, _: Program) -> None:
    hold = book.find_hold(fact.target)
    if hold is not None:
        book.release(hold)


def _reinstate(book: Book, fact: ActFact, program: Program) -> None:
    """Bring back what expired lately, to be used until `until`."""
    wallet = program.wallet_by_id.get(fact.wallet, program.wallet)
    since = first_to_reinstate(fact.at, wallet.reinstate_days, program)
    of_wallet = [lot for lot in book.expired if lot.wallet == fact.wallet]
    book.expired = tuple(lot for lot in book.expired if lot.wallet != fact.wallet)
    for lot in of_wallet:
        if lot.expires_at < since:
            continue
        book.open_lot(lot._replace(expires_at=fact.until), REINSTATE, wallet=wallet)


def _grant(book: Book, fact: ActFact, program: Program) -> None:
    """A budget agreed: the points of a rule come, for their order."""
    award = Award(fact.rule_id, fact.points, fact.wallet, fact.target)
    rule = program.rules.get(fact.rule_id)
    pending = expiry = None
    if isinstance(rule, EarnRule | BonusRule):
        pending, expiry = rule.pending, rule.expiry
    given = give(book, award, program=program, pending=pending, expiry=expiry)
    if pending is None and fact.wallet == program.wallet_id:
        _count_points(book, given, program=program)


def _join(book: Book, fact: ActFact, _: Program) -> None:
    join_challenge(book, fact.target, fact.at)


def _leave(book: Book, fact: ActFact, _: Program) -> None:
    leave_challenge(book, fact.target)


def _referred(book: Book, fact: ActFact, _: Program) -> None:
    if not book.order_count:
        book.referred_by = fact.target


def _pool(book: Book, fact: ActFact, _: Program) -> None:
    book.pool_id = fact.target


def _zone(book: Book, fact: ActFact, _: Program) -> None:
    book.time_zone = fact.target


def _gift(book: Book, fact: ActFact, program: Program) -> None:
    """Points of a yearly gift; `until` is the year, whatever becomes of the day."""
    if given_in_year(book, fact):
        return
    _plus(EARN)(book, fact._replace(until=0), program)


Apply = Callable[[Book, ActFact, Program], None]
ACTIVITY: Final = "activity"
ACTS: Final[dict[str, Apply]] = {
    ACTIVITY: _activity,
    "award": _plus(EARN),
    "credit": _plus(ADJUST),
    "debit": _minus(ADJUST),
    "gift": _gift,
    "redeem": _minus(BURN),
    "send": _minus(TRANSFER),
    RECEIVE_REWARD: _plus(TRANSFER),
    TAKE_IN: _take_in,
    "take_back": _minus(TRANSFER),
    "hold": _hold(""),
    HOLD_TO_REDEEM: _hold(TO_REDEEM),
    HOLD_TO_RESERVE: _hold(TO_RESERVE),
    "stocked": _stocked,
    "confirm": _confirm,
    "release": _release,
    "reinstate": _reinstate,
    GRANT: _grant,
    "join": _join,
    "leave": _leave,
    "referred": _referred,
    "pool": _pool,
    "zone": _zone,
    HAND_OVER: hand_over,
    TAKE_OVER: take_over,
    HAND_BACK: hand_back,
    REGAIN: regain,
    REOPEN: reopen,
}
