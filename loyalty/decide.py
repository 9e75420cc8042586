"""The only door: decide(member, event, programs) -> what becomes of it."""

from loyalty.activity_steps import activity_step
from loyalty.claiming import claims_of, releases_of
from loyalty.closing import close_past
from loyalty.command_steps import command_step
from loyalty.decision import (
    NO_MESSAGES,
    Decision,
    Duplicate,
    OfferEvent,
    Refusal,
    TriggerEvent,
)
from loyalty.engagement.engage import Engaged
from loyalty.entries import entries_of
from loyalty.erasing import forgets
from loyalty.events import (
    ActivityEvent,
    Command,
    InvalidEvent,
    MemberEvent,
    OrderEvent,
    Tick,
)
from loyalty.idling import idle, is_steady, points_due_at
from loyalty.journeys.walking import (
    meet_event,
    meet_triggers,
    next_step_at,
    take_due_steps,
)
from loyalty.member import FiredTrigger, HeldOffer, Member
from loyalty.offers import review_offers
from loyalty.order_steps import order_step
from loyalty.passages import outgoing
from loyalty.personal_steps import NO_PERSONAL, Personal, review_personal
from loyalty.program import JOURNEYS, TRIGGERS, Program, Programs
from loyalty.trail import Trail
from loyalty.triggers import review_triggers
from loyalty.turn import Turn
from loyalty.yearly import give_gifts, warn_of_expiry


def decide(
    member: Member,
    event: MemberEvent,
    programs: Programs,
    *,
    member_id: str,
    trail: Trail | None = None,
) -> Decision | Duplicate | Refusal:
    """
    Judge one event of one member by the program in force at the event's time.

    Pure: the same arguments give the same answer, for ever. A Decision holds
    the member's next version; Duplicate and Refusal change nothing. A trail that
    is kept from one event of a member to the next only makes it quicker.
    """
    turn = Turn(member, member_id, programs, trail=trail)
    turn.clock_at = max(member.clock_at, _at(event))
    try:
        if member.journeys and JOURNEYS not in turn.programs.at(turn.clock_at).muted:
            # What was due before the event comes before it.
            take_due_steps(turn)
        why = _step(turn, event)
    except InvalidEvent as invalid:
        return Refusal(invalid.reason, invalid.detail)
    if isinstance(why, Duplicate):
        return why
    if trail is not None and isinstance(event, Tick):
        after = idle(turn, turn.clock_at, programs.at(turn.clock_at))
        if after is not None:
            return Decision(after, (), (), (), "", "", why)
    return _settle(turn, event, why=why)


def _at(event: MemberEvent) -> int:
    """When an event happened; most are orders, which are told first."""
    if isinstance(event, OrderEvent):
        return event.occurred_at
    return event.at if isinstance(event, Tick) else event.occurred_at


def is_due(member: Member, at: int) -> bool:
    """Whether a tick at a time has anything to do for a member."""
    return 0 < member.next_due_at <= at


def _step(turn: Turn, event: MemberEvent) -> str | Duplicate:
    if isinstance(event, OrderEvent):
        return order_step(turn, event)
    if isinstance(event, ActivityEvent):
        return activity_step(turn, event)
    if isinstance(event, Command):
        return command_step(turn, event)
    return "time passed"


