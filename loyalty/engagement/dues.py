"""Occasions that come by themselves: when the next one is, each time anew."""

from typing import Final

from loyalty.anniversaries import delay_until
from loyalty.engagement.hours import typical_gap_ms
from loyalty.engagement.looks import Due, Look, day_text
from loyalty.engagement.memory import Memory
from loyalty.engagement.rules import (
    ANNIVERSARY,
    BIRTHDAY,
    LAPSED,
    POINTS_EXPIRING,
    STREAK_AT_RISK,
    TIER_EXPIRING,
    Trigger,
)
from loyalty.engagement.yearly_dues import yearly_due
from loyalty.limits import DAY_MS
from loyalty.member import State, balance_of
from loyalty.messages import MessageValue
from loyalty.periods import period_end, period_of
from loyalty.program import Program
from loyalty.rules import StreakRule
from loyalty.tier_outlook import place_of, place_reached, projected_tier, tier_value
from loyalty.wallets import NONE, ROLLING
from loyalty.zones import Zone

NO_DAY: Final = (0, 0)


def due_of(trigger: Trigger, memory: Memory, look: Look) -> Due | None:
    """Next occasion of a trigger whose time comes by itself, None if there is none."""
    kind = trigger.kind
    if kind == LAPSED:
        return _lapsed(trigger, memory, look)
    if kind == POINTS_EXPIRING:
        return _points_expiring(trigger, memory.mark(trigger.trigger_id).occasion, look)
    if kind == TIER_EXPIRING:
        return _tier_expiring(trigger, look)
    if kind == STREAK_AT_RISK:
        return _streak_at_risk(trigger, look)
    if kind in (BIRTHDAY, ANNIVERSARY):
        return yearly_due(trigger, memory.mark(trigger.trigger_id).occasion, look)
    return None


def _lapsed(trigger: Trigger, memory: Memory, look: Look) -> Due | None:
    last_at = memory.last_order_at()
    if not last_at:
        return None
    gap_ms = typical_gap_ms(memory.order_ats) if trigger.rhythm_bp else 0
    wait_ms = trigger.days * DAY_MS
    if gap_ms:
        wait_ms = gap_ms * trigger.rhythm_bp // 10_000
        wait_ms = max(wait_ms, trigger.days_min * DAY_MS)
        wait_ms = min(wait_ms, trigger.days_max * DAY_MS)
    due_at = last_at + wait_ms
    if due_at > look.at:
        # What is still to come needs no words.
        return Due(due_at, last_at)
    days = (look.at - last_at) // DAY_MS
    values = (MessageValue("days", str(max(days, wait_ms // DAY_MS))),)
    return Due(due_at, last_at, "", values)


def _points_expiring(trigger: Trigger, after: int, look: Look) -> Due | None:
    """Lots of a wallet that end later than the latest that was told of."""
    ends = [
        lot
        for lot in look.state.lots
        if lot.wallet == trigger.wallet and lot.expires_at > after
    ]
    if not ends:
        return None
    due_at = min(lot.expires_at for lot in ends) - trigger.within_ms
    reach = max(look.at, due_at) + trigger.within_ms
    near = [lot for lot in ends if lot.expires_at <= reach]
    ends_at = max(lot.expires_at for lot in near)
    values = (
        MessageValue("points", str(sum(lot.points for lot in near))),
        MessageValue("wallet", trigger.wallet),
        MessageValue("ends_on", day_text(near[0].expires_at, look.zone)),
    )
    return Due(due_at, ends_at, trigger.wallet, values)


def _tier_expiring(trigger: Trigger, look: Look) -> Due | None:
    state, program = look.state, look.program
    if not program.tiers or not state.tier:
        return None
    ends_at, missing = _tier_end(state, program)
    if ends_at <= look.at:
        return None
    values = (
        MessageValue("tier", state.tier),
        MessageValue("ends_on", day_text(ends_at, look.zone)),
        MessageValue("points_missing", str(missing)),
    )
    return Due(ends_at - trigger.within_ms, ends_at, state.tier, values)


def _tier_end(state: State, program: Program) -> tuple[int, int]:
    """When the tier is lost if nothing more comes (0: never), and what is missing."""
    policy = program.tier_policy
    if policy.window == ROLLING:
        _, falls_at, missing = projected_tier(state, program)
        return falls_at, missing
    held = place_of(state.tier, program)
    if policy.downgrade == NONE or held <= max(place_of(state.tier_kept, program), 0):
        return 0, 0
    balance = balance_of(state.lots, program.wallet_id)
    value = tier_value(state.earned_days, program, balance)
    if place_reached(value, program) >= held:
        return 0, 0
    return state.tier_until, program.tiers[held].from_points - value


def _streak_at_risk(trigger: Trigger, look: Look) -> Due | None:
    """Next period that ends the streak if nothing is ordered in it."""
    rule = look.program.rules.get(trigger.streak_id)
    if not isinstance(rule, StreakRule):
        return None
    zone = look.program.zone
    now = period_of(rule.period, look.at, zone)
    for known in look.state.streaks:
        if known.rule_id != rule.rule_id or known.length < trigger.length_min:
            continue
        is_enough = known.orders >= rule.orders_min
        # The first period without enough orders: the latest one, or the next.
        risky = known.ordinal + 1 if is_enough else known.ordinal
        if risky < now:
            return None
        ends_at = period_end(rule.period, risky, zone)
        due_at = ends_at - trigger.within_ms
        if due_at > look.at:
            return Due(due_at, risky)
        placed = known.orders if risky == known.ordinal else 0
        values = (
            MessageValue("streak", rule.rule_id),
            MessageValue("length", str(known.length)),
            MessageValue("orders_missing", str(rule.orders_min - placed)),
            MessageValue("ends_on", day_text(ends_at - 1, look.zone)),
        )
        return Due(due_at, risky, rule.rule_id, values)
    return None


def delayed(at: int, *, ms: int, days: int, at_minute: int, zone: Zone) -> int:
    """When something so long after a time is due."""
    if at_minute < 0:
        return at + ms
    return delay_until(at, days=days, at_minute=at_minute, zone=zone)
