"""What each rule makes of one order or act: gains, from the event and program alone."""

from typing import NamedTuple

from loyalty.assigning import Assignment, Exposure
from loyalty.conditions import ANY_TIME, DOWN, UP
from loyalty.events import OrderEvent
from loyalty.facts import Gain, LineFact
from loyalty.formula import evaluate
from loyalty.limits import POINTS_MAX
from loyalty.matching import Basket, Matched, line_facts
from loyalty.member import Profile
from loyalty.moments import Moment, circumstances_of, holds
from loyalty.program import Program
from loyalty.rules import (
    FIRST,
    FORMULA,
    ITEMS,
    MAX,
    MULTIPLY,
    SPEND,
    SUM,
    BonusRule,
    EarnRule,
)

# A rule, what it makes of the order, and the lines that it looked at.
Earned = tuple[EarnRule, Gain, Matched]


class Gains(NamedTuple):
    """What all rules make of an order, and what a return of a line will need."""

    gains: tuple[Gain, ...]
    lines: tuple[LineFact, ...]
    exposures: tuple[Exposure, ...] = ()


def gains_of_order(order: OrderEvent, program: Program, profile: Profile) -> Gains:
    """
    What each rule makes of an order, before caps and the member's tier.

    Conflicts between earn rules are settled by the program: the sum of all, the
    rule that gives most (the first listed on a tie), or the first that gives.
    """
    basket = Basket(order, program)
    moment: Moment | None = None
    circumstances = None
    if program.index.asks_circumstances:
        moment = _moment_of(order, profile)
        circumstances = circumstances_of(moment, program)
    # Rules that earn come first: the first gains are theirs, in the same order.
    earning: list[EarnRule] = []
    multiplying: list[tuple[int, BonusRule]] = []
    gains: list[Gain] = []
    fed: list[Matched] = []
    assignment = Assignment(order.member_id, program) if program.has_trials else None
    for rule, when, match, minimum_minor in program.index.candidates(
        order, circumstances
    ):
        if when is not ANY_TIME:
            moment = moment or _moment_of(order, profile)
            if not holds(when, moment, program):
                continue
        matched = basket.of(match)
        if not matched.places or matched.amount_minor < minimum_minor:
            continue
        if assignment is not None:
            assigned = assignment.rule_for(rule)
            if assigned is None:
                continue
            rule = assigned  # noqa: PLW2901 - as the member's arm gets it
        points = 0
        if isinstance(rule, EarnRule):
            points = points_of(rule, matched, order)
            if points <= 0:
                continue
            assert len(earning) == len(gains), "a program lists what earns first"
            earning.append(rule)
        elif isinstance(rule, BonusRule) and rule.kind == MULTIPLY:
            multiplying.append((len(gains), rule))
        gains.append(_gain(rule.rule_id, points, matched, basket=basket))
        fed.append(matched)
    if multiplying or (program.conflict != SUM and len(earning) > 1):
        earned = list(zip(earning, gains, fed, strict=False))
        kept = _settle_conflict(earned, program)
        _multiply(gains, multiplying, kept=kept, basket=basket)
        gains[: len(earned)] = [gain for _, gain, _ in kept]
        fed[: len(earned)] = [matched for _, _, matched in kept]
    exposures = () if assignment is None else tuple(assignment.exposures)
    return Gains(tuple(gains), line_facts(fed, basket), exposures)


def _moment_of(order: OrderEvent, profile: Profile) -> Moment:
    return Moment(order.occurred_at, order.store_id, order.channel, profile)


def points_of(rule: EarnRule, matched: Matched, order: OrderEvent) -> int:
    """Points that a rule gives for what it looks at, at most POINTS_MAX."""
    points = rule.points
    if rule.kind == SPEND:
        points *= steps(matched.amount_minor, rule.step_minor, rule.rounding)
    elif rule.kind == ITEMS:
        points *= matched.units
    elif rule.kind == FORMULA and rule.formula is not None:
        values = {
            "amount": matched.amount_minor,
            "quantity": matched.units,
            "subtotal": order.subtotal_minor,
            "total": order.total_minor,
            "lines": len(matched.places),
        }
        points = evaluate(
            rule.formula, values, rounding=rule.rounding, fallback=rule.points
        )
    return min(points, POINTS_MAX)


def steps(amount_minor: int, step_minor: int, rounding: str) -> int:
    """Whole steps in an amount; `nearest` rounds a half step up."""
    if rounding == DOWN:
        return amount_minor // step_minor
    if rounding == UP:
        return -(-amount_minor // step_minor)
    return (2 * amount_minor + step_minor) // (2 * step_minor)


def _gain(rule_id: str, points: int, matched: Matched, *, basket: Basket) -> Gain:
    places = matched.places
    line_id = basket.order.lines[places[0]].line_id if len(places) == 1 else ""
    return Gain(rule_id, points, matched.amount_minor, matched.units, line_id)


def _settle_conflict(earned: list[Earned], program: Program) -> list[Earned]:
    if program.conflict == SUM or len(earned) < 2:  # noqa: PLR2004 - one agrees with itself
        return earned
    if any(rule.when.asks_the_member for rule, _, _ in earned):
        # Only the member's book knows which of them hold: it settles then.
        return earned
    if program.conflict == MAX:
        return [max(earned, key=lambda rule_gain: rule_gain[1].points)]
    assert program.conflict == FIRST, "a document names no other policy"
    return earned[:1]


def _multiply(
    gains: list[Gain],
    multiplying: list[tuple[int, BonusRule]],
    *,
    kept: list[Earned],
    basket: Basket,
) -> None:
    """Let each bonus know its base, as all that earn are known; see `_base_of`."""
    for place, bonus in multiplying:
        gains[place] = gains[place]._replace(points=_base_of(bonus, kept, basket))


def _base_of(bonus: BonusRule, kept: list[Earned], basket: Basket) -> int:
    """
    Base points of the lines that a bonus multiplies; each rule rounds as it does.

    Of the rules that hold for every member: what a tier brings is not multiplied.
    """
    kept = [one for one in kept if not one[0].when.asks_the_member]
    if bonus.is_on_all:
        return sum(
            [gain.points for rule, gain, _ in kept if rule.wallet == bonus.wallet]
        )
    looked_at = set(basket.of(bonus.match).places)
    total = 0
    for rule, _, whole in kept:
        if rule.wallet != bonus.wallet:
            continue
        places = tuple([place for place in whole.places if place in looked_at])
        if places:
            lines = basket.order.lines
            matched = Matched(
                places,
                sum(basket.amounts[place] for place in places),
                sum(lines[place].quantity for place in places),
            )
            total += points_of(rule, matched, basket.order)
    return total
