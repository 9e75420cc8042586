"""Lowering chosen units by a percent, an amount or to a price, to the last cent."""

from typing import NamedTuple

from loyalty.baskets.allocation import allocate, split_runs
from loyalty.baskets.discounts import (
    AMOUNT,
    BY_QUANTITY,
    FIXED_PRICE,
    INITIAL,
    PAYMENT,
    PER_LINE,
    PER_UNIT,
    PERCENT,
    WHOLE_BP,
    Discount,
    Formula,
    measure,
    spread_of,
)
from loyalty.baskets.result import NO_EFFECT, Effect, Replacement
from loyalty.baskets.stacking import StackingPolicy, base_of
from loyalty.baskets.units import Run, Units
from loyalty.program import DOWN, UP


class Lowered(NamedTuple):
    """What a discount did; if nothing, why, and how many units from something."""

    amount_minor: int
    effects: tuple[Effect, ...] = ()
    times: int = 1
    replaced: tuple[Replacement, ...] = ()
    reason: str = NO_EFFECT
    distance: int = 0


class Taken(NamedTuple):
    """Runs of one line that a discount takes whole."""

    index: int
    runs: list[Run]


class Terms(NamedTuple):
    """What a discount takes off, with every default settled."""

    off: str
    value: int
    spread: str
    is_initial: bool
    rounding: str
    remainder: str
    keeps_floors: bool
    line_limit_minor: int
    limit_minor: int
    formula: Formula | None


def terms_of(discount: Discount, policy: StackingPolicy, *, times: int = 1) -> Terms:
    """Terms of a discount; what is split once counts `times` times."""
    off, value = measure(discount)
    spread = spread_of(discount)
    if times > 1 and off != PERCENT and spread not in {PER_UNIT, PER_LINE}:
        value *= times
    return Terms(
        off,
        value,
        spread,
        base_of(discount, policy) == INITIAL,
        policy.rounding,
        policy.remainder,
        discount.kind != PAYMENT,
        discount.line_limit_minor,
        discount.limit_minor,
        discount.formula,
    )


