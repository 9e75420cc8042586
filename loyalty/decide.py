"""The only door: decide(member, event, program) -> what becomes of it."""

from loyalty.account import Account
from loyalty.activity_steps import activity_step, command_step
from loyalty.decision import Decision, Duplicate, Refusal
from loyalty.events import ActivityEvent, InvalidEvent, MemberEvent, OrderEvent, Tick
from loyalty.member import Member, PointsLot, balance_of
from loyalty.offers import review_offers
from loyalty.order_steps import order_step
from loyalty.orders import forget
from loyalty.program import Program
from loyalty.step import Step, clocked
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
    try:
        step = _apply(member, event, program, member_id=member_id)
    except InvalidEvent as invalid:
        return Refusal(invalid.reason, invalid.detail)
    if isinstance(step, Duplicate):
        return step
    return _settle(member, step, program)


def is_due(member: Member, at: int) -> bool:
    """Whether a tick at a time has anything to do for a member."""
    return 0 < member.next_due_at <= at


def _apply(
    member: Member, event: MemberEvent, program: Program, *, member_id: str
) -> Step | Duplicate:
    if isinstance(event, Tick):
        account = Account(member, member_id, event.at)
        return Step(clocked(member, event.at), account, "time passed")
    account = Account(member, member_id, event.occurred_at)
    if isinstance(event, OrderEvent):
        return order_step(member, event, program, account=account)
    if isinstance(event, ActivityEvent):
        return activity_step(member, event, account)
    return command_step(member, event, program, account=account)


def _settle(before: Member, step: Step, program: Program) -> Decision:
    """Let time, tiers, offers and triggers look at what an event did."""
    member, account, why = step
    clock_at = member.clock_at
    account.expire(clock_at)
    lots = tuple(account.lots)
    days = days_in_window(member.earned_days, clock_at, program)
    reached = tier_reached(tier_points(days), program)
    tier = reached.tier_id if reached else ""
    held, offer_events = review_offers(
        member.offers, account.balance, clock_at, program
    )
    fired, triggers = review_triggers(
        member.fired, (balance_of(before.lots), account.balance), clock_at, program
    )
    orders, horizon_at = forget(member.orders, member.horizon_at, clock_at, program)
    changed = tier != before.tier
    return Decision(
        Member(
            _next_due_at(lots, tier, next_review_at(days, program), program),
            before.version + 1,
            clock_at,
            horizon_at,
            member.activity_horizon_at,
            tier,
            lots,
            orders,
            days,
            held,
            fired,
            member.recent,
        ),
        tuple(account.entries),
        offer_events,
        triggers,
        before.tier if changed else "",
        tier if changed else "",
        why,
    )


def _next_due_at(
    lots: tuple[PointsLot, ...], tier: str, review_at: int, program: Program
) -> int:
    """Earliest of the next expiry and the next tier review; 0 is never."""
    due_at = lots[0].expires_at if lots else 0
    # The lowest tier cannot be lost, so nothing waits for it.
    if review_at and program.tiers and tier != program.tiers[0].tier_id:
        due_at = min(due_at, review_at) if due_at else review_at
    return due_at
