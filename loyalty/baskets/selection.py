"""Which units a discount takes: every n-th of a line-up, or sets that fit together."""

from collections.abc import Sequence
from typing import NamedTuple

from loyalty.baskets.discounts import (
    AS_GIVEN,
    CHEAPEST,
    LINE,
    Part,
    Selection,
)
from loyalty.baskets.units import Units

# So many units of the line at a position.
Pick = tuple[int, int]


def lined_up(units: Units, indexes: Sequence[int], start: str) -> list[int]:
    """Positions of lines in the order in which a discount takes them."""
    if start == AS_GIVEN:
        return list(indexes)
    sign = 1 if start == CHEAPEST else -1
    lines = units.lines
    return sorted(indexes, key=lambda index: sign * lines[index].unit_price_minor)


def select(
    units: Units, indexes: Sequence[int], selection: Selection, *, is_free: bool
) -> list[Pick]:
    """Units that a selection takes of the lines at some positions."""
    picks = []
    for index in lined_up(units, indexes, selection.start):
        count = units.count(index, is_free=is_free)
        if count:
            picks.append((index, count))
    return _chosen(picks, selection)


def _chosen(picks: list[Pick], selection: Selection) -> list[Pick]:
    chosen = []
    position, room = 0, selection.most or -1
    for index, count in picks:
        counted = 1 if selection.by == LINE else count
        hits = _hits(position, counted, selection)
        position += counted
        if room >= 0:
            hits = min(hits, room)
            room -= hits
        taken = count if hits and selection.by == LINE else hits
        if selection.most_per_line:
            taken = min(taken, selection.most_per_line)
        if taken:
            chosen.append((index, taken))
    return chosen


def _hits(position: int, count: int, selection: Selection) -> int:
    """How many of `count` places from a position on are every n-th after the skip."""
    first = max(position - selection.skip, 0)
    end = position + count - selection.skip
    if end <= 0:
        return 0
    every = selection.every
    return -(-end // every) - -(-first // every)


class Fit(NamedTuple):
    """How often parts are there together, and the units of each part, by line."""

    times: int
    picks: tuple[tuple[Pick, ...], ...]
    missing: int = 0


class PartSupply(NamedTuple):
    """A part, and the units that could be it: (position, count), in order."""

    quantity: int
    supply: tuple[Pick, ...]


def supply_of(units: Units, part: Part, start: str, *, is_free: bool) -> PartSupply:
    """Units that could be a part, in order; what costs nothing any more is none."""
    picks = []
    for index in lined_up(units, units.indexes(part.match), start):
        count = units.count(index, is_free=is_free)
        if count:
            picks.append((index, count))
    return PartSupply(part.quantity, tuple(picks))


def fit(parts: Sequence[PartSupply], times_max: int) -> Fit:
    """
    Take the parts as often as they are there together, no unit for two of them.

    A unit that could be several parts is used where it lets most fit: for every
    set of parts there must be units enough (Hall's condition), and each part
    takes its units in order as far as the later parts can spare them.
    """
    left, signatures = _members(parts)
    demand = [0]
    supply = [0]
    for mask in range(1, 1 << len(parts)):
        demand.append(_wanted(parts, mask))
        supply.append(_there(left, signatures, mask))
    times = min(supply[mask] // demand[mask] for mask in range(1, len(demand)))
    if times_max:
        times = min(times, times_max)
    if times == 0:
        short = max(demand[mask] - supply[mask] for mask in range(1, len(demand)))
        return Fit(0, (), short)
    picks = []
    for number, part in enumerate(parts):
        later = [mask for mask in range(1, len(demand)) if not mask & _up_to(number)]
        slack = {
            mask: _there(left, signatures, mask) - times * demand[mask]
            for mask in later
        }
        wanted = PartSupply(times * part.quantity, part.supply)
        picks.append(_taken(wanted, left, signatures=signatures, slack=slack))
    return Fit(times, tuple(picks))


def _taken(
    part: PartSupply,
    left: dict[int, int],
    *,
    signatures: dict[int, int],
    slack: dict[int, int],
) -> tuple[Pick, ...]:
    """Units for one part, in order, as far as the later parts can spare them."""
    taken = []
    wanted = part.quantity
    for index, _ in part.supply:
        touched = [mask for mask in slack if mask & signatures[index]]
        count = min(wanted, left[index], *(slack[mask] for mask in touched))
        if count > 0:
            taken.append((index, count))
            wanted -= count
            left[index] -= count
            for mask in touched:
                slack[mask] -= count
    assert wanted == 0, "Hall's condition holds, so every part is filled"
    return tuple(taken)


def _members(parts: Sequence[PartSupply]) -> tuple[dict[int, int], dict[int, int]]:
    """Units of each line that could be anything, and which parts, as bits."""
    left: dict[int, int] = {}
    signatures: dict[int, int] = {}
    for number, part in enumerate(parts):
        for index, count in part.supply:
            left[index] = count
            signatures[index] = signatures.get(index, 0) | 1 << number
    return left, signatures


def _wanted(parts: Sequence[PartSupply], mask: int) -> int:
    return sum(part.quantity for n, part in enumerate(parts) if mask >> n & 1)


def _there(left: dict[int, int], signatures: dict[int, int], mask: int) -> int:
    return sum(count for index, count in left.items() if signatures[index] & mask)


def _up_to(number: int) -> int:
    """Bits of the parts that have had their turn, this one included."""
    return (2 << number) - 1
