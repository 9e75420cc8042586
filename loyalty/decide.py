"""The only door: decide(member, event, program) -> what becomes of it."""

from loyalty.activity_steps import activity_step, command_step
from loyalty.decision import Decision, Duplicate, Refusal
from loyalty.draft import Draft
from loyalty.events import ActivityEvent, InvalidEvent, MemberEvent, OrderEvent, Tick
from loyalty.member import EarnedDay, Member, PointsLot, balance_of
from loyalty.offers import review_offers
from loyalty.order_steps import order_step
from loyalty.orders import forget
from loyalty.program import Program
from loyalty.tiers import days_in_window, next_review_at, tier_points, tier_reached
from loyalty.triggers import review_triggers


def decide(
    member: Member, event: MemberEvent, program: Program, *, member_id: str
) -> Decision | Duplicate | Refusal:
    """
    Judge one event of one member by the program in force at the event's time.

    Pure: the same arguments give the same answer, for ever. A Decision holds
    the member's next version; Duplicate and Refusal change nothing.
    """
    occurred_at = event.at if isinstance(event, Tick) else event.occurred_at
    draft = Draft(member, member_id, occurred_at)
    try:
        why = _apply(draft, member, event, program=program)
    except InvalidEvent as invalid:
        return Refusal(invalid.reason, invalid.detail)
    if isinstance(why, Duplicate):
        return why
    return _settle(draft, member, program, why=why)


def is_due(member: Member, at: int) -> bool:
    """Whether a tick at a time has anything to do for a member."""
    return 0 < member.next_due_at <= at


def _apply(
    draft: Draft, member: Member, event: MemberEvent, *, program: Program
) -> str | Duplicate:
    if isinstance(event, OrderEvent):
        return order_step(draft, member, event, program=program)
    if isinstance(event, ActivityEvent):
        return activity_step(draft, event)
    if isinstance(event, Tick):
        return "time passed"
    return command_step(draft, event, program)


def _settle(draft: Draft, before: Member, program: Program, *, why: str) -> Decision:
    """Let time, tiers, offers and triggers look at what an event did."""
    clock_at = draft.clock_at
    draft.expire(clock_at)
    lots = tuple(draft.lots)
    balance = draft.balance
    days, tier, review_at = _tier(draft, program)
    held, offer_events = review_offers(
        before.offers, balance, clock_at, program=program
    )
    balances = (balance_of(before.lots), balance)
    fired, triggers = review_triggers(before.fired, balances, clock_at, program=program)
    orders, horizon_at = forget(
        draft.orders, before.horizon_at, clock_at, program=program
    )
    changed = tier != before.tier
    return Decision(
        Member(
            _next_due_at(lots, review_at),
            before.version + 1,
            clock_at,
            horizon_at,
            draft.activity_horizon_at,
            tier,
            lots,
            orders,
            days,
            held,
            fired,
            draft.recent,
        ),
        tuple(draft.entries),
        offer_events,
        triggers,
        before.tier if changed else "",
        tier if changed else "",
        why,
    )


def _tier(draft: Draft, program: Program) -> tuple[tuple[EarnedDay, ...], str, int]:
    """Days that count, the tier that they reach, and when it may be lost (0: never)."""
    if not program.tiers:
        return (), "", 0
    days = days_in_window(draft.earned_days, draft.clock_at, program)
    reached = tier_reached(tier_points(days), program)
    # The lowest tier cannot be lost, so nothing waits for it.
    review_at = next_review_at(days, program) if reached != program.tiers[0] else 0
    return days, reached.tier_id, review_at


def _next_due_at(lots: tuple[PointsLot, ...], review_at: int) -> int:
    """Earliest of the next expiry and the next tier review; 0 is never."""
    due_at = lots[0].expires_at if lots else 0
    if review_at:
        return min(due_at, review_at) if due_at else review_at
    return due_at
