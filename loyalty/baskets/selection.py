"""Which units a discount takes: every n-th of a line-up, or sets that fit together."""

from collections.abc import Sequence
from typing import NamedTuple

from loyalty.baskets.discounts import LINE, Part, Selection
from loyalty.baskets.units import Units
from loyalty.conditions import LineMatch

# So many units of the line at a position.
Pick = tuple[int, int]


def select(
    units: Units, match: LineMatch, selection: Selection, *, is_free: bool
) -> list[Pick]:
    """Units that a selection takes of the lines that match."""
    lowest, highest = selection.lowest_price_minor, selection.highest_price_minor
    picks = []
    for index in units.lined_up(match, selection.start):
        if lowest <= units.lines[index].unit_price_minor <= highest:
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
    for index in units.lined_up(part.match, start):
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
    # Lines that could be the same parts count as one: there are few such kinds.
    pools: dict[int, int] = {}
    for index, signature in signatures.items():
        pools[signature] = pools.get(signature, 0) + left[index]
    masks = range(1, 1 << len(parts))
    demand = {mask: _wanted(parts, mask) for mask in masks}
    supply = {mask: _there(pools, mask) for mask in masks}
    times = min([supply[mask] // demand[mask] for mask in masks])
    if times_max:
        times = min(times, times_max)
    if times == 0:
        return Fit(0, (), max([demand[mask] - supply[mask] for mask in masks]))
    picks = []
    for number, part in enumerate(parts):
        slack = {
            mask: _there(pools, mask) - times * demand[mask]
            for mask in masks
            if not mask & _up_to(number)
        }
        wanted = times * part.quantity
        taken = []
        for index, _ in part.supply:
            if wanted == 0:
                break
            signature = signatures[index]
            count = _spare(min(wanted, left[index]), slack, signature)
            if count > 0:
                taken.append((index, count))
                wanted -= count
                left[index] -= count
                pools[signature] -= count
        assert wanted == 0, "Hall's condition holds, so every part is filled"
        picks.append(tuple(taken))
    return Fit(times, tuple(picks))


def _spare(count: int, slack: dict[int, int], signature: int) -> int:
    """Take as many of some units as the later parts can spare, and note it."""
    for mask, spare in slack.items():
        if mask & signature and spare < count:
            count = spare
    if count > 0:
        for mask in slack:
            if mask & signature:
                slack[mask] -= count
    return count


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
    return sum([part.quantity for n, part in enumerate(parts) if mask >> n & 1])


def _there(pools: dict[int, int], mask: int) -> int:
    return sum([count for signature, count in pools.items() if signature & mask])


def _up_to(number: int) -> int:
    """Bits of the parts that have had their turn, this one included."""
    return (2 << number) - 1
