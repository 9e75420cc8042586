"""Each kind of discount, applied to the units that it takes."""

from loyalty.baskets.discounts import (
    AS_GIVEN,
    BUY_GET,
    CHEAPEST,
    DEAREST,
    UPGRADE,
    Upgrade,
)
from loyalty.baskets.lowering import Lowered, Taken, lower_taken, terms_of
from loyalty.baskets.plan import Step
from loyalty.baskets.result import (
    NO_MATCH,
    NO_PRICE,
    UNITS_MISSING,
    Move,
    Replacement,
)
from loyalty.baskets.selection import Pick, fit, select, supply_of
from loyalty.baskets.stacking import StackingPolicy
from loyalty.baskets.units import Run, Units


def lower(step: Step, units: Units, policy: StackingPolicy) -> Lowered:
    """Apply a discount to the units, which change, and say what it did."""
    discount, is_free = step.discount, step.is_free
    if step.is_set:
        return _lower_sets(step, units, policy)
    if discount.kind == UPGRADE:
        return _replace(step, units)
    if step.is_whole:
        left, runs = units.left, units.runs
        indexes = units.indexes(step.target)
        taken = [(index, runs[index]) for index in indexes if left[index] > 0]
    else:
        picks = select(units, step.target, discount.selection, is_free=is_free)
        taken = [(i, units.take(i, count, is_free=is_free)) for i, count in picks]
    if not taken:
        return Lowered(0, reason=NO_MATCH)
    return _lowered(lower_taken(step.terms, units, taken, is_whole=step.is_whole))


def _lowered(moves: list[Move], times: int = 1) -> Lowered:
    amount = 0
    for _, _, count, part in moves:
        amount += count * part
    return Lowered(amount, tuple(moves), times)


def _lower_sets(step: Step, units: Units, policy: StackingPolicy) -> Lowered:
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
    lowered = _lowered(lower_taken(terms, units, got), times)
    if is_free and lowered.amount_minor:
        _mark(_take(units, picks[len(discount.get) :], is_free=True), is_touched=True)
    elif is_free:
        _mark(got, is_touched=False)
    return lowered


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
    return _lowered(moves)._replace(replaced=tuple(replaced))


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
