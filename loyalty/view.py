"""What others may see of a member: the projection that apps and analysts read."""

from typing import NamedTuple

from loyalty.member import Member, balance_of
from loyalty.offers import usable_until, why
from loyalty.program import Program
from loyalty.tiers import next_tier, tier_points


class LotView(NamedTuple):
    """Points that end together."""

    points: int
    expires_at: int


class OfferView(NamedTuple):
    """One offer, as an app shows it."""

    offer_id: str
    name: str
    cost_points: int
    granted_at: int
    expires_at: int
    why: str


class MemberView(NamedTuple):
    """How a member stands; times in ms since 1970."""

    version: int
    as_of: int
    balance: int
    tier: str
    tier_points: int
    next_tier: str | None
    points_to_next_tier: int
    lots: tuple[LotView, ...]
    offers: tuple[OfferView, ...]


def view_of(member: Member, program: Program) -> MemberView:
    """Project a member: lots by expiry, offers best (dearest) first."""
    balance = balance_of(member.lots)
    in_window = tier_points(member.earned_days)
    above = next_tier(in_window, program)
    return MemberView(
        member.version,
        member.clock_at,
        balance,
        member.tier,
        in_window,
        above.tier_id if above else None,
        above.from_points - in_window if above else 0,
        _lots_by_expiry(member),
        _offers_best_first(member, program, balance) if member.offers else (),
    )


def _lots_by_expiry(member: Member) -> tuple[LotView, ...]:
    by_expiry: dict[int, int] = {}
    for lot in member.lots:
        by_expiry[lot.expires_at] = by_expiry.get(lot.expires_at, 0) + lot.points
    return tuple(LotView(points, ends_at) for ends_at, points in by_expiry.items())


def _offers_best_first(
    member: Member, program: Program, balance: int
) -> tuple[OfferView, ...]:
    rules = {rule.offer_id: rule for rule in program.offers}
    views = [
        OfferView(
            offer.offer_id,
            rules[offer.offer_id].name,
            rules[offer.offer_id].cost_points,
            offer.granted_at,
            usable_until(rules[offer.offer_id], member.lots, balance),
            why(rules[offer.offer_id], balance),
        )
        for offer in member.offers
        if offer.offer_id in rules
    ]
    return tuple(sorted(views, key=lambda view: (-view.cost_points, view.offer_id)))
