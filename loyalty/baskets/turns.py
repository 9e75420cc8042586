"""One way through the discounts of a basket: each in turn, if it is let in."""

from collections.abc import Sequence
from typing import NamedTuple

from loyalty.baskets.amounts import lower
from loyalty.baskets.conditions import BasketContext, first_unmet
from loyalty.baskets.discounts import PAYMENT, Discount
from loyalty.baskets.lowering import Lowered
from loyalty.baskets.plan import Step
from loyalty.baskets.result import Applied, NotApplied
from loyalty.baskets.stacking import (
    EXCLUSIVE,
    IS_EXCLUDED,
    JOINT,
    WINS,
    Stack,
    StackingPolicy,
)
from loyalty.baskets.units import Units
from loyalty.events import OrderLine


class Case(NamedTuple):
    """What all ways through the discounts of one basket have in common."""

    lines: Sequence[OrderLine]
    policy: StackingPolicy
    context: BasketContext


class Way(NamedTuple):
    """What one way through the discounts did to the units."""

    units: Units
    applied: tuple[Applied, ...]
    not_applied: tuple[NotApplied, ...]

    @property
    def discount_minor(self) -> int:
        """Sum of the discounts, without payments."""
        return sum(a.amount_minor for a in self.applied if a.kind != PAYMENT)


def stacked(case: Case, steps: Sequence[Step]) -> Way:
    """All discounts in order; exclusive ones that apply take the joint ones' place."""
    exclusive = {one.discount.discount_id for one in steps if one.kind == EXCLUSIVE}
    if not exclusive or case.policy.exclusive != WINS:
        return _in_turn(case, steps)
    way = _in_turn(case, [one for one in steps if one.kind != JOINT])
    winners = [one for one in way.applied if one.discount_id in exclusive]
    if winners:
        other = winners[0].discount_id
        rest = [one.discount for one in steps if one.kind == JOINT]
        kept_out = [refused(case, one, IS_EXCLUDED, other=other) for one in rest]
        return way._replace(not_applied=(*way.not_applied, *kept_out))
    # None of them holds, and so none keeps a joint one out.
    idle = [one for one in way.not_applied if one.discount_id in exclusive]
    way = _in_turn(case, [one for one in steps if one.kind != EXCLUSIVE])
    return way._replace(not_applied=(*way.not_applied, *idle))


def _in_turn(case: Case, steps: Sequence[Step]) -> Way:
    """Apply each discount that its conditions and the stack let in."""
    lines, policy, context = case
    units = Units(lines, context.floors)
    stack = Stack(policy)
    applied: list[Applied] = []
    not_applied: list[NotApplied] = []
    for step in steps:
        discount = step.discount
        block = stack.block(discount, step.kind, step.category)
        if block:
            reason, other, limit = block
            not_applied.append(
                refused(case, discount, reason, other=other, distance=limit)
            )
            continue
        if discount.conditions:
            unmet = first_unmet(discount, units, context, base=step.base)
            if unmet:
                index, reason, distance = unmet
                not_applied.append(
                    refused(case, discount, reason, distance=distance, condition=index)
                )
                continue
        lowered = lower(step, units, policy)
        if not (lowered.amount_minor or lowered.replaced or step.keeps_no_effect):
            reason, distance = lowered.reason, lowered.distance
            not_applied.append(refused(case, discount, reason, distance=distance))
            continue
        stack.add(discount, step.kind, step.category)
        applied.append(_applied(discount, lowered, context.currency))
    return Way(units, tuple(applied), tuple(not_applied))


def _applied(discount: Discount, lowered: Lowered, currency: str) -> Applied:
    return Applied(
        discount.discount_id,
        discount.name,
        discount.kind,
        lowered.amount_minor,
        lowered.times,
        lowered.moves,
        lowered.replaced,
        currency,
    )


def refused(
    case: Case,
    discount: Discount,
    reason: str,
    *,
    other: str = "",
    distance: int = 0,
    condition: int = -1,
) -> NotApplied:
    """A discount that does not apply, and why."""
    return NotApplied(
        discount.discount_id,
        discount.name,
        reason,
        distance,
        condition,
        other,
        case.context.currency,
    )
