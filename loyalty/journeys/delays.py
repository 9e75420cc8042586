"""When a wait is over."""

from loyalty.anniversaries import delay_until
from loyalty.conditions import MEMBER
from loyalty.journeys.steps import NO_MINUTE, Delay
from loyalty.limits import DAY_MS
from loyalty.member import Profile
from loyalty.program import Program
from loyalty.windows import MINUTE_MS
from loyalty.zones import Zone, local_day, utc_ms


def due_after(delay: Delay, at: int, *, zone: Zone) -> int:
    """When a delay is over that begins at a time; always later than it."""
    if delay.at_minute == NO_MINUTE:
        return at + delay.days * DAY_MS + delay.ms
    due_at = delay_until(at, days=delay.days, at_minute=delay.at_minute, zone=zone)
    if due_at > at:
        return due_at
    # That minute of today is over, or now: the next one is tomorrow's.
    local = (local_day(zone, at) + 1) * DAY_MS + delay.at_minute * MINUTE_MS
    return max(utc_ms(zone, local), at + 1)


def zone_of(delay: Delay, profile: Profile, program: Program) -> Zone:
    """Whose local time a delay means; the program's where the member's is not known."""
    if delay.clock == MEMBER:
        return program.zones.get(profile.time_zone, program.zone)
    return program.zone
