"""When messages may go out: quiet hours, windows, the member's own hour."""

from bisect import bisect_right
from itertools import pairwise
from typing import Final

from loyalty.anniversaries import delay_until
from loyalty.engagement.rules import EngagementPolicy
from loyalty.limits import DAY_MS
from loyalty.windows import MINUTE_MS, DayPart, next_open
from loyalty.zones import Zone, local_day, local_ms, utc_ms

HOURS: Final = 24
HOUR_MS: Final = 3_600_000
NEVER: Final = -1
# A window opens within a week; quiet hours and a change of the clock add a few.
LOOKS_MAX: Final = 32
# Fewer orders than that are no habit.
HABIT_ORDERS_MIN: Final = 3
COUNT_MAX: Final = 255


def next_allowed(policy: EngagementPolicy, at: int, zone: Zone) -> int:
    """
    First time from this one on at which a message may go; NEVER if there is none.

    Quiet hours are those that the clock on the wall shows: an hour that comes twice
    is quiet twice. Where one ends in an hour that does not exist, it ends when the
    clock has gone on.
    """
    for _ in range(LOOKS_MAX):
        local = local_ms(zone, at)
        opens = _next_local(policy, local)
        if opens == local:
            return at
        if opens < 0:
            return NEVER
        coming = utc_ms(zone, opens)
        if coming <= at:
            # The first of two such hours is over.
            coming = at + (opens - local)
        change = bisect_right(zone.since, at)
        if change < len(zone.since) and zone.since[change] < coming:
            # The clock is put before it comes: perhaps to where it is open.
            coming = zone.since[change]
        at = coming
    return NEVER


def _next_local(policy: EngagementPolicy, local: int) -> int:
    """Next local time outside of quiet hours and inside the window."""
    for _ in range(LOOKS_MAX):
        asked = local
        if policy.quiet is not None:
            local = _after_quiet(policy.quiet, local)
        local = next_open(policy.window, local)
        if local in (asked, NEVER):
            return local
    return NEVER


def _after_quiet(quiet: DayPart, local: int) -> int:
    """This time, or the end of the quiet hours that it is in."""
    day, in_day = divmod(local, DAY_MS)
    begins, ends = quiet.from_minute * MINUTE_MS, quiet.to_minute * MINUTE_MS
    if begins < ends:
        return day * DAY_MS + ends if begins <= in_day < ends else local
    if in_day >= begins:
        return (day + 1) * DAY_MS + ends
    return day * DAY_MS + ends if in_day < ends else local


def counted(habit: bytes, hour: int) -> bytes:
    """Habit with one more order in an hour; all counts are halved when one is full."""
    counts = list(habit) if habit else [0] * HOURS
    if counts[hour] == COUNT_MAX:
        counts = [count // 2 for count in counts]
    counts[hour] += 1
    return bytes(counts)


def hour_of(at: int, zone: Zone) -> int:
    """Local hour of a time."""
    return local_ms(zone, at) % DAY_MS // HOUR_MS


def next_habit(habit: bytes, at: int, zone: Zone, *, else_minute: int = -1) -> int:
    """
    Next start of the hour with most orders, the earliest of several; within it, now.

    Where there are too few orders to know, the next `else_minute` of a local day; -1
    is now.
    """
    if sum(habit) < HABIT_ORDERS_MIN:
        if else_minute < 0:
            return at
        return delay_until(
            at, days=_days_to(else_minute, at, zone), at_minute=else_minute, zone=zone
        )
    hour = habit.index(max(habit))
    if hour_of(at, zone) == hour:
        return at
    day = local_day(zone, at)
    starts_at = utc_ms(zone, day * DAY_MS + hour * HOUR_MS)
    if starts_at <= at:
        starts_at = utc_ms(zone, (day + 1) * DAY_MS + hour * HOUR_MS)
    return max(starts_at, at)


def _days_to(minute: int, at: int, zone: Zone) -> int:
    """0 if a minute of the local day is still to come, else 1."""
    return int(local_ms(zone, at) % DAY_MS > minute * MINUTE_MS)


def typical_gap_ms(order_ats: tuple[int, ...]) -> int:
    """
    Middle of the times between orders, rounded down; 0 if there are too few.

    Of an even number it is the middle of the two in the middle.
    """
    gaps = sorted(later - one for one, later in pairwise(order_ats))
    if len(gaps) < HABIT_ORDERS_MIN:
        return 0
    middle = len(gaps) // 2
    if len(gaps) % 2:
        return gaps[middle]
    return (gaps[middle - 1] + gaps[middle]) // 2
