"""Choosing what is best for the member among the discounts that could apply."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import combinations

from loyalty.baskets.discounts import PAYMENT
from loyalty.baskets.plan import Step
from loyalty.baskets.result import BETTER_CHOICE, NotApplied
from loyalty.baskets.stacking import BEST_ONE
from loyalty.baskets.turns import Case, Way, refused, stacked
from loyalty.limits import BEST_CANDIDATES_MAX


def best(case: Case, steps: Sequence[Step]) -> Way:
    """
    The choice that discounts most: one discount, or several that go together.

    On a tie the fewest, then the ids that sort first. Payments always take part.
    Of several, the BEST_CANDIDATES_MAX that give most alone are tried in every
    combination, and the others stay out.
    """
    payments = frozenset(
        step.discount.discount_id for step in steps if step.discount.kind == PAYMENT
    )
    alone = {
        one: _of(case, steps, payments | {one})
        for one in (step.discount.discount_id for step in steps)
        if one not in payments
    }
    most = sorted(
        (one for one, way in alone.items() if way.discount_minor),
        key=lambda one: (-alone[one].discount_minor, one),
    )
    size = 1 if case.policy.choice == BEST_ONE else BEST_CANDIDATES_MAX
    candidates = sorted(most[:size])
    chosen = _of(case, steps, payments)
    for count in range(1, len(candidates) + 1):
        for some in combinations(candidates, count):
            way = _of(case, steps, payments | set(some))
            if way.discount_minor > chosen.discount_minor:
                chosen = way
    return chosen._replace(
        not_applied=_left_out(case, steps, chosen=chosen, alone=alone)
    )


def _of(case: Case, steps: Sequence[Step], ids: AbstractSet[str]) -> Way:
    return stacked(case, [step for step in steps if step.discount.discount_id in ids])


def _left_out(
    case: Case, steps: Sequence[Step], *, chosen: Way, alone: dict[str, Way]
) -> tuple[NotApplied, ...]:
    """Why each other discount is left out: it cannot apply, or others give more."""
    applied = [one.discount_id for one in chosen.applied if one.kind != PAYMENT]
    known = {one.discount_id: one for one in chosen.not_applied}
    left_out = []
    for discount in (step.discount for step in steps):
        one = discount.discount_id
        if any(one == other.discount_id for other in chosen.applied):
            continue
        reasons = (
            [n for n in alone[one].not_applied if n.discount_id == one]
            if (one in alone)
            else []
        )
        if one in known:
            left_out.append(known[one])
        elif reasons:
            left_out.append(reasons[0])
        else:
            other = " with ".join(applied)
            left_out.append(refused(case, discount, BETTER_CHOICE, other=other))
    return tuple(left_out)
