"""What commands ask for: each is done, or refused with a stable code; never both."""

from collections.abc import Callable
from typing import Final

from loyalty.asked import Asked, Refused
from loyalty.budgets import GRANTED
from loyalty.burning import confirm, redeem, release, reserve
from loyalty.consent_steps import set_consent
from loyalty.correcting import adjust, granted, reinstate, void
from loyalty.decision import Duplicate
from loyalty.erasing import erase
from loyalty.events import Command, InvalidEvent
from loyalty.profile_steps import join, leave, update_profile
from loyalty.sharing import pool, receive, transfer
from loyalty.turn import Turn


def command_step(turn: Turn, command: Command) -> str | Duplicate:
    """
    Do what a command asks for, once; return why, in a sentence.

    A refusal is an answer too: it is noted, moves nothing, and is remembered.
    Raises: InvalidEvent when it is too late to know whether it is a repeat.
    """
    if not _is_new(turn, command):
        return Duplicate(f"command {command.command_id} is known")
    asked = Asked(turn, command)
    try:
        return STEPS.get(command.type, unknown)(asked)
    except InvalidEvent as invalid:
        turn.refusal = invalid.reason
        turn.result = {"detail": invalid.detail}
        return f"refused: {invalid.detail}"
    except Refused as refused:
        turn.refusal = refused.reason
        turn.result = {"detail": refused.detail}
        return f"refused: {refused.detail}"


def _is_new(turn: Turn, command: Command) -> bool:
    try:
        return turn.see(command.command_id, command.occurred_at)
    except InvalidEvent:
        # A budget answers each claim once, however much came in between.
        if command.type != GRANTED:
            raise
        return True


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
    "points.receive": receive,
    "points.void": void,
    "points.reinstate": reinstate,
    "challenge.join": join,
    "challenge.leave": leave,
    "pool.join": pool,
    "member.update": update_profile,
    "member.erase": erase,
    "consent.set": set_consent,
    "budget.granted": granted,
}
