"""What would be: the rules themselves, run on a copy of the member's state."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Response

from api.dependencies import Estimates, JsonOnly, MemberId, Now, States, Views
from api.entity_tags import NOT_MODIFIED, IfNoneMatch
from api.errors import problem_responses
from api.estimate_answers import checked, decoded, estimated, member_of
from api.estimate_responses import EstimateIn, EstimateOut, RewardsOut, reward_out
from api.gate import Caller, check_member, requires
from api.problems import (
    BodyTooLarge,
    EstimateRefused,
    FieldsUnknown,
    InvalidRequest,
    MemberMerged,
    MemberNotFound,
    Problem,
    StateNotKept,
    Unavailable,
    UnsupportedMediaType,
    no_such_member,
)
from api.sparse import Fields, if_changed, sparse

router = APIRouter(
    prefix="/v1",
    tags=["members"],
    dependencies=[requires("members:read")],
    responses=problem_responses(
        InvalidRequest, MemberMerged, StateNotKept, Unavailable, Problem
    ),
)


@router.post(
    "/estimates",
    dependencies=[JsonOnly],
    responses=problem_responses(
        EstimateRefused, BodyTooLarge, UnsupportedMediaType, MemberNotFound
    ),
)
async def estimate_order(
    *,
    body: EstimateIn,
    caller: Caller,
    views: Views,
    states: States,
    estimates: Estimates,
    now: Now,
) -> EstimateOut:
    """
    What an order would earn if it came now, by rule, and why not more.

    Nothing is sent and nothing changes; whoever is no member yet counts as a new
    one. `offers` tells of `offer_ids` whether they could be taken after it.
    """
    check_member(caller, body.order.member_id)
    order = checked(body.order.event(), now)
    member = await member_of(order.member_id, views, states)
    # A thousand rules and a long past take a while: others need not wait.
    return await asyncio.to_thread(
        estimated, estimates, member, order, offer_ids=body.offer_ids
    )


@router.get(
    "/members/{member_id}/rewards",
    responses=problem_responses(MemberNotFound, FieldsUnknown) | NOT_MODIFIED,
)
async def list_rewards(
    *,
    member_id: MemberId,
    views: Views,
    states: States,
    estimates: Estimates,
    now: Now,
    response: Response,
    if_none_match: IfNoneMatch = None,
    fields: Annotated[Fields, sparse(RewardsOut, "items")],
) -> RewardsOut:
    """The catalogue: what a reward costs this member, and whether it is to be had."""
    stored = await views.get_state(member_id)
    if stored is None:
        raise no_such_member(member_id)
    member = decoded(stored, states)
    trials = await asyncio.to_thread(estimates.rewards, member, member_id, at=now)
    page = RewardsOut(items=[reward_out(trial) for trial in trials], next_cursor=None)
    return if_changed(page, response, fields=fields, if_none_match=if_none_match)  # type: ignore[no-any-return] # a shape, or a part of it
