"""One fact through the book: what an order, an act or a command moves."""

from collections.abc import Callable
from typing import Final

from loyalty.book import Book, Credit
from loyalty.decision import ADJUST, BURN, EARN, REINSTATE, TRANSFER
from loyalty.games import (
    advance_challenge,
    advance_streak,
    join_challenge,
    leave_challenge,
)
from loyalty.giving import Award, give, give_by_rule, slide
from loyalty.member import ActFact, Gain, Hold, OrderFact, PointsLot
from loyalty.passing import (
    next_due_at,
    pass_time,
    redeem_by_itself,
    release_pending,
)
from loyalty.program import Program, Programs
from loyalty.returns import gains_left, money_left
from loyalty.rules import (
    ADD,
    ANY_TIME,
    BEST,
    NEWEST,
    BonusRule,
    EarnRule,
    StreakRule,
    When,
)
from loyalty.tiers import count_towards_tier, review_tier, tier_of

Fact = OrderFact | ActFact


def apply(book: Book, fact: Fact, *, programs: Programs) -> None:
    """Let time come to a fact, then let the fact do what it does."""
    if 0 < book.next_due_at <= fact.at:
        pass_time(book, fact.at, programs=programs)
    program = programs.at(fact.at)
    book.clock_at = fact.at
    book.since_at = book.since_at or fact.at
    if isinstance(fact, OrderFact):
        _order(book, fact, program=program)
    else:
        ACTS[fact.kind](book, fact, program)
    if program.auto_redeem:
        redeem_by_itself(book, fact.at, program=program, cause=fact_id(fact))
    if program.tiers:
        review_tier(book, fact.at, program=program)
    book.next_due_at = next_due_at(book)


def fact_id(fact: Fact) -> str:
    """Unique among the facts of a member."""
    return fact.order_id if isinstance(fact, OrderFact) else fact.fact_id


def _order(book: Book, fact: OrderFact, *, program: Program) -> None:
    gains = gains_left(fact, program) if fact.is_changed else fact.gains
    money = money_left(fact) if fact.is_changed else fact.subtotal_minor
    if money is None:
        # Cancelled, or given back whole, or not here yet: as if it never was.
        return
    book.order_count += 1
    slide(book, fact.at, program=program)
    tier_points = 0
    base: dict[str, int] = {}
    bonuses: list[tuple[BonusRule, Gain]] = []
    for gain in gains:
        rule = program.rules.get(gain.rule_id)
        if rule is None or not _suits(rule.when, book):
            continue
        if isinstance(rule, EarnRule):
            points = _at_tier_rate(book, gain.points, program=program)
            base[rule.wallet] = base.get(rule.wallet, 0) + points
        elif isinstance(rule, BonusRule):
            bonuses.append((rule, gain))
            continue
        elif isinstance(rule, StreakRule):
            points = advance_streak(book, rule, fact.at, program=program)
        else:
            points = advance_challenge(book, rule, gain, fact.at, program=program)
        tier_points += _award(book, rule, gain, points, fact=fact, program=program)
    for rule, gain, points in _bonus_points(bonuses, base, program):
        tier_points += _award(book, rule, gain, points, fact=fact, program=program)
    _refer(book, money, fact=fact, program=program)
    amounts = {"points": tier_points, "spend": money, "visits": 1}
    amount = amounts.get(program.tier_policy.basis, 0)
    count_towards_tier(book, fact.at, amount, program=program)


def _suits(when: When, book: Book) -> bool:
    """Whether the part of a condition holds that looks at the member at that time."""
    if when is ANY_TIME:
        return True
    if when.tiers and book.tier not in when.tiers:
        return False
    if when.order_number and book.order_count != when.order_number:
        return False
    return not when.every_order or book.order_count % when.every_order == 0


def _at_tier_rate(book: Book, points: int, *, program: Program) -> int:
    """Base points at the member's tier, rounded down."""
    if not program.has_tier_rates:
        return points
    tier = tier_of(book.tier, program)
    return points if tier is None else points * tier.earn_bp // 10_000


def _award(
    book: Book,
    rule: object,
    gain: Gain,
    points: int,
    *,
    fact: OrderFact,
    program: Program,
) -> int:
    """Give points of an order; return those that count for tiers."""
    if points <= 0:
        return 0
    wallet = rule.wallet  # type: ignore[attr-defined] # every order rule has one
    award = Award(gain.rule_id, points, wallet, fact.order_id, "", gain.line_id)
    if isinstance(rule, EarnRule | BonusRule):
        given = give_by_rule(book, rule, award, program=program)
        if rule.pending is not None or rule.budget_id:
            return 0
    else:
        given = give(book, award, program=program)
    return given if wallet == program.wallet_id else 0


def _bonus_points(
    bonuses: list[tuple[BonusRule, Gain]], base: dict[str, int], program: Program
) -> list[tuple[BonusRule, Gain, int]]:
    """Points of each bonus that counts: all of them, the best, or the newest."""
    worth = [
        (rule, gain, _bonus(rule, gain, base.get(rule.wallet, 0)))
        for rule, gain in bonuses
    ]
    if len(worth) > 1:
        if program.bonus_conflict == BEST:
            return [max(worth, key=lambda one: one[2])]
        if program.bonus_conflict == NEWEST:
            # The one listed last of those created at the same time.
            return [max(enumerate(worth), key=lambda n: (n[1][0].created_at, n[0]))[1]]
    return worth


