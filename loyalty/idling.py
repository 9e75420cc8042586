"""Ticks of which nothing comes but another look at the tier: most that there are."""

from loyalty.closing import close_past
from loyalty.engagement.rules import LAPSED, STREAK_AT_RISK
from loyalty.member import Member, PendingLot, State
from loyalty.program import Program
from loyalty.turn import Turn

# Their time is told by orders alone, so it stays as it was when time passes.
_STEADY = frozenset({LAPSED, STREAK_AT_RISK})


def idle(turn: Turn, due_at: int, program: Program) -> Member | None:
    """
    Member after a tick for which only the tier was due, and stays as it was.

    None where more is due or may come of it: then everything has to look. Only who
    keeps a trail knows what else is due; the member is that of a whole look.
    """
    trail, before = turn.trail, turn.member
    if trail is None or trail.program is not program or not trail.is_steady:
        return None
    others_due_at = trail.others_due_at
    if 0 < others_due_at <= due_at or _is_lively(before):
        return None
    turn.pass_time(due_at)
    state = turn.state
    if state.tier != before.state.tier or state.lots is not before.state.lots:
        return None
    close_past(turn, program)
    next_due_at = state.next_due_at
    if others_due_at and (not next_due_at or others_due_at < next_due_at):
        next_due_at = others_due_at
    return before._replace(
        next_due_at=next_due_at,
        version=before.version + 1,
        clock_at=turn.clock_at,
        horizon_at=turn.horizon_at,
        state=state,
        base=turn.base,
        orders=turn.orders,
        acts=turn.acts,
    )


def is_steady(program: Program) -> bool:
    """Whether time alone changes nothing of a program's but at times that it tells."""
    index = program.trigger_index
    return (
        not program.journeys
        and not program.personal_offers
        and not index.of_sequences
        and all(one.kind in _STEADY for one in index.derived)
        and all(not (one.when.from_at or one.when.until_at) for one in program.offers)
    )


def points_due_at(state: State) -> int:
    """When time alone next changes points: lots, holds, those that wait; 0 is never."""
    due_at = state.lots[0].expires_at if state.lots else 0
    if not state.holds and not state.pending:
        return due_at
    moments = [hold.expires_at for hold in state.holds]
    for waiting in state.pending:
        moments += _moments_of(waiting)
    for moment in moments:
        if moment and (not due_at or moment < due_at):
            due_at = moment
    return due_at


def _moments_of(waiting: PendingLot) -> tuple[int, int]:
    return waiting.usable_at, waiting.cancel_at


def _is_lively(member: Member) -> bool:
    """Whether something of a member's own has to be looked at whenever time passes."""
    engagement = member.engagement
    return bool(
        member.journeys
        or member.personal
        or member.merging.into
        or (engagement is not None and engagement.waiting)
    )
