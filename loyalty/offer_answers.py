"""What a pool of codes, or the limit of an offer, answers."""

from typing import NamedTuple

from loyalty.movements import BudgetUse


class OfferAnswer(NamedTuple):
    """One grant of an offer or none, the number of its code, and what gives it back."""

    offer_id: str
    value: int
    number: int
    use: BudgetUse
