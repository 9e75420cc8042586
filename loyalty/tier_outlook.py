"""What a member may expect of tiers: the next one, what keeps this one."""

from loyalty.member import EarnedDay, State
from loyalty.program import Program
from loyalty.rules import POINTS
from loyalty.wallets import (
    BASIS_BALANCE,
    BASIS_SPEND,
    BASIS_VISITS,
    NONE,
    ONE_STEP,
    ROLLING,
    Tier,
)
from loyalty.zones import day_start, local_day


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


def projected_tier(state: State, program: Program) -> tuple[str, int, int]:
    """
    Tier that the member falls to if nothing more comes, when, and what keeps it.

    Empty and 0 when nothing is lost by waiting: also where the policy, a kept
    tier or the basis lets nothing fall. Only for rolling windows; in others the
    period's end decides.
    """
    policy = program.tier_policy
    held = place_of(state.tier, program)
    kept = max(place_of(state.tier_kept, program), 0)
    is_lost_in_time = (
        policy.window == ROLLING
        and policy.basis != BASIS_BALANCE
        and policy.downgrade != NONE
    )
    if not is_lost_in_time or held <= kept:
        return "", 0, 0
    leaves_at = _leaves_at(state, held, program)
    today = local_day(program.zone, leaves_at)
    days = [one for one in state.earned_days if one.day + policy.window_days > today]
    value = tier_value(tuple(days), program, 0)
    reached = place_reached(value, program)
    lower = held - 1 if policy.downgrade == ONE_STEP else max(reached, kept)
    missing = program.tiers[held].from_points - value
    return program.tiers[lower].tier_id, leaves_at, missing


def _leaves_at(state: State, held: int, program: Program) -> int:
    """When what counts is no longer enough, at the earliest when its term ends."""
    value = tier_value(state.earned_days, program, 0)
    leaves_at = state.clock_at
    for known in state.earned_days:
        if place_reached(max(value, 0), program) < held:
            break
        value -= known.points
        leaves_at = day_start(program.zone, known.day + program.tier_policy.window_days)
    return max(leaves_at, state.tier_until)


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


def tier_amount(basis: str, points: int, money: int) -> int:
    """What an order counts towards a tier: nothing where a balance is what counts."""
    if basis == POINTS:
        return points
    if basis == BASIS_SPEND:
        return money
    return int(basis == BASIS_VISITS)
