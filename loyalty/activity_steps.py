"""What activity and commands do to a member, before `decide` settles it."""

from hashlib import blake2b
from typing import Final

from loyalty.account import Account
from loyalty.decision import ADJUST, Duplicate
from loyalty.events import ActivityEvent, Command, InvalidEvent
from loyalty.limits import ADJUST_POINTS_MAX, RECENT_MAX
from loyalty.member import Member, SeenEvent
from loyalty.points import expires_at
from loyalty.program import Program
from loyalty.step import Step, clocked

ADJUST_COMMAND: Final = "points.adjust"


def activity_step(
    member: Member, activity: ActivityEvent, account: Account
) -> Step | Duplicate:
    """Note an act, once."""
    seen = _see(member, activity.event_id, activity.occurred_at)
    if seen is None:
        return Duplicate(f"activity {activity.event_id} is known")
    return Step(seen, account, f"noted {activity.type}")


def command_step(
    member: Member, command: Command, program: Program, *, account: Account
) -> Step | Duplicate:
    """
    Do what a command asks for, once.

    Raises: InvalidEvent when it asks for what cannot be.
    """
    seen = _see(member, command.command_id, command.occurred_at)
    if seen is None:
        return Duplicate(f"command {command.command_id} is known")
    points = command.attributes.get("points")
    if command.type != ADJUST_COMMAND:
        raise InvalidEvent("command-unknown", f"there is no command {command.type!r}")
    if not isinstance(points, int) or isinstance(points, bool):
        raise InvalidEvent("command-invalid", "points must be a whole number")
    if not 0 < abs(points) <= ADJUST_POINTS_MAX:
        raise InvalidEvent(
            "command-invalid",
            f"points is {points}, expected 1 to {ADJUST_POINTS_MAX}, or less than 0",
        )
    if points > 0:
        ends_at = expires_at(command.occurred_at, program)
        account.earn(points, order_id="", rule=("", 0), expires_at=ends_at)
    else:
        account.burn(-points, ADJUST)
    reason = command.attributes.get("reason", "no reason given")
    return Step(seen, account, f"adjusted by {points}: {reason}")


def _see(member: Member, event_id: str, occurred_at: int) -> Member | None:
    """
    Member that remembers an event; None if it did already.

    Raises: InvalidEvent when the event is too late to know.
    """
    digest = blake2b(event_id.encode(), digest_size=8).digest()
    for seen in member.recent:
        if seen.digest == digest:
            return None
    if occurred_at <= member.activity_horizon_at:
        raise InvalidEvent(
            "beyond-horizon",
            f"event of {occurred_at} arrived after those up to "
            f"{member.activity_horizon_at} were closed",
        )
    recent = sorted(
        (*member.recent, SeenEvent(digest, occurred_at)),
        key=lambda seen: (seen.occurred_at, seen.digest),
    )
    horizon_at = member.activity_horizon_at
    if len(recent) > RECENT_MAX:
        horizon_at = recent.pop(0).occurred_at
    return clocked(member, occurred_at)._replace(
        recent=tuple(recent), activity_horizon_at=horizon_at
    )
