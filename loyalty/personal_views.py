"""Personal offers as others see them, and why a member has not those in reach."""

from loyalty.limits import WITHHELD_MAX
from loyalty.member import Member, balance_of
from loyalty.personal_reach import Standing, Unmet, standing_of, unmet
from loyalty.personal_rules import PersonalRule
from loyalty.personal_steps import because
from loyalty.program import Program
from loyalty.view_shapes import PersonalView, WithheldView

# Reasons that the member can do nothing about, or that are none.
LASTING = frozenset({"held", "had", "over", "segment", "full", "bought-before"})


def personal_views(member: Member, program: Program) -> tuple[PersonalView, ...]:
    """Offers that a member was given, the first to end first."""
    rules = {rule.offer_id: rule for rule in program.personal_offers}
    held = sorted(member.personal, key=lambda one: (one.expires_at, one.offer_id))
    return tuple(
        PersonalView(
            one.offer_id,
            rules[one.offer_id].name,
            rules[one.offer_id].category,
            one.granted_at,
            one.expires_at,
            because(rules[one.offer_id]),
            one.pool_id,
            one.number,
        )
        for one in held
        if one.offer_id in rules and not one.waits
    )


def withheld_views(member: Member, program: Program) -> tuple[WithheldView, ...]:
    """
    Why a member has not what is nearest: rewards by points, then personal offers.

    At most WITHHELD_MAX, and of rewards at most half as many. Whoever is held out
    of an offer is not told.
    """
    rewards = _rewards(member, program) if program.offers else []
    found = rewards[: WITHHELD_MAX // 2]
    if program.personal_offers:
        standing = standing_of(member)
        for rule in program.personal_offers:
            if rule.waits_for_more:
                # Only who enters the code is told, or goes through the journey.
                continue
            missing = _why_not(rule, standing, program)
            if missing is None or missing.reason in LASTING:
                continue
            until_at = rule.when.until_at
            found.append(WithheldView(rule.offer_id, *missing, until_at))
    return tuple(found[:WITHHELD_MAX])


def _why_not(rule: PersonalRule, standing: Standing, program: Program) -> Unmet | None:
    """Why a member has not an offer; of one that fails nothing is told."""
    try:
        return unmet(rule, standing, program)
    # Events go on without such an offer, and so does what is shown: see `fencing`.
    except Exception:  # noqa: BLE001 - counted where events are decided
        return None


def _rewards(member: Member, program: Program) -> list[WithheldView]:
    state, at = member.state, member.clock_at
    held = {offer.offer_id for offer in member.offers}
    found = []
    for reward in program.offers:
        when = reward.when
        if reward.offer_id in held or (when.until_at and at >= when.until_at):
            continue
        if when.tiers and state.tier not in when.tiers:
            detail = f"for {', '.join(sorted(when.tiers))}"
            found.append(
                WithheldView(reward.offer_id, "tier", detail, 0, 0, when.until_at)
            )
            continue
        missing = reward.cost_for(state.tier) - balance_of(state.lots, reward.wallet)
        if missing <= 0:
            continue
        unit = "points" if reward.wallet == "points" else reward.wallet
        detail = f"{missing} more {unit}"
        found.append(
            WithheldView(reward.offer_id, "points", detail, missing, 0, when.until_at)
        )
    # Those that only points are missing for come first, the nearest of them first.
    return sorted(found, key=lambda one: (not one.missing, one.missing, one.offer_id))
