"""Rules of one order that exclude one another, once the member's book is open."""

from loyalty.book import Book
from loyalty.facts import Gain, OrderFact
from loyalty.giving import suits
from loyalty.program import Program
from loyalty.rules import ADD, BEST, MAX, NEWEST, SUM, BonusRule, EarnRule


def settled(
    book: Book, gains: tuple[Gain, ...], *, fact: OrderFact, program: Program
) -> tuple[Gain, ...]:
    """Gains less those that lose a conflict, as rules hold for the member now."""
    if program.conflict == SUM:
        return gains
    base = []
    for gain in gains:
        rule = program.rules.get(gain.rule_id)
        if isinstance(rule, EarnRule) and suits(rule.when, book):
            base.append(gain.rule_id)
    if len(base) < 2:  # noqa: PLR2004 - one agrees with itself
        return gains
    winner = base[0]
    if program.conflict == MAX:
        # As the order earned: a return does not let another rule win.
        whole = {gain.rule_id: gain.points for gain in fact.gains}
        winner = max(base, key=lambda rule_id: whole[rule_id])
    losers = {*base} - {winner}
    return tuple([gain for gain in gains if gain.rule_id not in losers])


def bonus_points(
    bonuses: list[tuple[BonusRule, Gain]], base: dict[str, int], program: Program
) -> list[tuple[BonusRule, Gain, int]]:
    """Points of each bonus that counts: all that give any, the best, or the newest."""
    if not bonuses:
        return []
    worth = [
        (rule, gain, _bonus(rule, gain, base.get(rule.wallet, 0)))
        for rule, gain in bonuses
    ]
    if len(worth) > 1:
        if program.bonus_conflict == BEST:
            worth = [max(worth, key=lambda one: one[2])]
        elif program.bonus_conflict == NEWEST:
            # The one listed last of those created at the same time.
            worth = [max(enumerate(worth), key=lambda n: (n[1][0].created_at, n[0]))[1]]
    # The one that counts may give nothing, and then none does.
    return [one for one in worth if one[2] > 0]


def _bonus(rule: BonusRule, gain: Gain, base: int) -> int:
    if rule.kind == ADD:
        return rule.points
    on = base if rule.is_on_all else gain.points
    return on * (rule.factor_bp - 10_000) // 10_000
