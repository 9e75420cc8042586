"""Who has an offer, and why."""

from loyalty.balances import Balances
from loyalty.benefits import RewardOffer
from loyalty.decision import GRANTED, WITHDRAWN, OfferEvent
from loyalty.member import HeldOffer, Member, PointsLot, State, balance_of
from loyalty.program import Program


def review_offers(
    before: Member, state: State, at: int, *, program: Program, balances: Balances
) -> tuple[tuple[HeldOffer, ...], tuple[OfferEvent, ...]]:
    """
    Offers that a balance reaches, and what changed against those held.

    An offer is granted when the balance reaches its cost (at the member's tier)
    and withdrawn when it no longer does, or when the program no longer has it.
    """
    held = before.offers
    if not program.offers and not held:
        return held, ()
    known = {offer.offer_id: offer for offer in held}
    sums = balances.all_of(state.lots)
    still_held = []
    events = []
    for rule in program.offers:
        offer = known.pop(rule.offer_id, None) if known else None
        balance, cost = sums.get(rule.wallet, 0), rule.cost_points
        if rule.cost_by_tier:
            cost = rule.cost_for(state.tier)
        if balance >= cost and _is_for(rule, state, at):
            if offer is None:
                offer = HeldOffer(rule.offer_id, at, 0)
                reason = why(rule, balance, cost)
                events.append(OfferEvent(rule.offer_id, GRANTED, reason))
            still_held.append(offer)
        elif offer is not None:
            reason = f"balance {balance} no longer reaches {cost} points"
            events.append(OfferEvent(rule.offer_id, WITHDRAWN, reason))
    events.extend(
        OfferEvent(offer_id, WITHDRAWN, "the program no longer has this offer")
        for offer_id in known
    )
    if not events:
        return held, ()
    return tuple(still_held), tuple(events)


def why(rule: RewardOffer, balance: int, cost: int) -> str:
    """Why a member has an offer, in a sentence."""
    unit = "points" if rule.wallet == "points" else rule.wallet
    return f"balance {balance} reaches {cost} {unit}"


def usable_until(rule: RewardOffer, lots: tuple[PointsLot, ...], cost: int) -> int:
    """When expiring points will no longer leave enough for it; 0 is never."""
    balance = balance_of(lots, rule.wallet)
    ends_at = rule.when.until_at
    for lot in lots:
        if lot.wallet != rule.wallet:
            continue
        if lot.expires_at == 0:
            break
        balance -= lot.points
        if balance < cost:
            return min(lot.expires_at, ends_at) if ends_at else lot.expires_at
    return ends_at


def _is_for(rule: RewardOffer, state: State, at: int) -> bool:
    when = rule.when
    if when.tiers and state.tier not in when.tiers:
        return False
    return when.from_at <= at and (not when.until_at or at < when.until_at)
