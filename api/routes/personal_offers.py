"""A member's own offers, ranked, and why not the others."""

from typing import Annotated, Final

from fastapi import APIRouter, Query

from api.dependencies import AllPrograms, Answers, Coded, MemberId, Now, Views
from api.errors import problem_responses
from api.gate import requires
from api.personal_responses import (
    PersonalOffersOut,
    not_shown,
    personal_out,
    withheld_out,
)
from api.problems import (
    InvalidRequest,
    MemberNotFound,
    Problem,
    Unavailable,
    no_such_member,
)
from loyalty.limits import PERSONAL_HELD_MAX
from loyalty.member import NO_PROFILE
from loyalty.moments import Moment, holds
from loyalty.ranking import Candidate, rank
from schemas.json_values import Id
from schemas.views import decode_view

SHOWN_DEFAULT: Final = 5
PER_CATEGORY_DEFAULT: Final = 2

router = APIRouter(
    prefix="/v1/members",
    tags=["members"],
    dependencies=[requires("members:read")],
    responses=problem_responses(InvalidRequest, Unavailable, Problem),
)


@router.get("/{member_id}/personal-offers", responses=problem_responses(MemberNotFound))
async def list_personal_offers(
    *,
    member_id: MemberId,
    views: Views,
    programs: AllPrograms,
    answers: Answers,
    coded: Coded,
    now: Now,
    store_id: Annotated[Id | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=PERSONAL_HELD_MAX)] = SHOWN_DEFAULT,
    per_category_max: Annotated[int, Query(ge=1, le=PERSONAL_HELD_MAX)] = (
        PER_CATEGORY_DEFAULT
    ),
) -> PersonalOffersOut:
    """
    Offers that the member was given, best first, and why not the others in reach.

    The order stays while the member's version stays. `usable_now` looks at the store
    and the time; without a store an offer for certain stores is not usable.
    """
    stored = await views.get(member_id)
    if stored is None:
        raise no_such_member(member_id)
    view, program = decode_view(stored.document), programs.at(now)
    rules = {rule.offer_id: rule for rule in program.personal_offers}
    at = max(now, view.as_of)
    held = {
        one.offer_id: one
        for one in view.personal_offers
        if one.offer_id in rules and one.expires_at > at
    }
    candidates = [
        Candidate(name, rule.category, rule.weight, rule.margin_minor)
        for name, rule in rules.items()
        if name in held
    ]
    ranked, left_out = rank(
        candidates,
        answers.of(view.tier),
        seed=f"{member_id}/{view.version}",
        limit=limit,
        per_category_max=per_category_max,
    )
    moment = Moment(at, store_id or "", "", NO_PROFILE)
    codes = await coded.of_offers([held[one.offer_id] for one in ranked], program)
    items = [
        personal_out(
            held[one.offer_id],
            one,
            usable_now=holds(rules[one.offer_id].usable, moment, program),
            code=codes.get(one.offer_id),
        )
        for one in ranked
    ]
    withheld = [not_shown(rules[one.offer_id], one.reason) for one in left_out]
    withheld += [withheld_out(one) for one in view.withheld]
    return PersonalOffersOut(items=items, withheld=withheld)
