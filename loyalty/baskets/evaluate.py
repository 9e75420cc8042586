"""What a basket is discounted by: the only door, values in, values out."""

from collections.abc import Sequence
from typing import Final

from loyalty.baskets.best import best
from loyalty.baskets.conditions import BasketContext
from loyalty.baskets.discounts import PAYMENT, Discount
from loyalty.baskets.plan import InvalidBasket, Plan, Step, plan_of
from loyalty.baskets.result import ALL_OR_NOTHING_BROKEN, BasketResult
from loyalty.baskets.stacking import (
    ALL_OR_NOTHING,
    EVERY,
    STACK_ALL,
    StackingPolicy,
)
from loyalty.baskets.turns import Case, Way, refused, stacked
from loyalty.events import OrderLine
from loyalty.limits import LINES_MAX

__all__ = ["InvalidBasket", "evaluate", "evaluate_plan", "plan_of"]

NO_CONTEXT: Final = BasketContext()


def evaluate(
    lines: Sequence[OrderLine],
    discounts: Sequence[Discount],
    policy: StackingPolicy = STACK_ALL,
    *,
    context: BasketContext = NO_CONTEXT,
) -> BasketResult:
    """
    Discount a basket; the same input gives the same result.

    Amounts in minor units. A line's own discount counts as part of its price.
    Raises: InvalidBasket beyond the published limits or if an id is used twice.
    """
    return evaluate_plan(lines, plan_of(discounts, policy), context=context)


def evaluate_plan(
    lines: Sequence[OrderLine], plan: Plan, *, context: BasketContext = NO_CONTEXT
) -> BasketResult:
    """
    Discount a basket by discounts that were made ready.

    Raises: InvalidBasket if there are more lines than the published limit.
    """
    if len(lines) > LINES_MAX:
        raise InvalidBasket(f"{len(lines)} lines, at most {LINES_MAX}")
    steps, policy = plan
    case = Case(lines, policy, context)
    way = stacked(case, steps) if policy.choice == EVERY else best(case, steps)
    if policy.validation == ALL_OR_NOTHING and way.not_applied:
        way = _nothing(case, steps, because=way)
    return _result(way)


def _nothing(case: Case, steps: Sequence[Step], *, because: Way) -> Way:
    """No discount at all, because one does not apply."""
    known = {one.discount_id: one for one in because.not_applied}
    culprit = because.not_applied[0].discount_id
    not_applied = tuple(
        known.get(step.discount.discount_id)
        or refused(case, step.discount, ALL_OR_NOTHING_BROKEN, other=culprit)
        for step in steps
    )
    return stacked(case, ())._replace(not_applied=not_applied)


def _result(way: Way) -> BasketResult:
    units = way.units
    line_discounts = [0] * len(units.lines)
    discount_minor = paid_minor = 0
    for applied in way.applied:
        if applied.kind == PAYMENT:
            paid_minor += applied.amount_minor
            continue
        discount_minor += applied.amount_minor
        for position, _, count, part in applied.moves:
            line_discounts[position] += count * part
    return BasketResult(
        sum(units.initial),
        units.replaced_minor,
        discount_minor,
        paid_minor,
        tuple(line_discounts),
        tuple(units.left),
        way.applied,
        way.not_applied,
    )
