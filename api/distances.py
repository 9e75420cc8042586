"""How far a rule that gives nothing is from giving: "2 more orders by Sunday"."""

from typing import Final, NamedTuple

from api.rule_doubts import Asked, Doubt
from loyalty.civil import date_of, weekday_of
from loyalty.experiments import base_id
from loyalty.matching import Basket
from loyalty.member import balance_of
from loyalty.periods import period_end, period_of
from loyalty.program import Program
from loyalty.rules import ChallengeRule, OrderRule, StreakRule
from loyalty.tier_outlook import tier_of, tier_value
from loyalty.zones import local_day

WEEKDAYS: Final = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)
MINOR: Final = "minor"
ORDERS: Final = "orders"
TIER_VALUE: Final = "tier_points"


class Distance(NamedTuple):
    """So much of a unit is missing; `until` (ms) is when it is too late, 0 is never."""

    missing: int
    unit: str
    until: int = 0


def distance_of(asked: Asked, rule: OrderRule, doubt: Doubt) -> Distance | None:
    """How far the member is, after the order; None where no more of it would help."""
    if doubt.reason == "below-minimum":
        amount = Basket(asked.order, asked.program).of(rule.match).amount_minor
        return Distance(rule.minimum_minor - amount, MINOR)
    if doubt.reason == "tier":
        return _to_tier(asked, rule)
    if doubt.reason == "order-number":
        return _to_order(asked, rule)
    if doubt.reason == "goes-on" and isinstance(rule, StreakRule):
        return _of_streak(asked, rule)
    if doubt.reason == "goes-on" and isinstance(rule, ChallengeRule):
        return _of_challenge(asked, rule)
    return None


def told(distance: Distance, program: Program) -> str:
    """Distance in words, its last day on the program's calendar."""
    unit = distance.unit.replace("_", " ")
    if distance.missing == 1 and unit != MINOR:
        unit = unit.removesuffix("s")
    words = f"{distance.missing} more {unit}{' units' if unit == MINOR else ''}"
    if not distance.until:
        return words
    # What ends at midnight ends with the day before it.
    day = local_day(program.zone, distance.until - 1)
    year, month, of_month = date_of(day)
    weekday = WEEKDAYS[weekday_of(day) - 1]
    return f"{words} by {weekday}, {year:04}-{month:02}-{of_month:02}"


def _to_tier(asked: Asked, rule: OrderRule) -> Distance | None:
    state, program = asked.after.state, asked.program
    balance = balance_of(state.lots, program.wallet_id)
    value = tier_value(state.earned_days, program, balance)
    wanted = [tier_of(name, program) for name in rule.when.tiers]
    above = [one.from_points - value for one in wanted if one is not None]
    # Whoever is above all of them would have to lose something.
    return Distance(min(above), TIER_VALUE) if above and min(above) > 0 else None


def _to_order(asked: Asked, rule: OrderRule) -> Distance | None:
    number = asked.before.state.order_count + 1
    when = rule.when
    if when.order_number and when.order_number < number:
        return None
    if when.order_number:
        return Distance(when.order_number - number, ORDERS)
    return Distance(-number % when.every_order, ORDERS)


def _of_streak(asked: Asked, rule: StreakRule) -> Distance | None:
    own_id = base_id(rule.rule_id)
    known = next(
        (one for one in asked.after.state.streaks if one.rule_id == own_id), None
    )
    if known is None:
        return None
    zone, at = asked.program.zone, asked.order.occurred_at
    ends_at = period_end(rule.period, period_of(rule.period, at, zone), zone)
    if known.orders < rule.orders_min:
        return Distance(rule.orders_min - known.orders, ORDERS, ends_at)
    if known.length > rule.length and not rule.repeats:
        return None
    missing = rule.length - known.length % rule.length
    return Distance(missing, f"{rule.period}s")


def _of_challenge(asked: Asked, rule: ChallengeRule) -> Distance | None:
    own_id = base_id(rule.rule_id)
    for known in asked.after.state.challenges:
        if known.rule_id == own_id and known.progress < rule.target:
            ends = []
            if rule.period:
                zone, at = asked.program.zone, asked.order.occurred_at
                ordinal = period_of(rule.period, at, zone)
                ends.append(period_end(rule.period, ordinal, zone))
            if rule.within_ms and known.started_at:
                ends.append(known.started_at + rule.within_ms)
            unit = MINOR if rule.goal == "spend" else rule.goal
            until = min(ends, default=0)
            return Distance(rule.target - known.progress, unit, until)
    return None
