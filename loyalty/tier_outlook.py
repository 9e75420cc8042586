"""What a member may expect of tiers: the next one, what keeps this one."""

from loyalty.member import EarnedDay
from loyalty.program import Program
from loyalty.wallets import (
    BASIS_BALANCE,
    ROLLING,
    Tier,
)
from loyalty.zones import day_start


def tier_value(days: tuple[EarnedDay, ...], program: Program, balance: int) -> int:
    """What counts for tiers, never below 0."""
    if program.tier_policy.basis == BASIS_BALANCE:
        return max(balance, 0)
    total = 0
    for known in days:
        total += known.points
    return max(total, 0)


def next_tier(value: int, program: Program) -> Tier | None:
    """Tier above what is reached, None at the top."""
    for tier in program.tiers:
        if value < tier.from_points:
            return tier
    return None


def tier_of(tier_id: str, program: Program) -> Tier | None:
    """Tier by id."""
    for tier in program.tiers:
        if tier.tier_id == tier_id:
            return tier
    return None


def projected_tier(
    days: tuple[EarnedDay, ...], program: Program
) -> tuple[str, int, int]:
    """
    Tier that the member falls to if nothing more comes, when, and what keeps it.

    Empty and 0 when nothing is lost by waiting. Only for rolling windows; in
    others the period's end decides.
    """
    policy = program.tier_policy
    if not program.tiers or policy.window != ROLLING or not days:
        return "", 0, 0
    value = tier_value(days, program, 0)
    place = place_reached(value, program)
    for known in days:
        value -= known.points
        lower = place_reached(max(value, 0), program)
        if lower < place:
            leaves_at = day_start(program.zone, known.day + policy.window_days)
            missing = program.tiers[place].from_points - max(value, 0)
            return program.tiers[lower].tier_id, leaves_at, missing
    return "", 0, 0


def place_reached(value: int, program: Program) -> int:
    """Place of the highest tier that a value reaches."""
    place = 0
    for number, tier in enumerate(program.tiers):
        if value < tier.from_points:
            break
        place = number
    return place


def place_of(tier_id: str, program: Program) -> int:
    """Place of a tier in the program, -1 if it has none of that id."""
    for number, tier in enumerate(program.tiers):
        if tier.tier_id == tier_id:
            return number
    return -1
