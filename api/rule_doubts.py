"""Why a rule gives nothing for an order, or less than it would without caps."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from loyalty import caps
from loyalty.caps import clocks_of
from loyalty.conditions import ANY_TIME, Cap, When
from loyalty.events import OrderEvent
from loyalty.experiments import arm_of, base_id
from loyalty.histories import holds_of, times_of
from loyalty.holdout import bucket_of, is_held_out
from loyalty.matching import Basket
from loyalty.member import Member, balance_of
from loyalty.moments import Moment, holds
from loyalty.program import Program
from loyalty.rules import (
    ACTIVITY,
    SUM,
    BonusRule,
    ChallengeRule,
    EarnRule,
    OrderRule,
    StreakRule,
)


class Asked(NamedTuple):
    """An order, the program in force, and the member before it and after it."""

    order: OrderEvent
    program: Program
    before: Member
    after: Member


class Doubt(NamedTuple):
    """Why a rule gives nothing: a stable code, and a sentence."""

    rule_id: str
    reason: str
    detail: str


# Parts of a condition, each judged alone so that the first that fails is told.
CONDITIONS: Final = (
    ("store", ("stores",), "not at this store"),
    ("channel", ("channels",), "not through this channel"),
    ("dates", ("from_at", "until_at"), "not at this date"),
    ("schedule", ("window", "clock"), "not at this time of the week"),
    ("segment", ("segments",), "not for this member's segments"),
    ("cases", ("joints",), "not in the cases that it is for"),
)


def doubt_of(asked: Asked, rule: OrderRule, limits: tuple[str, ...]) -> Doubt:
    """Why a rule gives nothing."""
    if limits:
        return Doubt(rule.rule_id, "cap", "; ".join(limits))
    reason, detail = next(_doubts(asked, rule))
    return Doubt(rule.rule_id, reason, detail)


def limits_of(asked: Asked, rule: OrderRule, wanted: int) -> tuple[str, ...]:
    """Which caps and cooldowns leave less than the points that a rule wants."""
    at = asked.order.occurred_at
    clocks = clocks_of(asked.before.profile.time_zone, asked.program)
    counters = asked.before.state.counters
    found = []
    wallet = asked.program.wallet_by_id[rule.wallet]
    if isinstance(rule, EarnRule | BonusRule):
        key = f"{rule.rule_id}/cooldown"
        if rule.cooldown_ms and caps.is_cooling(
            key, at, rule.cooldown_ms, counters=counters
        ):
            found.append(f"{rule.rule_id} gave less than its cooldown ago")
    own = rule.caps if isinstance(rule, EarnRule | BonusRule) else ()
    for owner, cap in [(rule.rule_id, c) for c in own] + [
        (f"wallet {wallet.wallet_id}", c) for c in wallet.caps
    ]:
        left = caps.allowed((cap,), wanted, at, counters=counters, clocks=clocks)
        if left < wanted:
            found.append(f"{owner}: {_cap_text(cap)}, {left} left")
    if wallet.balance_max:
        state, wallet_id = asked.before.state, wallet.wallet_id
        # What waits or is set aside may come, so it takes its room.
        full = balance_of(state.lots, wallet_id)
        full += sum(w.lot.points for w in state.pending if w.lot.wallet == wallet_id)
        full += sum(hold.points for hold in state.holds if hold.wallet == wallet_id)
        if full + wanted > wallet.balance_max:
            found.append(f"wallet {wallet.wallet_id}: at most {wallet.balance_max}")
    # What other rules of the same order took may be what is missing.
    return tuple(found) or (f"wallet {wallet.wallet_id}: other rules came first",)


def _cap_text(cap: Cap) -> str:
    parts = [f"{cap.points} points"] if cap.points >= 0 else []
    if cap.times >= 0:
        parts.append(f"{cap.times} times")
    return f"at most {' and '.join(parts)} a {cap.period}"


def _doubts(asked: Asked, rule: OrderRule) -> Iterator[tuple[str, str]]:
    """Reasons, the likeliest to be the true one first; always at least one."""
    if isinstance(rule, EarnRule) and rule.kind == ACTIVITY:
        yield "activity", f"earned by {rule.activity}, not by an order"
    yield from _unmet(asked, rule.when)
    basket = Basket(asked.order, asked.program)
    matched = basket.of(rule.match)
    if not matched.places:
        yield "no-lines", "no line of the order is meant"
    missing = rule.minimum_minor - matched.amount_minor
    if missing > 0:
        yield "below-minimum", f"{missing} minor units below the minimum"
    yield from _unmet_by_member(asked, rule.when)
    yield from _held_out(asked, rule)
    yield from _progress(asked, rule)
    if asked.program.conflict != SUM and isinstance(rule, EarnRule):
        yield "conflict", "another rule gives instead"
    yield "too-little", "the order comes to no points of this rule"


def _unmet(asked: Asked, when: When) -> Iterator[tuple[str, str]]:
    order = asked.order
    moment = Moment(
        order.occurred_at, order.store_id, order.channel, asked.before.profile
    )
    for reason, names, detail in CONDITIONS:
        part = ANY_TIME._replace(**{name: getattr(when, name) for name in names})
        if not holds(part, moment, asked.program):
            yield reason, detail


def _unmet_by_member(asked: Asked, when: When) -> Iterator[tuple[str, str]]:
    state = asked.before.state
    if when.tiers and state.tier not in when.tiers:
        yield "tier", f"for {', '.join(sorted(when.tiers))}, not {state.tier or 'none'}"
    number = state.order_count + 1
    if when.order_number and number != when.order_number:
        yield "order-number", f"this is order {number}, not {when.order_number}"
    if when.every_order and number % when.every_order:
        yield "order-number", f"this is order {number}, not an {when.every_order}th"
    at = asked.order.occurred_at
    for one in when.bought:
        if not holds_of(one, state.bought, at):
            count = len(times_of(state.bought, one, at))
            yield "bought", f"bought {count} times before, not as often as it asks"


def _held_out(asked: Asked, rule: OrderRule) -> Iterator[tuple[str, str]]:
    member_id, percent = asked.order.member_id, asked.program.holdout_percent
    is_bonus = not isinstance(rule, EarnRule) and not rule.ignores_holdout
    if is_bonus and percent and is_held_out(bucket_of(member_id), percent):
        yield "holdout", f"{percent} % of all members get no bonuses"
    if rule.trial is not None and (arm := arm_of(member_id, rule.trial)).is_off:
        yield "arm", f"in arm {arm.arm_id} of experiment {rule.trial.experiment_id}"


def _progress(asked: Asked, rule: OrderRule) -> Iterator[tuple[str, str]]:
    """How far a streak or a challenge gets by the order, and no further."""
    state, own_id = asked.after.state, base_id(rule.rule_id)
    if isinstance(rule, StreakRule):
        length = next((s.length for s in state.streaks if s.rule_id == own_id), 0)
        yield "goes-on", f"{length} of {rule.length} {rule.period}s in a row"
    if isinstance(rule, ChallengeRule):
        for known in state.challenges:
            if known.rule_id == own_id:
                yield "goes-on", f"{known.progress} of {rule.target} {rule.goal}"
        if rule.opt_in:
            yield "not-joined", "the member has not joined"
