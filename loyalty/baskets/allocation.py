"""Splitting an amount over lines and units, exactly, to the last minor unit."""

from collections.abc import Sequence
from typing import Final

LARGEST: Final = "largest_remainder"
FIRST: Final = "first"
NEAREST_FIRST: Final = "nearest_first"
REMAINDERS: Final = (LARGEST, FIRST, NEAREST_FIRST)

# Shifts a fraction of two amounts far enough that its floor orders it exactly.
_EXACT_BITS: Final = 192


def allocate(
    amount: int,
    weights: Sequence[int],
    *,
    caps: Sequence[int] | None = None,
    remainder: str = LARGEST,
) -> list[int]:
    """
    Split an amount in proportion to weights, no part above its cap.

    The parts sum to the amount, or to the caps of what has weight if these are
    less. What a cap keeps back goes to the others in proportion. Each share is
    rounded down; the units left over go one each to the largest remainders
    (ties to the first), or to the first parts. `nearest_first` rounds each share
    to the nearest (a half down) and settles the difference from the first on.
    """
    total = sum(weights)
    if amount <= 0 or total <= 0:
        return [0] * len(weights)
    if caps is weights:
        amount = min(amount, total)
    elif caps is not None and any(
        amount * weight > cap * total for weight, cap in zip(weights, caps, strict=True)
    ):
        return _within_caps(amount, weights, caps=caps, remainder=remainder)
    return _proportional(amount, weights, total=total, remainder=remainder)


def split_runs(
    amount: int, runs: Sequence[tuple[int, int, int]], *, remainder: str = LARGEST
) -> list[tuple[int, int]]:
    """
    Split an amount over runs of equal units: (count, weight, cap of one unit).

    Gives (part of each unit, how many of its first units get one more) for each
    run: what `allocate` would give to the units one by one, in time that depends
    on the runs alone. At most one run is left with units that get one more.
    """
    parts = [(0, 0)] * len(runs)
    total = sum([count * weight for count, weight, _ in runs])
    if amount <= 0 or total <= 0:
        return parts
    free = [index for index, run in enumerate(runs) if run[0] * run[1] > 0]
    if any(amount * runs[index][1] >= runs[index][2] * total for index in free):
        free.sort(key=lambda index: (runs[index][2] << _EXACT_BITS) // runs[index][1])
        while free:
            count, weight, cap = runs[free[0]]
            if amount * weight < cap * total:
                break
            parts[free.pop(0)] = (cap, 0)
            amount -= count * cap
            total -= count * weight
        free.sort()
    rest = amount
    remainders = {}
    for index in free:
        count, weight, _ = runs[index]
        part, remainders[index] = divmod(amount * weight, total)
        parts[index] = (part, 0)
        rest -= count * part
    if remainder != FIRST:
        free.sort(key=lambda index: -remainders[index])
    for index in free:
        if rest <= 0:
            break
        count, part = runs[index][0], parts[index][0]
        parts[index] = (part + 1, 0) if rest >= count else (part, rest)
        rest -= count
    return parts


def _within_caps(
    amount: int, weights: Sequence[int], *, caps: Sequence[int], remainder: str
) -> list[int]:
    """Fill up what reaches its cap, lowest cap for its weight first; split the rest."""
    parts = [0] * len(weights)
    total, left = sum(weights), amount
    filling = [index for index, weight in enumerate(weights) if weight > 0]
    filling.sort(key=lambda index: (caps[index] << _EXACT_BITS) // weights[index])
    reached = 0
    for index in filling:
        # What is not full here has a share below its cap, so one more fits.
        if left * weights[index] < caps[index] * total:
            break
        parts[index] = caps[index]
        left -= caps[index]
        total -= weights[index]
        reached += 1
    free = sorted(filling[reached:])
    if free:
        shares = _proportional(
            left, [weights[index] for index in free], total=total, remainder=remainder
        )
        limits = [caps[index] for index in free]
        for index, share in zip(free, _settled(shares, limits), strict=True):
            parts[index] = share
    return parts


def _settled(shares: list[int], limits: Sequence[int]) -> list[int]:
    """Shares within their limits: `nearest_first` may hand one unit too many."""
    over = 0
    for index, limit in enumerate(limits):
        if shares[index] > limit:
            over += shares[index] - limit
            shares[index] = limit
    for index, limit in enumerate(limits):
        if over == 0:
            break
        more = min(over, limit - shares[index])
        shares[index] += more
        over -= more
    return shares


def _proportional(
    amount: int, weights: Sequence[int], *, total: int, remainder: str
) -> list[int]:
    if remainder == NEAREST_FIRST:
        return _nearest_first(amount, weights, total)
    shares = [amount * weight // total for weight in weights]
    rest = amount - sum(shares)
    if rest == 0:
        return shares
    if remainder == FIRST:
        receivers = [index for index, weight in enumerate(weights) if weight]
    else:
        remainders = [amount * weight % total for weight in weights]
        # Sorting in reverse keeps the first of equal remainders first.
        receivers = sorted(
            range(len(weights)), key=remainders.__getitem__, reverse=True
        )
    for index in receivers[:rest]:
        shares[index] += 1
    return shares


def _nearest_first(amount: int, weights: Sequence[int], total: int) -> list[int]:
    # A half rounds down: ceil(x - 1/2) is ceil((2aw - t) / 2t).
    shares = [-((total - 2 * amount * weight) // (2 * total)) for weight in weights]
    missing = amount - sum(shares)
    step = 1 if missing > 0 else -1
    while missing:
        for index, weight in enumerate(weights):
            if missing and weight and shares[index] + step >= 0:
                shares[index] += step
                missing -= step
    return shares
