"""A member who is to be forgotten: what is personal goes, the books stay right."""

from typing import Final

from loyalty.asked import Asked, Refused
from loyalty.book import Book
from loyalty.events import Command, MemberEvent
from loyalty.facts import ActFact
from loyalty.member import NO_PROFILE, Member, State
from loyalty.turn import Turn

ERASE: Final = "member.erase"


def erase(asked: Asked) -> str:
    """
    Forget the person; the id stays as a pseudonym, with nothing behind it.

    Points that are there are taken, each wallet's in an entry of its own, so that
    the ledger still adds up; with `keep_points` they stay. Profile, tier, habits,
    journeys, offers and the open past go: what happened before can no longer be
    changed, and nothing of it comes up again.
    """
    turn = asked.turn
    if turn.merging.asked:
        raise Refused("merge-in-progress", f"{turn.merging.asked} is about to come")
    keeps, reason = asked.flag("keep_points"), asked.text("reason", "")
    turn.clock_at = max(turn.clock_at, asked.at)
    turn.pass_time(asked.at)
    for hold in turn.state.holds:
        turn.add_act(_fact(asked, "release", hold.hold_id, target=hold.hold_id))
    points = 0
    for wallet in () if keeps else asked.program.wallets:
        there = asked.balance(wallet)
        if there > 0:
            name = wallet.wallet_id
            turn.add_act(_fact(asked, "debit", name, points=there, wallet=name))
            points += there
    # What is owed stays: the ledger has said it, and nobody can pay it any more.
    kept = turn.state if keeps else State(debts=turn.state.debts)
    turn.state = turn.base = State(
        clock_at=turn.state.clock_at,
        lots=kept.lots,
        debts=kept.debts,
        passed_to=turn.state.passed_to,
        passage=turn.state.passage,
        next_due_at=Book(kept, turn.member_id).next_due_at if keeps else 0,
    )
    turn.orders, turn.acts = (), ()
    turn.forget_trail()
    turn.horizon_at = max(turn.horizon_at, asked.at)
    turn.profile, turn.gift_at = NO_PROFILE, 0
    turn.journeys, turn.past_journeys = (), ()
    turn.personal, turn.given, turn.exposed = (), (), ()
    turn.engagement = None
    # What fired and what was warned of is no reason any more, for whoever comes again.
    warned_until = turn.member.warned_until if keeps else 0
    turn.member = turn.member._replace(fired=(), warned_until=warned_until)
    links = tuple(link._replace(brought=None) for link in turn.merging.links)
    turn.merging = turn.merging._replace(erased_at=asked.at, links=links)
    for link in links:
        if link.merged_at:
            said = {"reason": reason} if reason else {}
            turn.send(link.member_id, ERASE, keep_points=keeps, **said)
    turn.result = {"points": points, "kept": keeps}
    told = f": {reason}" if reason else ""
    return f"forgotten, {points} points with the member{told}"


def forgets(turn: Turn, event: MemberEvent) -> bool:
    """Whether a turn is that in which a member is forgotten: nobody talks to them."""
    is_asked = isinstance(event, Command) and event.type == ERASE
    return is_asked and not turn.refusal


def is_forgotten(member: Member) -> bool:
    """Whether a member is as `erase` leaves one whose points went, too."""
    blank = State(clock_at=member.state.clock_at, debts=member.state.debts)
    return (
        member.state == member.base == blank
        and not (member.orders or member.acts)
        and not (member.personal or member.given or member.exposed)
        and member.profile == NO_PROFILE
        # The past is closed up to now, which no time that passes does.
        and member.horizon_at >= member.clock_at > 0
    )


def _fact(asked: Asked, kind: str, name: str, **fields: object) -> ActFact:
    fact = asked.fact(kind, **fields)
    return fact._replace(fact_id=f"{fact.fact_id}/{kind}/{name}")
