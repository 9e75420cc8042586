"""Who has an offer, and why."""

from loyalty.decision import GRANTED, WITHDRAWN, OfferEvent
from loyalty.member import HeldOffer, PointsLot
from loyalty.program import Program, RewardOffer


def review_offers(
    held: tuple[HeldOffer, ...], balance: int, clock_at: int, *, program: Program
) -> tuple[tuple[HeldOffer, ...], tuple[OfferEvent, ...]]:
    """
    Offers that a balance reaches, and what changed against those held.

    An offer is granted when the balance reaches its cost and withdrawn when it
    no longer does, or when the program no longer has it.
    """
    if not program.offers and not held:
        return held, ()
    known = {offer.offer_id: offer for offer in held}
    still_held = []
    events = []
    for rule in program.offers:
        offer = known.pop(rule.offer_id, None)
        if balance >= rule.cost_points:
            if offer is None:
                offer = HeldOffer(rule.offer_id, clock_at, 0)
                events.append(OfferEvent(rule.offer_id, GRANTED, why(rule, balance)))
            still_held.append(offer)
        elif offer is not None:
            reason = f"balance {balance} no longer reaches {rule.cost_points} points"
            events.append(OfferEvent(rule.offer_id, WITHDRAWN, reason))
    events.extend(
        OfferEvent(offer_id, WITHDRAWN, "the program no longer has this offer")
        for offer_id in known
    )
    if not events:
        return held, ()
    return tuple(still_held), tuple(events)


def why(rule: RewardOffer, balance: int) -> str:
    """Why a member has an offer, in a sentence."""
    return f"balance {balance} reaches {rule.cost_points} points"


def usable_until(rule: RewardOffer, lots: tuple[PointsLot, ...], balance: int) -> int:
    """When expiring points will no longer leave enough for it; 0 is never."""
    for lot in lots:
        if lot.expires_at == 0:
            break
        balance -= lot.points
        if balance < rule.cost_points:
            return lot.expires_at
    return 0
