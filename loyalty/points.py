"""Accrue, reverse, expire: how points come and go."""

from loyalty.events import OrderEvent, OrderLine
from loyalty.limits import DAY_MS, POINTS_MAX
from loyalty.member import OrderRecord, PointsLot
from loyalty.program import (
    AFTER_TAX,
    ANY_LINE,
    DOWN,
    FIRST,
    ITEMS,
    MAX,
    SPEND,
    UP,
    EarnRule,
    LineMatch,
    Program,
)


def points_by_rule(order: OrderEvent, program: Program) -> list[tuple[EarnRule, int]]:
    """
    Points that each earn rule gives for an order, none for a rule that gives 0.

    Conflicts between rules are settled by the program: the sum of all, the
    rule that gives most (the first listed on a tie), or the first that gives.
    """
    earned = []
    for rule in program.earn_rules:
        points = _points(rule, order, program)
        if points > 0:
            earned.append((rule, min(points, POINTS_MAX)))
    if len(earned) > 1:
        if program.conflict == MAX:
            return [max(earned, key=lambda rule_points: rule_points[1])]
        if program.conflict == FIRST:
            return earned[:1]
    return earned


def expires_at(earned_at: int, program: Program) -> int:
    """Midnight (UTC, ms) after the last day on which points can be used; 0 is never."""
    if program.expiry_days == 0:
        return 0
    return (earned_at // DAY_MS + program.expiry_days + 1) * DAY_MS


def expired(lots: list[PointsLot], clock_at: int) -> int:
    """How many lots at the front of the sorted list have ended by a time."""
    count = 0
    for lot in lots:
        if lot.expires_at == 0 or lot.expires_at > clock_at:
            break
        count += 1
    return count


def burn_key(lot: PointsLot) -> tuple[int, int, str]:
    """Order in which lots are used: soonest expiry, then oldest, then lot id."""
    # Lots that never expire have 0 and come after all others.
    return (lot.expires_at or 1 << 62, lot.earned_at, lot.lot_id)


def due_reversal(record: OrderRecord) -> int:
    """
    Points of an order that its refunds so far take back, in all.

    In proportion to the money given back, rounded down in the member's favour;
    several refunds take what one refund of their sum would take.
    """
    if record.cancelled:
        return record.earned
    if record.subtotal_minor <= 0:
        return 0
    refunded = min(record.refunded_minor, record.subtotal_minor)
    return record.earned * refunded // record.subtotal_minor


def _points(rule: EarnRule, order: OrderEvent, program: Program) -> int:
    lines = [line for line in order.lines if matches(rule.match, line)]
    if not lines:
        return 0
    amount = 0
    if rule.kind == SPEND or rule.minimum_minor:
        amount = _amount_minor(lines, program)
        if amount < rule.minimum_minor:
            return 0
    if rule.kind == SPEND:
        return _steps(amount, rule) * rule.points
    if rule.kind == ITEMS:
        return sum(line.quantity for line in lines) * rule.points
    return rule.points


def _amount_minor(lines: list[OrderLine], program: Program) -> int:
    """Money that earns: after discounts, with or without tax as the program says."""
    amount = 0
    for line in lines:
        amount += line.quantity * line.unit_price_minor - line.discount_minor
    if program.tax_basis == AFTER_TAX:
        if not program.prices_include_tax:
            amount += sum(line.tax_minor for line in lines)
    elif program.prices_include_tax:
        amount -= sum(line.tax_minor for line in lines)
    return max(amount, 0)


def _steps(amount_minor: int, rule: EarnRule) -> int:
    """Whole steps in an amount; `nearest` rounds a half step up."""
    if rule.rounding == DOWN:
        return amount_minor // rule.step_minor
    if rule.rounding == UP:
        return -(-amount_minor // rule.step_minor)
    return (2 * amount_minor + rule.step_minor) // (2 * rule.step_minor)


def matches(match: LineMatch, line: OrderLine) -> bool:
    """Whether a rule looks at a line."""
    if line.kind not in match.kinds:
        return False
    if match is ANY_LINE:
        return True
    if match.skus and line.sku not in match.skus:
        return False
    if match.categories and line.category not in match.categories:
        return False
    if match.labels and match.labels.isdisjoint(line.labels):
        return False
    return (
        line.sku not in match.excluded_skus
        and line.category not in match.excluded_categories
        and match.excluded_labels.isdisjoint(line.labels)
    )
