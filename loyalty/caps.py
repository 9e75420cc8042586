"""Caps without a lock: how much of one is left, counted in the member's own state."""

from typing import Final, NamedTuple

from loyalty.conditions import MEMBER, REJECT, TRANSACTION, Cap
from loyalty.member import Counter
from loyalty.periods import FOREVER, period_of
from loyalty.program import Program
from loyalty.zones import Zone

Counters = tuple[Counter, ...]

SPANS: Final = {FOREVER: "in all", TRANSACTION: "an order"}


class Clocks(NamedTuple):
    """By whose local time caps count: the program's, or the member's own."""

    program: Zone
    member: Zone


def clocks_of(time_zone: str, program: Program) -> Clocks:
    """Clocks of the program and of a member, whose zone may not be known."""
    return Clocks(program.zone, program.zones.get(time_zone, program.zone))


def allowed(
    caps: tuple[Cap, ...], points: int, at: int, *, counters: Counters, clocks: Clocks
) -> int:
    """Points that all caps let through: trimmed to what is left, or none."""
    for cap in caps:
        left = _points_left(cap, at, counters, clocks=clocks)
        if left is not None and points > left:
            points = 0 if cap.over == REJECT else left
        if points <= 0:
            return 0
    return points


def limiting(
    caps: tuple[Cap, ...], points: int, at: int, *, counters: Counters, clocks: Clocks
) -> Cap:
    """The cap that keeps most of some points back, of some that do not let all in."""
    tightest = caps[0]
    for cap in caps:
        left = _points_left(cap, at, counters, clocks=clocks)
        if left is not None and points > left:
            tightest, points = cap, 0 if cap.over == REJECT else left
    return tightest


def words_of(cap: Cap) -> str:
    """Cap as an explanation says it: `the cap of 50 points a day`."""
    most = [f"{cap.points} points"] if cap.points >= 0 else []
    if cap.times >= 0:
        most.append("once" if cap.times == 1 else f"{cap.times} times")
    span = SPANS.get(cap.period, f"a {cap.period}")
    if cap.every > 1:
        span = f"in {cap.every} {cap.period}s"
    return f"the cap of {' and '.join(most)} {span}"


def count(
    caps: tuple[Cap, ...], points: int, at: int, *, counters: Counters, clocks: Clocks
) -> Counters:
    """Counters after so many points were given once."""
    for cap in caps:
        known = find(counters, cap.key)
        ordinal = _ordinal(cap, known, at, clocks=clocks)
        if known is None or known.ordinal != ordinal:
            counter = Counter(cap.key, ordinal, points, 1, at)
        else:
            counter = Counter(
                cap.key, ordinal, known.points + points, known.times + 1, at
            )
        counters = put(counters, counter)
    return counters


def is_cooling(key: str, at: int, cooldown_ms: int, *, counters: Counters) -> bool:
    """Whether a rule gave something less than its cooldown ago."""
    known = find(counters, key)
    return known is not None and at < known.last_at + cooldown_ms


def find(counters: Counters, key: str) -> Counter | None:
    """Counter of a key."""
    for counter in counters:
        if counter.key == key:
            return counter
    return None


def put(counters: Counters, counter: Counter) -> Counters:
    """Counters with one replaced or added, sorted by key."""
    others = [one for one in counters if one.key != counter.key]
    return tuple(sorted((*others, counter)))


def without(counters: Counters, keys: frozenset[str]) -> Counters:
    """Counters but those of some keys: a new transaction begins."""
    return tuple(one for one in counters if one.key not in keys)


def _points_left(
    cap: Cap, at: int, counters: Counters, *, clocks: Clocks
) -> int | None:
    """Points left in a cap; None if it does not limit points just now."""
    known = find(counters, cap.key)
    if known is None or known.ordinal != _ordinal(cap, known, at, clocks=clocks):
        used_points = used_times = 0
    else:
        used_points, used_times = known.points, known.times
    if 0 <= cap.times <= used_times:
        return 0
    return max(cap.points - used_points, 0) if cap.points >= 0 else None


def _ordinal(cap: Cap, known: Counter | None, at: int, *, clocks: Clocks) -> int:
    """Which period a time counts in; several days begin with the first award."""
    if cap.period == TRANSACTION:
        # Counters of transactions are forgotten when the next one begins.
        return 0
    zone = clocks.member if cap.clock == MEMBER else clocks.program
    ordinal = period_of(cap.period, at, zone)
    is_same = known is not None and 0 <= ordinal - known.ordinal < cap.every
    return known.ordinal if known is not None and is_same else ordinal
