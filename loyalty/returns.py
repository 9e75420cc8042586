"""What is left of an order's gains after returns, as the program's policy says."""

from typing import NamedTuple

from loyalty.earning import steps
from loyalty.facts import SUBTOTAL_UNKNOWN, Gain, LineFact, OrderFact
from loyalty.program import AFTER_TAX, DEDUCT_DOWN, KEEP_DOWN, Program
from loyalty.rules import ITEMS, SPEND, VISIT, BonusRule, EarnRule


def gains_left(fact: OrderFact, program: Program) -> tuple[Gain, ...]:
    """
    Gains of an order less what its returns take, none of a cancelled one.

    Several returns take what one return of their sum would. Money is rounded
    down where a return's share falls between lines, in the member's favour.
    """
    if fact.cancelled or fact.subtotal_minor == SUBTOTAL_UNKNOWN:
        return ()
    if not fact.refunds:
        return fact.gains
    given = _given_back(fact, program)
    if _is_all_back(fact, given):
        return ()
    left = []
    for number, gain in enumerate(fact.gains):
        money, units = _of_gain(fact, number, gain, given=given)
        kept = _left(gain, money, units, program=program)
        if kept is not None:
            left.append(kept)
    return tuple(left)


def money_left(fact: OrderFact, program: Program) -> int | None:
    """Subtotal less what was given back; None if nothing of the order counts."""
    if fact.cancelled or fact.subtotal_minor == SUBTOTAL_UNKNOWN:
        return None
    given = _given_back(fact, program)
    return (
        None if _is_all_back(fact, given) else fact.subtotal_minor - given.money_minor
    )


class GivenBack(NamedTuple):
    """What the returns of an order come to: units by line, and money beside them."""

    units: dict[str, int]
    of_lines_minor: int
    by_amount_minor: int

    @property
    def money_minor(self) -> int:
        """Money given back in all."""
        return self.of_lines_minor + self.by_amount_minor


def _is_all_back(fact: OrderFact, given: GivenBack) -> bool:
    """Whether nothing is left; of what cost nothing, its units tell."""
    if fact.subtotal_minor:
        return given.money_minor >= fact.subtotal_minor
    return bool(fact.lines) and all(
        given.units.get(line.line_id, 0) == line.quantity for line in fact.lines
    )


def _given_back(fact: OrderFact, program: Program) -> GivenBack:
    """A return that names lines counts by them, any other by its amount."""
    lines = {line.line_id: line for line in fact.lines}
    units: dict[str, int] = {}
    by_amount_minor = 0
    for refund in fact.refunds:
        if refund.lines and all(line_id in lines for line_id, _ in refund.lines):
            for line_id, quantity in refund.lines:
                there = lines[line_id].quantity
                units[line_id] = min(units.get(line_id, 0) + quantity, there)
        else:
            by_amount_minor += refund.amount_minor
    of_lines_minor = sum(_value(lines[one], count) for one, count in units.items())
    if program.tax_basis == AFTER_TAX:
        # Lines hold their tax, a subtotal and amounts given back hold none.
        of_all_minor = sum(line.amount_minor for line in fact.lines)
        if of_all_minor > fact.subtotal_minor:
            of_lines_minor = of_lines_minor * fact.subtotal_minor // of_all_minor
    rest = max(fact.subtotal_minor - of_lines_minor, 0)
    return GivenBack(units, of_lines_minor, min(by_amount_minor, rest))


def _value(line: LineFact, units: int) -> int:
    """Money that units of a line count for, rounded down; all of them all of it."""
    return line.amount_minor * units // line.quantity


def _of_gain(
    fact: OrderFact, number: int, gain: Gain, *, given: GivenBack
) -> tuple[int, int]:
    """Money and units of one gain's lines that were given back."""
    money = units = 0
    for line in fact.lines:
        count = given.units.get(line.line_id, 0)
        if count and line.gains >> number & 1:
            money += _value(line, count)
            units += count
    if given.by_amount_minor:
        rest = fact.subtotal_minor - given.of_lines_minor
        share = given.by_amount_minor
        money += (gain.amount_minor - money) * share // rest
        units += (gain.units - units) * share // rest
    return money, units


def _left(gain: Gain, money: int, units: int, *, program: Program) -> Gain | None:
    rule = program.rules.get(gain.rule_id)
    kept = gain._replace(
        amount_minor=gain.amount_minor - money, units=gain.units - units
    )
    everything = kept.units <= 0 or (gain.amount_minor > 0 and kept.amount_minor <= 0)
    if everything:
        return None
    if rule is not None and kept.amount_minor < rule.minimum_minor:
        # A visit below its minimum is none, and so with every other minimum.
        return None
    return kept._replace(points=_points_left(gain, kept, rule, program=program))


def _points_left(gain: Gain, kept: Gain, rule: object, *, program: Program) -> int:
    """Points of what is left; what the order earned at most, and never below 0."""
    if isinstance(rule, EarnRule) and rule.kind == ITEMS:
        return rule.points * kept.units
    if not isinstance(rule, EarnRule | BonusRule) or gain.amount_minor == 0:
        return gain.points
    if isinstance(rule, EarnRule) and rule.kind == VISIT:
        return gain.points
    money = gain.amount_minor - kept.amount_minor
    is_spend = isinstance(rule, EarnRule) and rule.kind == SPEND
    if program.return_rounding == KEEP_DOWN:
        if isinstance(rule, EarnRule) and is_spend:
            return rule.points * steps(
                kept.amount_minor, rule.step_minor, rule.rounding
            )
        return gain.points * kept.amount_minor // gain.amount_minor
    if (
        is_spend
        and isinstance(rule, EarnRule)
        and program.return_rounding == DEDUCT_DOWN
    ):
        return max(gain.points - rule.points * (money // rule.step_minor), 0)
    return gain.points - gain.points * money // gain.amount_minor