def share_of(amount_minor: int, basis_points: int, rounding: str) -> int:
    """Percent of an amount, rounded `down`, `up`, or `nearest` (a half up)."""
    product = amount_minor * basis_points
    if rounding == DOWN:
        return product // WHOLE_BP
    if rounding == UP:
        return -(-product // WHOLE_BP)
    return (2 * product + WHOLE_BP) // (2 * WHOLE_BP)


def lower_taken(terms: Terms, units: Units, taken: list[Taken]) -> tuple[Effect, ...]:
    """Lower the runs, which change, by what the terms say."""
    effects: list[Effect] = []
    if terms.spread == PER_UNIT:
        parts = [
            [_unit_part(terms, units, one, run=run) for run in one.runs]
            for one in taken
        ]
        amounts = [
            sum(part * run.count for part, run in zip(row, one.runs, strict=True))
            for row, one in zip(parts, taken, strict=True)
        ]
        limited = _limited(terms, amounts)
        for one, row, amount, limit in zip(taken, parts, amounts, limited, strict=True):
            if limit < amount:
                _share_out(terms, units, one=one, amount=limit, into=effects)
                continue
            for part, run in zip(row, one.runs, strict=True):
                if part:
                    effects.append(
                        _lower_run(terms, units, index=one.index, run=run, part=part)
                    )
        return tuple(effects)
    for one, amount in zip(taken, _line_amounts(terms, units, taken), strict=True):
        if amount:
            _share_out(terms, units, one=one, amount=amount, into=effects)
    return tuple(effects)


def _line_amounts(terms: Terms, units: Units, taken: list[Taken]) -> list[int]:
    """What each line is lowered by in all."""
    keeps, is_initial = terms.keeps_floors, terms.is_initial
    bases, rooms = [], []
    for _, runs in taken:
        base = room = 0
        for run in runs:
            left, count = run.left, run.count
            base += (run.price if is_initial else left) * count
            free = left - run.floor if keeps else left
            if free > 0:
                room += free * count
        bases.append(base)
        rooms.append(room)
    if terms.spread == PER_LINE:
        amounts = [
            min(_amount(terms, units, base=base, taken=[one]), room)
            for one, base, room in zip(taken, bases, rooms, strict=True)
        ]
        return _limited(terms, amounts)
    amount = _amount(terms, units, base=sum(bases), taken=taken)
    if terms.limit_minor:
        amount = min(amount, terms.limit_minor)
    if terms.line_limit_minor:
        rooms = [min(room, terms.line_limit_minor) for room in rooms]
    weights = bases
    if terms.spread == BY_QUANTITY:
        weights = [sum(run.count for run in one.runs) for one in taken]
    return allocate(amount, weights, caps=rooms, remainder=terms.remainder)


def _limited(terms: Terms, amounts: list[int]) -> list[int]:
    """Amounts of the lines within the limits; what is over is taken off in proportion."""
    if terms.line_limit_minor:
        amounts = [min(amount, terms.line_limit_minor) for amount in amounts]
    if 0 < terms.limit_minor < sum(amounts):
        return allocate(terms.limit_minor, amounts, caps=amounts)
    return amounts


def _amount(terms: Terms, units: Units, *, base: int, taken: list[Taken]) -> int:
    """What some lines are lowered by together, before any limit."""
    if terms.off == PERCENT:
        return share_of(base, terms.value, terms.rounding)
    if terms.off == AMOUNT:
        return terms.value
    if terms.off == FIXED_PRICE:
        return max(base - terms.value, 0)
    count = sum(run.count for one in taken for run in one.runs)
    values = {
        "quantity": count,
        "amount_minor": base,
        "basket_minor": sum(units.initial if terms.is_initial else units.left),
        "units": sum(line.quantity for line in units.lines),
    }
    if len({run.price for one in taken for run in one.runs}) == 1:
        values["unit_price_minor"] = taken[0].runs[0].price
    return _evaluated(terms, values)


def _unit_part(terms: Terms, units: Units, one: Taken, *, run: Run) -> int:
    """What each unit of a run is lowered by."""
    base = run.price if terms.is_initial else run.left
    if terms.off == PERCENT:
        part = share_of(base, terms.value, terms.rounding)
    elif terms.off == AMOUNT:
        part = terms.value
    elif terms.off == FIXED_PRICE:
        part = base - terms.value
    else:
        values = {
            "unit_price_minor": base,
            "quantity": units.lines[one.index].quantity,
            "amount_minor": units.left[one.index],
            "basket_minor": sum(units.initial if terms.is_initial else units.left),
            "units": sum(line.quantity for line in units.lines),
        }
        part = _evaluated(terms, values)
    room = run.left - run.floor if terms.keeps_floors else run.left
    return max(min(part, room), 0)


def _evaluated(terms: Terms, values: dict[str, int]) -> int:
    assert terms.formula is not None, "a discount by formula has one"
    return max(terms.formula(values), 0)


def _share_out(
    terms: Terms, units: Units, *, one: Taken, amount: int, into: list[Effect]
) -> None:
    """Lower the runs of a line by an amount in all."""
    index, runs = one
    if len(runs) == 1:
        parts = [divmod(amount, runs[0].count)]
    else:
        parts = split_runs(
            amount,
            [(run.count, _weight(terms, run), _room(terms, run)) for run in runs],
            remainder=terms.remainder,
        )
    for run, (part, more) in zip(runs, parts, strict=True):
        rest = run
        if more:
            rest = units.cut(index, run, more)
            into.append(_lower_run(terms, units, index=index, run=run, part=part + 1))
        if part:
            into.append(_lower_run(terms, units, index=index, run=rest, part=part))


def _weight(terms: Terms, run: Run) -> int:
    if terms.spread == BY_QUANTITY:
        return 1
    return run.price if terms.is_initial else run.left


def _room(terms: Terms, run: Run) -> int:
    return max(run.left - run.floor if terms.keeps_floors else run.left, 0)


def _lower_run(
    terms: Terms, units: Units, *, index: int, run: Run, part: int
) -> Effect:
    run.left -= part
    # What is paid with a gift card or points is not discounted by that.
    if terms.keeps_floors:
        run.is_touched = True
    units.left[index] -= part * run.count
    line_id = units.lines[index].line_id
    return Effect(index, line_id, run.start, run.count, part)
