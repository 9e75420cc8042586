"""What commands ask for: each is done, or refused with a stable code; never both."""

from collections.abc import Callable
from typing import Final

from loyalty import merging
from loyalty.asked import Asked, Refused
from loyalty.budgets import GRANTED
from loyalty.burning import confirm, redeem, release, reserve
from loyalty.code_steps import ENTER, USE, enter_code, use_code, waits_for_code
from loyalty.consent_steps import set_consent
from loyalty.correcting import adjust, granted, reinstate, void
from loyalty.decision import Duplicate
from loyalty.erasing import erase
from loyalty.events import ENGINE, Command, InvalidEvent
from loyalty.links import Peer
from loyalty.passages import RECEIVE, TAKE
from loyalty.peers import hear, is_further, sender_of
from loyalty.profile_steps import join, leave, update_profile
from loyalty.sharing import pool, receive, transfer, undoes_own
from loyalty.turn import Turn
from loyalty.unmerging import REOPENED, reopened, unmerge


def command_step(turn: Turn, command: Command) -> str | Duplicate:
    """
    Do what a command asks for, once; return why, in a sentence.

    A refusal is an answer too: it is noted, moves nothing, and is remembered, but for
    that of a command that is too late to know whether it is a repeat.
    Raises: InvalidEvent when what other members send is too late, or not in its order.
    """
    if command.type == GRANTED and command.occurred_at <= turn.merging.erased_at:
        # Not taken, so its units go back: it would give a pseudonym points again.
        return Duplicate(f"who asked for {command.command_id} is forgotten")
    try:
        if not _is_new(turn, command):
            return Duplicate(f"command {command.command_id} is known")
    except Refused as late:
        return _refuse(turn, late)
    asked = Asked(turn, command)
    try:
        if turn.merging.into and command.type not in OF_MERGED_MEMBERS:
            return _pass_on(asked)
        return STEPS.get(command.type, unknown)(asked)
    except (InvalidEvent, Refused) as refused:
        return _refuse(turn, refused)


def _refuse(turn: Turn, refused: InvalidEvent | Refused) -> str:
    turn.refusal = refused.reason
    turn.result = {"detail": refused.detail}
    if refused.reason == merging.MERGED:
        turn.result["merged_into"] = turn.merging.into
    return f"refused: {refused.detail}"


def _is_new(turn: Turn, command: Command) -> bool:
    """
    Whether a command was not seen before.

    Raises: Refused for one from outside that is too late to know: somebody waits for an
    answer. InvalidEvent for one of ours: nobody does, and it must not get lost unseen.
    What another member sends is only too late once more came from the same one.
    """
    if command.type in NUMBERED:
        return _is_next(turn, command)
    sender = sender_of(command)
    try:
        is_new = turn.see(command.command_id, command.occurred_at)
    except InvalidEvent as late:
        is_new = _is_new_and_late(turn, command, sender=sender, late=late)
    if is_new and sender is not None:
        turn.merging = hear(turn.merging, sender)
    return is_new


def _is_new_and_late(
    turn: Turn, command: Command, *, sender: Peer | None, late: InvalidEvent
) -> bool:
    # Each of these is answered once, however much came in between.
    if command.type in ANSWERED_ONCE:
        return True
    if _has_done(turn, command):
        return False
    if sender is not None and is_further(turn.merging, sender):
        return True
    if command.actor == ENGINE:
        raise late
    detail = f"{late.detail}; whether it was done before is not known any more"
    raise Refused(late.reason, detail) from late


def _has_done(turn: Turn, command: Command) -> bool:
    """Whether what a command did is still there, or what it has asked others for."""
    command_id = command.command_id
    return (
        command_id == turn.merging.asked_id
        or any(hold.hold_id == command_id for hold in turn.state.holds)
        or any(act.fact_id == command_id for act in turn.acts)
        or (command.type == ENTER and waits_for_code(turn, command))
    )


def _is_next(turn: Turn, command: Command) -> bool:
    """Whether a numbered command of another member is the next; False for a repeat."""
    received = turn.merging.link(str(command.attributes.get("from", ""))).received
    number = command.attributes.get("sequence", 0)
    assert isinstance(number, int), "merges number what they send"
    if number > received + 1:
        raise InvalidEvent(
            "merge-out-of-order", f"number {number} came after {received}"
        )
    return number > received


def _pass_on(asked: Asked) -> str:
    """Send points on that are for a member who is part of another one now."""
    into, command = asked.turn.merging.into, asked.command
    if command.type != RECEIVE:
        raise Refused(merging.MERGED, f"the member is part of {into}")
    if undoes_own(asked):
        # As with its orders: the difference goes on.
        return receive(asked)
    asked.turn.outbox.append(command._replace(member_id=into))
    return f"passed on to {into}"


def unknown(asked: Asked) -> str:
    """Refuse a command of a type that nobody knows."""
    raise Refused("command-unknown", f"there is no command {asked.command.type!r}")


STEPS: Final[dict[str, Callable[[Asked], str]]] = {
    "points.adjust": adjust,
    "points.redeem": redeem,
    "points.reserve": reserve,
    "points.confirm": confirm,
    "points.release": release,
    "points.transfer": transfer,
    RECEIVE: receive,
    "points.void": void,
    "points.reinstate": reinstate,
    "challenge.join": join,
    "challenge.leave": leave,
    "pool.join": pool,
    "member.update": update_profile,
    "member.erase": erase,
    "consent.set": set_consent,
    "budget.granted": granted,
    ENTER: enter_code,
    USE: use_code,
    "member.merge": merging.merge,
    "member.unmerge": unmerge,
    merging.CLOSE: merging.close,
    TAKE: merging.take,
    merging.REFUSED: merging.refused,
    REOPENED: reopened,
}
NUMBERED: Final = frozenset({TAKE, REOPENED})
ANSWERED_ONCE: Final = frozenset({GRANTED, merging.CLOSE, merging.REFUSED})
# What concerns the books that stay with a member who is part of another one.
OF_MERGED_MEMBERS: Final = frozenset(
    {*NUMBERED, *ANSWERED_ONCE, "member.erase", "points.void"}
)
