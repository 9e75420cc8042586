"""Which tier a member has reached, and what is missing for the next."""

from bisect import insort

from loyalty.limits import DAY_MS
from loyalty.member import EarnedDay
from loyalty.program import Program, Tier


def add_to_day(
    days: tuple[EarnedDay, ...], at: int, points: int
) -> tuple[EarnedDay, ...]:
    """Count points (or take them back) on the day of a time."""
    day = at // DAY_MS
    if days:
        last = days[-1]
        if last.day == day:
            return (*days[:-1], EarnedDay(day, last.points + points))
        if last.day < day:
            return (*days, EarnedDay(day, points))
    # Late: somewhere before the last day.
    others = [known for known in days if known.day != day]
    known_points = sum(known.points for known in days if known.day == day)
    insort(others, EarnedDay(day, known_points + points))
    return tuple(others)


def days_in_window(
    days: tuple[EarnedDay, ...], clock_at: int, program: Program
) -> tuple[EarnedDay, ...]:
    """Days that still count at a time: the last `tier_window_days`, today included."""
    out_through = clock_at // DAY_MS - program.tier_window_days
    if not days or days[0].day > out_through:
        return days
    return tuple(known for known in days if known.day > out_through)


def tier_points(days: tuple[EarnedDay, ...]) -> int:
    """Points in the tier window, never below 0."""
    return max(sum(known.points for known in days), 0)


def tier_reached(points: int, program: Program) -> Tier:
    """Highest tier whose `from_points` are reached; the program has tiers."""
    reached = program.tiers[0]
    for tier in program.tiers:
        if points < tier.from_points:
            break
        reached = tier
    return reached


def next_tier(points: int, program: Program) -> Tier | None:
    """Tier above the one reached, None at the top."""
    for tier in program.tiers:
        if points < tier.from_points:
            return tier
    return None


def next_review_at(days: tuple[EarnedDay, ...], program: Program) -> int:
    """When the oldest day leaves the window (ms since 1970); 0 if there is none."""
    if not days:
        return 0
    return (days[0].day + program.tier_window_days) * DAY_MS