def _bonus(rule: BonusRule, gain: Gain, base: int) -> int:
    if rule.kind == ADD:
        return rule.points
    on = base if rule.is_on_all else gain.points
    return on * (rule.factor_bp - 10_000) // 10_000


def _refer(book: Book, money: int, *, fact: OrderFact, program: Program) -> None:
    """Reward both sides of a referral on the first order of enough money."""
    referral = program.referral
    if referral is None or not book.referred_by or money < referral.minimum_minor:
        return
    if referral.within_ms and fact.at >= book.since_at + referral.within_ms:
        return
    award = Award(referral.rule_id, referral.referee_points, referral.wallet)
    award = award._replace(order_id=fact.order_id)
    if award.points:
        give(book, award, program=program)
    key = f"{referral.rule_id}/{book.member_id}"
    credit = Credit(book.referred_by, key, referral.wallet, referral.referrer_points)
    book.credits.append(credit)
    book.happen("referral", referral.rule_id, f"{book.referred_by} had referred")
    book.referred_by = ""


def _activity(book: Book, fact: ActFact, program: Program) -> None:
    slide(book, fact.at, program=program)
    for gain in fact.gains:
        rule = program.rules.get(gain.rule_id)
        if isinstance(rule, EarnRule) and _suits(rule.when, book):
            award = Award(gain.rule_id, gain.points, rule.wallet)
            award = award._replace(reference=fact.fact_id)
            given = give_by_rule(book, rule, award, program=program)
            if rule.wallet == program.wallet_id and rule.pending is None:
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
        lot = PointsLot(
            fact.points,
            fact.points,
            fact.at,
            fact.until,
            "",
            fact.rule_id,
            fact.version,
            wallet.wallet_id,
            "",
            fact.fact_id,
        )
        book.open_lot(lot, kind, wallet=wallet)

    return add


def _minus(kind: str) -> "Apply":
    def take(book: Book, fact: ActFact, program: Program) -> None:
        wallet = program.wallet_by_id.get(fact.wallet, program.wallet)
        book.burn(fact.points, wallet, kind=kind, reference=fact.fact_id)

    return take


def _hold(book: Book, fact: ActFact, program: Program) -> None:
    wallet = program.wallet_by_id.get(fact.wallet, program.wallet)
    hold = Hold(
        fact.fact_id,
        wallet.wallet_id,
        fact.points,
        fact.at,
        fact.until,
        fact.rule_id,
        (),
    )
    book.hold(hold, wallet)


def _confirm(book: Book, fact: ActFact, _: Program) -> None:
    hold = book.find_hold(fact.target)
    if hold is not None:
        book.spend_hold(hold)


def _release(book: Book, fact: ActFact, _: Program) -> None:
    hold = book.find_hold(fact.target)
    if hold is not None:
        book.release(hold)


def _reinstate(book: Book, fact: ActFact, program: Program) -> None:
    """Bring back what expired lately, to be used until `until`."""
    back = [lot for lot in book.expired if lot.wallet == fact.wallet]
    book.expired = tuple(lot for lot in book.expired if lot.wallet != fact.wallet)
    wallet = program.wallet_by_id.get(fact.wallet, program.wallet)
    for lot in back:
        book.open_lot(lot._replace(expires_at=fact.until), REINSTATE, wallet=wallet)


def _grant(book: Book, fact: ActFact, program: Program) -> None:
    """A budget agreed: the points of a rule come, for their order."""
    award = Award(fact.rule_id, fact.points, fact.wallet, fact.target)
    if give(book, award, program=program) and fact.wallet == program.wallet_id:
        _count_points(book, fact.points, program=program)


def _join(book: Book, fact: ActFact, _: Program) -> None:
    join_challenge(book, fact.target, fact.at)


def _leave(book: Book, fact: ActFact, _: Program) -> None:
    leave_challenge(book, fact.target)


def _referred(book: Book, fact: ActFact, _: Program) -> None:
    if not book.order_count:
        book.referred_by = fact.target


def _pool(book: Book, fact: ActFact, _: Program) -> None:
    book.pool_id = fact.target


Apply = Callable[[Book, ActFact, Program], None]

ACTIVITY: Final = "activity"
ACTS: Final[dict[str, Apply]] = {
    ACTIVITY: _activity,
    "credit": _plus(ADJUST),
    "debit": _minus(ADJUST),
    "gift": _plus(EARN),
    "redeem": _minus(BURN),
    "send": _minus(TRANSFER),
    "receive": _plus(TRANSFER),
    "take_back": _minus(TRANSFER),
    "hold": _hold,
    "confirm": _confirm,
    "release": _release,
    "reinstate": _reinstate,
    "grant": _grant,
    "join": _join,
    "leave": _leave,
    "referred": _referred,
    "pool": _pool,
}
