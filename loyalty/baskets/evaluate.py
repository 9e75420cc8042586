"""What a basket is discounted by: the only door, values in, values out."""

from collections.abc import Sequence
from typing import Final

from loyalty.baskets.best import best
from loyalty.baskets.conditions import BasketContext
from loyalty.baskets.discounts import PAYMENT, Discount
from loyalty.baskets.result import ALL_OR_NOTHING_BROKEN, BasketResult
from loyalty.baskets.stacking import (
    ALL_OR_NOTHING,
    EVERY,
    STACK_ALL,
    StackingPolicy,
    in_order,
)
from loyalty.baskets.turns import Case, Way, refused, stacked
from loyalty.events import OrderLine
from loyalty.limits import BASKET_DISCOUNTS_MAX, LINES_MAX

NO_CONTEXT: Final = BasketContext()


class InvalidBasket(ValueError):
    """More lines or discounts than are evaluated, or two discounts of one id."""


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
    _check(lines, discounts)
    case = Case(lines, policy, context)
    ordered = in_order(discounts, policy)
    way = stacked(case, ordered) if policy.choice == EVERY else best(case, ordered)
    if policy.validation == ALL_OR_NOTHING and way.not_applied:
        way = _nothing(case, ordered, because=way)
    return _result(way)


def _check(lines: Sequence[OrderLine], discounts: Sequence[Discount]) -> None:
    if len(lines) > LINES_MAX:
        raise InvalidBasket(f"{len(lines)} lines, at most {LINES_MAX}")
    if len(discounts) > BASKET_DISCOUNTS_MAX:
        message = f"{len(discounts)} discounts, at most {BASKET_DISCOUNTS_MAX}"
        raise InvalidBasket(message)
    if len({discount.discount_id for discount in discounts}) < len(discounts):
        raise InvalidBasket("two discounts have one id")


def _nothing(case: Case, ordered: Sequence[Discount], *, because: Way) -> Way:
    """No discount at all, because one does not apply."""
    known = {one.discount_id: one for one in because.not_applied}
    culprit = because.not_applied[0].discount_id
    not_applied = tuple(
        known.get(d.discount_id)
        or refused(case, d, ALL_OR_NOTHING_BROKEN, other=culprit)
        for d in ordered
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
