"""An order as it would be judged: what estimates and simulations have in common."""

from api.dependencies import States, Views
from api.estimate_responses import EstimateOut, estimate_out, reward_out
from api.estimating import Estimator
from api.problems import (
    EstimateRefused,
    EventRefused,
    MemberMerged,
    StateNotKept,
)
from api.redirects import survivor_of
from loyalty.events import InvalidEvent, OrderEvent, check_order
from loyalty.member import NEW_MEMBER, Member
from schemas.events import check_key
from schemas.framing import MalformedRecord
from schemas.state import StateCodec
from stores.member_views_contract import StoredState


def checked(order: OrderEvent, recorded_at: int) -> OrderEvent:
    """
    Order that the engine would take in if it came at a time.

    Raises: EventRefused.
    """
    try:
        check_key(order.member_id.encode(), order.member_id)
        check_order(order, recorded_at)
    except (InvalidEvent, MalformedRecord) as fault:
        raise EventRefused(fault.detail, reason=fault.reason) from fault
    return order


async def member_of(member_id: str, views: Views, states: States) -> Member:
    """
    Member as last decided, a new one if nobody has the id.

    Raises: StateNotKept, MemberMerged, StoreUnavailable.
    """
    stored = await views.get_state(member_id)
    member = NEW_MEMBER if stored is None else decoded(stored, states)
    if member.merging.into:
        into = await survivor_of(member_id, views)
        raise MemberMerged(f"{member_id} is part of {into}", merged_into=into)
    return member


def decoded(stored: StoredState, states: StateCodec) -> Member:
    """
    Member of a stored state.

    Raises: StateNotKept.
    """
    if not stored.state:
        raise StateNotKept("REGULARS_ESTIMATES is off, or was at the last change")
    return states.decode_member(stored.state)


def estimated(
    estimates: Estimator, member: Member, order: OrderEvent, *, offer_ids: list[str]
) -> EstimateOut:
    """
    What an order would do; takes a while, so in a thread.

    Raises: EstimateRefused.
    """
    try:
        found = estimates.order(member, order)
        trials = estimates.rewards(
            found.member, order.member_id, at=order.occurred_at, ids=offer_ids
        )
    except InvalidEvent as invalid:
        raise EstimateRefused(invalid.detail, reason=invalid.reason) from invalid
    return estimate_out(member.version, found, [reward_out(one) for one in trials])
