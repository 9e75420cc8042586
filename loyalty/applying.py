"""One fact through the book: what an order, an act or a command moves."""

from loyalty.applying_acts import ACTS
from loyalty.book import Book
from loyalty.caps import without
from loyalty.conflicts import bonus_points, settled
from loyalty.decision import EARN
from loyalty.facts import ActFact, Gain, OrderFact, has_changed
from loyalty.games import (
    advance_challenge,
    advance_streak,
)
from loyalty.giving import Award, give, give_by_rule, slide, suits
from loyalty.handing import hand_on
from loyalty.histories import HistoryRule, noted
from loyalty.movements import Credit
from loyalty.passing import (
    next_due_at,
    pass_time,
    redeem_by_itself,
)
from loyalty.program import Program, Programs
from loyalty.returns import gains_left, money_left
from loyalty.rules import (
    BonusRule,
    EarnRule,
    StreakRule,
)
from loyalty.tier_outlook import tier_amount, tier_of
from loyalty.tiers import count_towards_tier, review_tier

Fact = OrderFact | ActFact


def apply(book: Book, fact: Fact, *, programs: Programs) -> None:
    """Let time come to a fact, then let the fact do what it does."""
    # By its place, which is the same in both kinds: by name it would be looked for.
    at = fact[0]
    if 0 < book.next_due_at <= at:
        pass_time(book, at, programs=programs)
    program = programs.at(at)
    book.clock_at = at
    book.since_at = book.since_at or at
    if program.tiers and not book.tier:
        # A first order, too, is one of somebody in the lowest tier.
        review_tier(book, at, program=program)
    if program.transaction_keys:
        book.counters = without(book.counters, program.transaction_keys)
    if isinstance(fact, OrderFact):
        _order(book, fact, program=program)
    else:
        ACTS[fact.kind](book, fact, program)
    if book.passed_to:
        hand_on(book, program)
    if program.auto_redeem:
        redeem_by_itself(book, at, program=program, cause=fact_id(fact))
    if program.tiers:
        review_tier(book, at, program=program)
    book.next_due_at = next_due_at(book)


def fact_id(fact: Fact) -> str:
    """Unique among the facts of a member."""
    return fact.order_id if isinstance(fact, OrderFact) else fact.fact_id


def _order(book: Book, fact: OrderFact, *, program: Program) -> None:
    gains, money = _left(fact, program)
    if money is None:
        # Cancelled, or given back whole, or not here yet: as if it never was.
        return
    book.order_count += 1
    slide(book, fact.at, program=program)
    gains = settled(book, gains, fact=fact, program=program)
    tier_points = 0
    base: dict[str, int] = {}
    bonuses: list[tuple[BonusRule, Gain]] = []
    bought: list[str] = []
    for gain in gains:
        rule = program.rules.get(gain.rule_id)
        if rule is None or not suits(rule.when, book):
            continue
        if isinstance(rule, EarnRule):
            points = _at_tier_rate(book, rule, gain.points, program=program)
            base[rule.wallet] = base.get(rule.wallet, 0) + points
        elif isinstance(rule, BonusRule):
            bonuses.append((rule, gain))
            continue
        elif isinstance(rule, HistoryRule):
            bought.append(rule.rule_id)
            continue
        elif isinstance(rule, StreakRule):
            points = advance_streak(book, rule, fact.at, program=program)
        else:
            points = advance_challenge(book, rule, gain, at=fact.at, program=program)
        if points > 0:
            award = _award_of(gain, points, rule.wallet, fact=fact)
            tier_points += _give(book, award, program=program)
    for bonus, gain, points in bonus_points(bonuses, base, program):
        award = _award_of(gain, points, bonus.wallet, fact=fact)
        tier_points += _give(book, award, program=program)
    # After all rules: they look at what was bought before this order.
    for name in bought:
        book.bought = noted(book.bought, name, fact.at, known=program.rules)
    _refer(book, money, fact=fact, program=program)
    if program.tiers:
        amount = tier_amount(program.tier_policy.basis, tier_points, money)
        count_towards_tier(book, fact.at, amount, program=program)


def _left(fact: OrderFact, program: Program) -> tuple[tuple[Gain, ...], int | None]:
    """Gains and money of an order less what came back; None if nothing counts."""
    if has_changed(fact):
        return gains_left(fact, program), money_left(fact, program)
    return fact.gains, fact.subtotal_minor


def _at_tier_rate(book: Book, rule: EarnRule, points: int, *, program: Program) -> int:
    """Base points at the member's tier, rounded down; of the first wallet only."""
    if not program.has_tier_rates or rule.wallet != program.wallet_id:
        return points
    tier = tier_of(book.tier, program)
    return points if tier is None else points * tier.earn_bp // 10_000


def _award_of(gain: Gain, points: int, wallet: str, *, fact: OrderFact) -> Award:
    return Award(gain.rule_id, points, wallet, fact.order_id, "", gain.line_id, EARN)


def _give(book: Book, award: Award, *, program: Program) -> int:
    """Give points of an order; return those that count for tiers now."""
    terms = program.terms.get(award.rule_id)
    if terms is None:
        given = give(book, award, program=program)
    else:
        given = give_by_rule(book, terms, award, program=program)
        if terms.pending is not None or terms.budget_id:
            # They count when they come.
            return 0
    return given if award.wallet == program.wallet_id else 0


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
    points = referral.referrer_points
    book.credits.append(
        Credit(book.referred_by, key, referral.wallet, points, is_reward=True)
    )
    book.happen("referral", referral.rule_id, f"{book.referred_by} had referred")
    book.referred_by = ""
