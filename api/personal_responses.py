"""What we answer about personal offers, and why a member has not the others."""

from pydantic import BaseModel, ConfigDict

from api import personal_examples as examples
from api.responses import shown
from loyalty.personal_rules import PersonalRule
from loyalty.ranking import Ranked
from loyalty.view_shapes import PersonalView, WithheldView


class PersonalOfferOut(BaseModel):
    """
    An offer in its place; an order uses it by naming its id in `applied`.

    `code` is one that is good once at `POST /v1/codes/redeem`, null if it has none or
    its list is not uploaded yet.
    """

    offer_id: str
    name: str
    category: str
    granted_at: str
    expires_at: str
    why: str
    usable_now: bool
    score: float
    code: str | None


class WithheldOut(BaseModel):
    """
    An offer that is not shown or not had, the first reason, and what is missing.

    `missing` counts points of a reward, or orders; `from_at` is when time alone will
    do, `until_at` when it is over.
    """

    offer_id: str
    reason: str
    detail: str
    missing: int
    from_at: str | None
    until_at: str | None


class PersonalOffersOut(BaseModel):
    """Offers, best first, and why not the others that are in reach."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.OFFERS]})

    items: list[PersonalOfferOut]
    withheld: list[WithheldOut]


def personal_out(
    view: PersonalView, ranked: Ranked, *, usable_now: bool, code: str | None
) -> PersonalOfferOut:
    """An offer as the API shows it."""
    return PersonalOfferOut(
        offer_id=view.offer_id,
        name=view.name,
        category=view.category,
        granted_at=shown(view.granted_at) or "",
        expires_at=shown(view.expires_at) or "",
        why=view.why,
        usable_now=usable_now,
        score=round(ranked.score, 3),
        code=code,
    )


def withheld_out(view: WithheldView) -> WithheldOut:
    """Why a member has not an offer."""
    return WithheldOut(
        offer_id=view.offer_id,
        reason=view.reason,
        detail=view.detail,
        missing=view.missing,
        from_at=shown(view.from_at) if view.from_at else None,
        until_at=shown(view.until_at) if view.until_at else None,
    )


def not_shown(rule: PersonalRule, reason: str) -> WithheldOut:
    """An offer that the member has, and that others stand before."""
    details = {"category": f"enough of {rule.category}", "limit": "others are better"}
    return WithheldOut(
        offer_id=rule.offer_id,
        reason=reason,
        detail=details[reason],
        missing=0,
        from_at=None,
        until_at=None,
    )
