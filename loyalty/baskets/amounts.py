"""Each kind of discount, applied to the units that it takes."""

from loyalty.baskets.discounts import (
    UPGRADE,
    Upgrade,
)
from loyalty.baskets.lowering import Lowered, lower_taken, lowered
from loyalty.baskets.plan import Step
from loyalty.baskets.result import (
    NO_MATCH,
    NO_PRICE,
    UNITS_MISSING,
    Move,
    Replacement,
)
from loyalty.baskets.selection import select
from loyalty.baskets.sets import lower_sets, scaled, times_bought
from loyalty.baskets.stacking import StackingPolicy
from loyalty.baskets.units import Run, Units


def lower(step: Step, units: Units, policy: StackingPolicy) -> Lowered:
    """Apply a discount to the units, which change, and say what it did."""
    if step.is_set:
        return lower_sets(step, units, policy)
    times = 1
    if step.discount.buy:
        times, missing = times_bought(step, units)
        if times == 0:
            return Lowered(0, reason=UNITS_MISSING, distance=missing)
        step = scaled(step, times)
    if step.discount.kind == UPGRADE:
        return _replace(step, units)
    is_free = step.is_free
    if step.is_whole:
        left, runs = units.left, units.runs
        indexes = units.indexes(step.target)
        taken = [(index, runs[index]) for index in indexes if left[index] > 0]
    else:
        selection = step.discount.selection
        picks = select(units, step.target, selection, is_free=is_free)
        taken = [(i, units.take(i, count, is_free=is_free)) for i, count in picks]
    if not taken:
        return Lowered(0, reason=NO_MATCH)
    moves = lower_taken(step.terms, units, taken, is_whole=step.is_whole)
    return lowered(moves, times)


def _replace(step: Step, units: Units) -> Lowered:
    """Replace units by larger ones; what these cost more is the discount."""
    upgrades = {upgrade.from_sku: upgrade for upgrade in step.discount.upgrades}
    lines = units.lines
    picks = select(units, step.target, step.discount.selection, is_free=step.is_free)
    if not picks:
        return Lowered(0, reason=NO_MATCH)
    moves: list[Move] = []
    replaced: list[Replacement] = []
    for index, count in picks:
        upgrade = upgrades[lines[index].sku]
        price = _price_of(upgrade, units)
        if price < 0:
            continue
        for run in units.take(index, count, is_free=step.is_free):
            replaced.append(_replaced(index, run, by=upgrade, price=price))
            whole = price * upgrade.to_quantity
            more = _reprice(units, index, run=run, price=whole)
            if more > 0:
                moves.append((index, run.start, run.count, more))
    if not replaced:
        return Lowered(0, reason=NO_PRICE)
    return lowered(moves)._replace(replaced=tuple(replaced))


def _price_of(upgrade: Upgrade, units: Units) -> int:
    """Price of what a unit is replaced by: as stated, or the lowest on the basket."""
    if upgrade.to_price_minor >= 0:
        return upgrade.to_price_minor
    prices = [
        line.unit_price_minor for line in units.lines if line.sku == upgrade.to_sku
    ]
    return min(prices, default=-1)


def _replaced(index: int, run: Run, *, by: Upgrade, price: int) -> Replacement:
    return Replacement(
        index, run.start, run.count, by.from_sku, by.to_sku, by.to_quantity, price
    )


def _reprice(units: Units, index: int, *, run: Run, price: int) -> int:
    """
    Give a run the price of what replaces it; how much more that is, is given away.

    What costs less is charged as that, and nothing is given away.
    """
    more = price - run.price
    run.price = price
    if more >= 0:
        units.replaced_minor += more * run.count
        run.is_touched = run.is_touched or more > 0
        return more
    less = max(run.left - price, 0)
    run.left -= less
    run.floor = min(run.floor, price)
    units.left[index] -= less * run.count
    units.replaced_minor -= less * run.count
    return 0
