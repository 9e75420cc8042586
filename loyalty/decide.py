"""The only door: decide(member, event, programs) -> what becomes of it."""

from loyalty.activity_steps import activity_step
from loyalty.claiming import claims_of, releases_of
from loyalty.command_steps import command_step
from loyalty.decision import Decision, Duplicate, LedgerEntry, Refusal
from loyalty.events import (
    ActivityEvent,
    Command,
    InvalidEvent,
    MemberEvent,
    OrderEvent,
    Tick,
)
from loyalty.member import Member, balance_of, debt_of
from loyalty.offers import review_offers
from loyalty.order_steps import order_step
from loyalty.personal_steps import Personal, review_personal
from loyalty.program import Programs
from loyalty.triggers import review_triggers
from loyalty.turn import Turn
from loyalty.wallets import UNLIMITED
from loyalty.yearly import give_gifts, warn_of_expiry


def decide(
    member: Member, event: MemberEvent, programs: Programs, *, member_id: str
) -> Decision | Duplicate | Refusal:
    """
    Judge one event of one member by the program in force at the event's time.

    Pure: the same arguments give the same answer, for ever. A Decision holds
    the member's next version; Duplicate and Refusal change nothing.
    """
    turn = Turn(member, member_id, programs)
    occurred_at = event.at if isinstance(event, Tick) else event.occurred_at
    turn.clock_at = max(member.clock_at, occurred_at)
    try:
        why = _step(turn, event)
    except InvalidEvent as invalid:
        return Refusal(invalid.reason, invalid.detail)
    if isinstance(why, Duplicate):
        return why
    return _settle(turn, event, why=why)


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
    turn.pass_time(clock_at)
    if 0 < turn.gift_at <= clock_at:
        give_gifts(turn, program)
    turn.close_past(program)
    state = turn.state
    held, offer_events = review_offers(before, state, clock_at, program=program)
    fired, triggers = review_triggers(before, state, clock_at, program=program)
    personal = Personal(before.personal, before.given)
    if program.personal_offers or before.personal:
        personal, more_events = review_personal(turn, event, program)
        offer_events += more_events
    warned_until, warnings, warn_at = warn_of_expiry(turn, program)
    changed = state.tier != before.state.tier
    next_due_at = state.next_due_at
    for due_at in (turn.gift_at, warn_at, personal.due_at):
        if due_at and (next_due_at == 0 or due_at < next_due_at):
            next_due_at = due_at
    return Decision(
        Member(
            next_due_at,
            before.version + 1,
            clock_at,
            turn.horizon_at,
            turn.activity_horizon_at,
            state,
            turn.base,
            turn.orders,
            turn.acts,
            held,
            fired,
            turn.recent,
            turn.profile,
            turn.gift_at,
            warned_until,
            turn.exposed,
            personal.held,
            personal.given,
        ),
        _entries(turn) if turn.movements else (),
        offer_events,
        (*triggers, *warnings, *turn.told()),
        before.state.tier if changed else "",
        state.tier if changed else "",
        why,
        turn.outgoing(),
        claims_of(turn, event),
        releases_of(turn),
        turn.result or None,
        turn.refusal,
    )


def _entries(turn: Turn) -> tuple[LedgerEntry, ...]:
    """Movements as ledger entries, with the balance of their wallet after each."""
    before = turn.member.state
    balances: dict[str, int] = {}
    prefix = f"{turn.member_id}:{turn.member.version + 1}:"
    wallets = turn.programs.at(turn.clock_at).wallet_by_id
    entries = []
    for number, moved in enumerate(turn.movements):
        wallet = moved.wallet
        balance = balances.get(wallet)
        if balance is None:
            balance = balance_of(before.lots, wallet)
            rule = wallets.get(wallet)
            if rule is not None and rule.below_zero == UNLIMITED:
                balance -= debt_of(before, wallet)
        balances[wallet] = balance = balance + moved.points
        entries.append(
            LedgerEntry(
                f"{prefix}{number}",
                moved.kind,
                moved.points,
                moved.lot_id,
                moved.order_id,
                moved.line_id,
                moved.rule_id,
                moved.rule_version,
                moved.at,
                balance,
                wallet,
                moved.reference,
            )
        )
    return tuple(entries)
