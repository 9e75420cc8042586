"""Sets of items: buy and get, bundles, and discounts that count for each set."""

from loyalty.baskets.discounts import (
    AMOUNT,
    AS_GIVEN,
    BUY_GET,
    CHEAPEST,
    DEAREST,
    FIXED_PRICE,
    FREE_ITEM,
    PER_UNIT,
    PERCENT,
    UPGRADE,
    WHOLE_BP,
)
from loyalty.baskets.lowering import Lowered, Taken, lower_taken, lowered, terms_of
from loyalty.baskets.plan import Step
from loyalty.baskets.result import UNITS_MISSING
from loyalty.baskets.selection import Pick, fit, supply_of
from loyalty.baskets.stacking import StackingPolicy
from loyalty.baskets.units import Units


def times_bought(step: Step, units: Units) -> tuple[int, int]:
    """How often the set that a discount asks for is there, and what is missing."""
    parts = [
        supply_of(units, part, AS_GIVEN, is_free=step.is_free)
        for part in step.discount.buy
    ]
    times, _, missing = fit(parts, step.discount.times_max)
    return times, missing


def scaled(step: Step, times: int) -> Step:
    """
    The discount for so many sets.

    A percent and an amount count for each set. What is given to single units
    stays, and is given to as many more of them; so are new prices.
    """
    if times == 1:
        return step
    discount, terms = step.discount, step.terms
    is_by_unit = terms.off == AMOUNT and terms.spread == PER_UNIT
    if discount.kind in {FREE_ITEM, UPGRADE} or terms.off == FIXED_PRICE or is_by_unit:
        selection = discount.selection
        more = selection._replace(
            most=selection.most * times,
            most_per_line=selection.most_per_line * times,
        )
        return step._replace(discount=discount._replace(selection=more))
    value = terms.value * times
    if terms.off == PERCENT:
        value = min(value, WHOLE_BP)
    return step._replace(terms=terms._replace(value=value))


def lower_sets(step: Step, units: Units, policy: StackingPolicy) -> Lowered:
    """Buy and get, or a bundle, as often as its parts are there together."""
    discount, is_free = step.discount, step.is_free
    start = discount.selection.start
    if discount.kind == BUY_GET and start == AS_GIVEN:
        start = CHEAPEST
    opposite = CHEAPEST if start == DEAREST else DEAREST
    parts = [supply_of(units, part, start, is_free=is_free) for part in discount.get]
    parts += [
        supply_of(units, part, opposite, is_free=is_free) for part in discount.buy
    ]
    times, picks, missing = fit(parts, discount.times_max)
    if times == 0:
        return Lowered(0, reason=UNITS_MISSING, distance=missing)
    got = _take(units, picks[: len(discount.get)], is_free=is_free)
    _mark(got, is_touched=True)
    terms = terms_of(discount, policy, times=times) if times > 1 else step.terms
    done = lowered(lower_taken(terms, units, got), times)
    if is_free and done.amount_minor:
        _mark(_take(units, picks[len(discount.get) :], is_free=True), is_touched=True)
    elif is_free:
        _mark(got, is_touched=False)
    return done


def _take(
    units: Units, picks: tuple[tuple[Pick, ...], ...], *, is_free: bool
) -> list[Taken]:
    """Runs of the units picked, by line, however many parts they are for."""
    counts: dict[int, int] = {}
    for part in picks:
        for index, count in part:
            counts[index] = counts.get(index, 0) + count
    return [
        (index, units.take(index, counts[index], is_free=is_free))
        for index in sorted(counts)
    ]


def _mark(taken: list[Taken], *, is_touched: bool) -> None:
    for _, runs in taken:
        for run in runs:
            run.is_touched = is_touched
