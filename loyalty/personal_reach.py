"""Whether a member may be given an offer; if not, the first reason, and how far off."""

from typing import Final, NamedTuple

from loyalty.conditions import ANY_LINE
from loyalty.events import OrderEvent
from loyalty.histories import times_of
from loyalty.limits import OFFER_PAUSE_MS, PERSONAL_HELD_MAX
from loyalty.matching import matches
from loyalty.member import Member, Profile, State
from loyalty.moments import Moment, holds
from loyalty.personal_rules import Given, PersonalOffer, PersonalRule
from loyalty.program import Program

NEVER_GIVEN: Final = Given("", 0, 0)


class Standing(NamedTuple):
    """A member at a time, with the order that has just been placed, if any."""

    state: State
    profile: Profile
    held: tuple[PersonalOffer, ...]
    given: tuple[Given, ...]
    at: int
    order: OrderEvent | None = None


class Unmet(NamedTuple):
    """
    Why an offer is not given: a stable code, a sentence, and what is missing.

    `missing` counts orders or, where time alone is missing, is 0 and `from_at` says
    when it comes.
    """

    reason: str
    detail: str
    missing: int = 0
    from_at: int = 0


def standing_of(member: Member) -> Standing:
    """How a member stands between events."""
    return Standing(
        member.state, member.profile, member.personal, member.given, member.clock_at
    )


def given_of(rule: PersonalRule, given: tuple[Given, ...]) -> Given:
    """How often a rule's offer was given."""
    for one in given:
        if one.offer_id == rule.offer_id:
            return one
    return NEVER_GIVEN


def unmet(rule: PersonalRule, standing: Standing, program: Program) -> Unmet | None:
    """First reason not to give an offer, the lasting ones before those that pass."""
    return (
        _not_for(rule, standing, program)
        or _had(rule, standing)
        or _orders(rule, standing)
        or _bought(rule, standing)
        or _not_now(rule, standing, program)
    )


def _not_for(rule: PersonalRule, standing: Standing, program: Program) -> Unmet | None:
    when, at = rule.when, standing.at
    if when.until_at and at >= when.until_at:
        return Unmet("over", "it is not given any more")
    if when.segments and when.segments.isdisjoint(standing.profile.segments):
        return Unmet("segment", f"for {', '.join(sorted(when.segments))}")
    tier = standing.state.tier or (program.tiers[0].tier_id if program.tiers else "")
    if when.tiers and tier not in when.tiers:
        return Unmet("tier", f"for {', '.join(sorted(when.tiers))}, not {tier}")
    return None


def _had(rule: PersonalRule, standing: Standing) -> Unmet | None:
    if any(one.offer_id == rule.offer_id for one in standing.held):
        return Unmet("held", "the member has it")
    given = given_of(rule, standing.given)
    if given.refused_at and standing.at < given.refused_at + OFFER_PAUSE_MS:
        from_at = given.refused_at + OFFER_PAUSE_MS
        return Unmet("none-left", "all of them are given", from_at=from_at)
    if given.times >= rule.times_max:
        return Unmet("had", f"given {given.times} times, as often as it may be")
    if given.times and standing.at < given.last_at + rule.cooldown_ms:
        return Unmet(
            "cooldown",
            "given not long enough ago",
            from_at=given.last_at + rule.cooldown_ms,
        )
    return None


def _orders(rule: PersonalRule, standing: Standing) -> Unmet | None:
    count = standing.state.order_count
    if rule.orders_max and count > rule.orders_max:
        return Unmet("orders", f"for up to {rule.orders_max} orders")
    missing = rule.orders_min - count
    if missing > 0:
        noun = "order" if missing == 1 else "orders"
        return Unmet("orders", f"{missing} more {noun}", missing=missing)
    return None


def _bought(rule: PersonalRule, standing: Standing) -> Unmet | None:
    """What was bought too seldom, then what was bought too often."""
    bought, at = standing.state.bought, standing.at
    for one in rule.when.bought:
        times = times_of(bought, one, at)
        missing = one.times_min - len(times)
        if missing > 0:
            noun = "order" if missing == 1 else "orders"
            return Unmet("bought", f"{missing} more {noun} of it", missing=missing)
        if one.times_max is not None and len(times) > one.times_max:
            if not one.within_ms:
                return Unmet("bought-before", "for who bought it less often")
            # It passes when so many orders are left in the window.
            from_at = times[-1 - one.times_max] + one.within_ms
            return Unmet("bought-lately", "it was bought lately", from_at=from_at)
    return None


def _not_now(rule: PersonalRule, standing: Standing, program: Program) -> Unmet | None:
    at, order, when = standing.at, standing.order, rule.when
    if at < when.from_at:
        return Unmet("dates", "it is not given yet", from_at=when.from_at)
    if rule.idle_ms:
        from_at = standing.state.active_at + rule.idle_ms
        if not standing.state.active_at or at < from_at:
            return Unmet("active", "the member has just been here", from_at=from_at)
    if rule.match is not ANY_LINE and not (
        order and any(matches(rule.match, line) for line in order.lines)
    ):
        return Unmet("bought", "an order of what it is for", missing=1)
    store, channel = (order.store_id, order.channel) if order else ("", "")
    if not holds(when, Moment(at, store, channel, standing.profile), program):
        return Unmet("circumstances", "not at this place or time of the week")
    if len(standing.held) >= PERSONAL_HELD_MAX:
        return Unmet("full", f"the member has {PERSONAL_HELD_MAX} offers")
    return None