def _settle(turn: Turn, event: MemberEvent, *, why: str) -> Decision:
    """Let time, gifts, offers and triggers look at what an event did."""
    before, clock_at = turn.member, turn.clock_at
    program = turn.programs.at(clock_at)
    if turn.trail is not None:
        turn.trail.look_by(program, is_steady)
    turn.pass_time(clock_at)
    if 0 < turn.gift_at <= clock_at:
        give_gifts(turn, program)
    # Who is part of another member, or to be forgotten, is not talked to any more.
    is_one = is_there = not (turn.merging.into or forgets(turn, event))
    has_journeys = is_one and bool(program.journeys or turn.journeys)
    if program.muted:
        has_journeys &= JOURNEYS not in program.muted
        is_one &= TRIGGERS not in program.muted
    if has_journeys:
        meet_event(turn, event)
    engaged = _engaged(turn, event, program) if is_one else None
    close_past(turn, program)
    state = turn.state
    held, personal, offer_events = _offers(turn, event, program, is_there=is_there)
    if engaged is not None:
        fired, triggers, messages, talk_at = engaged.finish(offer_events)
    else:
        fired, triggers = _triggers(turn, program, is_one=is_one)
        messages, talk_at = NO_MESSAGES, 0
    warned_until, warnings, warn_at = warn_of_expiry(turn, program)
    told = triggers + warnings
    if has_journeys:
        meet_triggers(turn, told + turn.told())
    changed = state.tier != before.state.tier
    outbox = outgoing(turn)
    # Who was not looked at for a fault is due as before.
    muted_at = before.next_due_at if program.muted else 0
    after = _member_after(
        turn,
        personal,
        held=held,
        fired=fired,
        warned_until=warned_until,
        due_at=_next_due_at(turn, (warn_at, talk_at, personal.due_at, muted_at)),
    )
    return Decision(
        after,
        entries_of(turn, program) if turn.movements else (),
        offer_events,
        told + turn.told(),
        before.state.tier if changed else "",
        state.tier if changed else "",
        why,
        outbox,
        claims_of(turn, event),
        releases_of(turn) if turn.releases or turn.member.state.holds else (),
        turn.result or None,
        turn.refusal,
        messages,
        turn.forward,
    )


def _triggers(
    turn: Turn, program: Program, *, is_one: bool
) -> tuple[tuple[FiredTrigger, ...], tuple[TriggerEvent, ...]]:
    """What becomes of triggers; nothing of those of a member whom nobody talks to."""
    if not is_one:
        return turn.member.fired, ()
    return review_triggers(
        turn.member,
        turn.state,
        turn.clock_at,
        program=program,
        balances=turn.balances,
    )


def _member_after(
    turn: Turn,
    personal: Personal,
    *,
    held: tuple[HeldOffer, ...],
    fired: tuple[FiredTrigger, ...],
    warned_until: int,
    due_at: int,
) -> Member:
    return Member(
        due_at,
        turn.member.version + 1,
        turn.clock_at,
        turn.horizon_at,
        turn.activity_horizon_at,
        turn.state,
        turn.base,
        turn.orders,
        turn.acts,
        held,
        fired,
        turn.recent,
        turn.profile,
        turn.gift_at,
        warned_until,
        turn.engagement,
        turn.journeys,
        turn.past_journeys,
        turn.merging,
        turn.exposed,
        personal.held,
        personal.given,
    )


def _offers(
    turn: Turn, event: MemberEvent, program: Program, *, is_there: bool
) -> tuple[tuple[HeldOffer, ...], Personal, tuple[OfferEvent, ...]]:
    """Rewards and personal offers after an event, and what happened to them."""
    before, at = turn.member, turn.clock_at
    held, events = review_offers(
        before, turn.state, at, program=program, balances=turn.balances
    )
    has_personal = program.personal_offers or turn.personal
    if not (is_there and has_personal):
        if not (turn.personal or turn.given):
            return held, NO_PERSONAL, events
        return held, Personal(turn.personal, turn.given), events
    personal, more = review_personal(turn, event, program)
    return held, personal, (*events, *more)


def _next_due_at(turn: Turn, others: tuple[int, int, int, int]) -> int:
    """When time alone next changes something for a member, 0 is never."""
    due_at = turn.gift_at
    if turn.journeys:
        due_at = _sooner(due_at, next_step_at(turn.journeys))
    warn_at, talk_at, personal_at, muted_at = others
    due_at = _sooner(_sooner(due_at, warn_at), _sooner(talk_at, personal_at))
    due_at = _sooner(due_at, muted_at)
    if turn.trail is not None:
        turn.trail.others_due_at = _sooner(points_due_at(turn.state), due_at)
    return _sooner(turn.state.next_due_at, due_at)


def _sooner(one: int, other: int) -> int:
    """Sooner of two times, of which 0 is never."""
    return other if other and (not one or other < one) else one


def _engaged(turn: Turn, event: MemberEvent, program: Program) -> Engaged | None:
    """Round of triggers and messages, None where there is nothing to speak of."""
    if program.engages or turn.to_send:
        return Engaged(turn, event, program)
    if turn.engagement is not None and turn.engagement.waiting:
        return Engaged(turn, event, program)
    return None
