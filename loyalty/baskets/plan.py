"""Discounts made ready: what does not depend on the basket is settled once."""

from collections.abc import Sequence
from typing import NamedTuple

from loyalty.baskets.discounts import (
    BUNDLE,
    BUY_GET,
    EVERYTHING,
    Discount,
    target_of,
)
from loyalty.baskets.lowering import Terms, terms_of
from loyalty.baskets.stacking import (
    KEEP,
    ONCE,
    Category,
    StackingPolicy,
    base_of,
    category_of,
    in_order,
    kind_of,
    no_effect_of,
)
from loyalty.conditions import LineMatch
from loyalty.limits import BASKET_DISCOUNTS_MAX


class InvalidBasket(ValueError):
    """More lines or discounts than are evaluated, or two discounts of one id."""


class Step(NamedTuple):
    """One discount with all that its policy says about it."""

    discount: Discount
    terms: Terms
    target: LineMatch
    kind: str
    category: Category | None
    base: str
    keeps_no_effect: bool
    is_free: bool
    is_set: bool
    is_whole: bool


class Plan(NamedTuple):
    """Discounts in their order, ready for any number of baskets."""

    steps: tuple[Step, ...]
    policy: StackingPolicy


def plan_of(discounts: Sequence[Discount], policy: StackingPolicy) -> Plan:
    """
    Make discounts ready, once for as many baskets as there are.

    Raises: InvalidBasket beyond the published limit or if an id is used twice.
    """
    if len(discounts) > BASKET_DISCOUNTS_MAX:
        message = f"{len(discounts)} discounts, at most {BASKET_DISCOUNTS_MAX}"
        raise InvalidBasket(message)
    if len({discount.discount_id for discount in discounts}) < len(discounts):
        raise InvalidBasket("two discounts have one id")
    steps = tuple(_step(one, policy) for one in in_order(discounts, policy))
    return Plan(steps, policy)


def _step(discount: Discount, policy: StackingPolicy) -> Step:
    is_free = discount.only_undiscounted or policy.units == ONCE
    return Step(
        discount,
        terms_of(discount, policy),
        target_of(discount),
        kind_of(discount, policy),
        category_of(discount, policy),
        base_of(discount, policy),
        no_effect_of(discount, policy) == KEEP,
        is_free,
        discount.kind in {BUY_GET, BUNDLE},
        discount.selection == EVERYTHING and not is_free,
    )
