"""What would be: the rules themselves, run on a copy of the member's state."""

import asyncio

from fastapi import APIRouter

from api.dependencies import Estimates, JsonOnly, MemberId, Now, States, Views
from api.errors import problem_responses
from api.estimate_responses import (
    EstimateIn,
    EstimateOut,
    RewardsOut,
    estimate_out,
    reward_out,
)
from api.gate import Caller, check_member, requires
from api.problems import (
    BodyTooLarge,
    EstimateRefused,
    EventRefused,
    InvalidRequest,
    MemberNotFound,
    Problem,
    StateNotKept,
    Unavailable,
    UnsupportedMediaType,
    no_such_member,
)
from loyalty.events import InvalidEvent, check_order
from loyalty.member import NEW_MEMBER, Member
from schemas.events import check_key
from schemas.framing import MalformedRecord
from schemas.state import StateCodec
from stores.member_views_contract import StoredState

router = APIRouter(
    prefix="/v1",
    tags=["members"],
    dependencies=[requires("members:read")],
    responses=problem_responses(InvalidRequest, StateNotKept, Unavailable, Problem),
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
    order = body.order.event()
    check_member(caller, order.member_id)
    try:
        check_key(order.member_id.encode(), order.member_id)
        check_order(order, now)
    except (InvalidEvent, MalformedRecord) as fault:
        raise EventRefused(fault.detail, reason=fault.reason) from fault
    stored = await views.get_state(order.member_id)
    member = NEW_MEMBER if stored is None else _member(stored, states)

    def work() -> EstimateOut:
        found = estimates.order(member, order)
        trials = estimates.rewards(
            found.member, order.member_id, at=order.occurred_at, ids=body.offer_ids
        )
        return estimate_out(member.version, found, [reward_out(one) for one in trials])

    try:
        # A thousand rules and a long past take a while: others need not wait.
        return await asyncio.to_thread(work)
    except InvalidEvent as invalid:
        raise EstimateRefused(invalid.detail, reason=invalid.reason) from invalid


@router.get("/members/{member_id}/rewards", responses=problem_responses(MemberNotFound))
async def list_rewards(
    *, member_id: MemberId, views: Views, states: States, estimates: Estimates, now: Now
) -> RewardsOut:
    """The catalogue: what a reward costs this member, and whether it is to be had."""
    stored = await views.get_state(member_id)
    if stored is None:
        raise no_such_member(member_id)
    member = _member(stored, states)
    trials = await asyncio.to_thread(estimates.rewards, member, member_id, at=now)
    return RewardsOut(items=[reward_out(trial) for trial in trials], next_cursor=None)


def _member(stored: StoredState, states: StateCodec) -> Member:
    if not stored.state:
        raise StateNotKept("REGULARS_ESTIMATES is off, or was at the last change")
    return states.decode_member(stored.state)
