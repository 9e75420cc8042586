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
from loyalty.baskets.result import NO_EFFECT, Move, Replacement
from loyalty.baskets.stacking import StackingPolicy, base_of
from loyalty.baskets.units import Run, Units
from loyalty.conditions import DOWN, UP

# Position of a line, and runs of it that a discount takes whole.
Taken = tuple[int, list[Run]]


class Lowered(NamedTuple):
    """What a discount did; if nothing, why, and how many units from something."""

    amount_minor: int
    moves: tuple[Move, ...] = ()
    times: int = 1
    replaced: tuple[Replacement, ...] = ()
    reason: str = NO_EFFECT
    distance: int = 0


def lowered(moves: list[Move], times: int = 1) -> Lowered:
    """What some moves did in all."""
    amount = 0
    for _, _, count, part in moves:
        amount += count * part
    return Lowered(amount, tuple(moves), times)


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


def lower_taken(
    terms: Terms, units: Units, taken: list[Taken], *, is_whole: bool = False
) -> list[Move]:
    """
    Lower the runs, which change, by what the terms say.

    `is_whole`: they are all that is left of their lines, which makes it quick.
    """
    if terms.spread == PER_UNIT:
        return _lower_units(terms, units, taken)
    moves: list[Move] = []
    amounts = _line_amounts(terms, units, taken, is_whole=is_whole)
    for (index, runs), amount in zip(taken, amounts, strict=True):
        if not amount:
            continue
        run = runs[0]
        if run.count == 1 and len(runs) == 1:
            moves.append(_lower_run(terms, units, run, index=index, part=amount))
        else:
            _share_out(terms, units, index=index, runs=runs, amount=amount, into=moves)
            units.merge(index)
    return moves


def _lower_units(terms: Terms, units: Units, taken: list[Taken]) -> list[Move]:
    """Lower each unit for itself, within the limits of the line and of the whole."""
    rows = [
        [_unit_part(terms, units, run, index=index) for run in runs]
        for index, runs in taken
    ]
    amounts = limited = [0] * len(rows)
    if terms.line_limit_minor or terms.limit_minor:
        amounts = [
            sum(part * run.count for part, run in zip(row, runs, strict=True))
            for row, (_, runs) in zip(rows, taken, strict=True)
        ]
        limited = _limited(terms, amounts)
    moves: list[Move] = []
    for number, (index, runs) in enumerate(taken):
        if limited[number] < amounts[number]:
            amount = limited[number]
            _share_out(terms, units, index=index, runs=runs, amount=amount, into=moves)
            continue
        for run, part in zip(runs[:], rows[number], strict=True):
            if part:
                moves.append(_lower_run(terms, units, run, index=index, part=part))
        if len(units.runs[index]) > 1:
            units.merge(index)
    return moves


def _line_amounts(
    terms: Terms, units: Units, taken: list[Taken], *, is_whole: bool
) -> list[int]:
    """What each line is lowered by in all."""
    if is_whole and not units.has_floors and not terms.is_initial:
        bases = rooms = [units.left[index] for index, _ in taken]
    else:
        bases, rooms = _bases_and_rooms(terms, taken)
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
        weights = [
            sum([run.count for run in runs if run.left > 0]) for _, runs in taken
        ]
    return allocate(amount, weights, caps=rooms, remainder=terms.remainder)


def _bases_and_rooms(terms: Terms, taken: list[Taken]) -> tuple[list[int], list[int]]:
    """What each line is counted from, and what it can be lowered by at most."""
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
    return bases, rooms


def _limited(terms: Terms, amounts: list[int]) -> list[int]:
    """Amounts of lines within the limits; what is over goes in proportion."""
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
    values = {
        "quantity": sum(run.count for _, runs in taken for run in runs),
        "amount_minor": base,
    }
    prices = {run.price for _, runs in taken for run in runs}
    if len(prices) == 1:
        values["unit_price_minor"] = prices.pop()
    return _evaluated(terms, units, values)


def _unit_part(terms: Terms, units: Units, run: Run, *, index: int) -> int:
    """What each unit of a run is lowered by."""
    base = run.price if terms.is_initial else run.left
    off = terms.off
    if off == PERCENT:
        part = share_of(base, terms.value, terms.rounding)
    elif off == AMOUNT:
        part = terms.value
    elif off == FIXED_PRICE:
        part = base - terms.value
    else:
        values = {
            "unit_price_minor": base,
            "quantity": units.lines[index].quantity,
            "amount_minor": units.left[index],
        }
        part = _evaluated(terms, units, values)
    room = _room(terms, run)
    return room if part > room else max(part, 0)


def _evaluated(terms: Terms, units: Units, values: dict[str, int]) -> int:
    assert terms.formula is not None, "a discount by formula has one"
    values["basket_minor"] = sum(units.initial if terms.is_initial else units.left)
    values["units"] = sum(line.quantity for line in units.lines)
    return max(terms.formula(values), 0)


def _share_out(
    terms: Terms,
    units: Units,
    *,
    index: int,
    runs: list[Run],
    amount: int,
    into: list[Move],
) -> None:
    """Lower the runs of a line by an amount in all."""
    if len(runs) == 1:
        parts = [divmod(amount, runs[0].count)]
    else:
        parts = split_runs(
            amount,
            [(run.count, _weight(terms, run), _room(terms, run)) for run in runs],
            remainder=terms.remainder,
        )
    # Cutting adds to the list that may be walked here.
    for run, (part, more) in zip(runs[:], parts, strict=True):
        rest = run
        if more:
            rest = units.cut(index, run, more)
            into.append(_lower_run(terms, units, run, index=index, part=part + 1))
        if part:
            into.append(_lower_run(terms, units, rest, index=index, part=part))


def _weight(terms: Terms, run: Run) -> int:
    if terms.spread == BY_QUANTITY:
        return 1 if run.left > 0 else 0
    return run.price if terms.is_initial else run.left


def _room(terms: Terms, run: Run) -> int:
    if not terms.keeps_floors or not run.floor:
        return run.left
    return max(run.left - run.floor, 0)


def _lower_run(terms: Terms, units: Units, run: Run, *, index: int, part: int) -> Move:
    run.left -= part
    # What is paid with a gift card or points is not discounted by that.
    if terms.keeps_floors:
        run.is_touched = True
    units.left[index] -= part * run.count
    return index, run.start, run.count, part
