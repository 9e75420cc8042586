"""What activity and commands do to a member, before `decide` settles it."""

from hashlib import blake2b
from typing import Final

from loyalty.decision import ADJUST, Duplicate
from loyalty.draft import Draft
from loyalty.events import ActivityEvent, Command, InvalidEvent
from loyalty.limits import ADJUST_POINTS_MAX, RECENT_MAX
from loyalty.member import SeenEvent
from loyalty.points import expires_at
from loyalty.program import Program

ADJUST_COMMAND: Final = "points.adjust"


def activity_step(draft: Draft, activity: ActivityEvent) -> str | Duplicate:
    """
    Note an act, once; return why, in a sentence.

    Raises: InvalidEvent when it is too late to know whether it is a repeat.
    """
    if not _see(draft, activity.event_id, activity.occurred_at):
        return Duplicate(f"activity {activity.event_id} is known")
    return f"noted {activity.type}"


def command_step(draft: Draft, command: Command, program: Program) -> str | Duplicate:
    """
    Do what a command asks for, once; return why, in a sentence.

    Raises: InvalidEvent when it asks for what cannot be.
    """
    if command.type != ADJUST_COMMAND:
        raise InvalidEvent("command-unknown", f"there is no command {command.type!r}")
    points = command.attributes.get("points")
    if not isinstance(points, int) or isinstance(points, bool):
        raise InvalidEvent("command-invalid", "points must be a whole number")
    if not 0 < abs(points) <= ADJUST_POINTS_MAX:
        raise InvalidEvent(
            "command-invalid",
            f"points is {points}, expected 1 to {ADJUST_POINTS_MAX}, or less than 0",
        )
    if not _see(draft, command.command_id, command.occurred_at):
        return Duplicate(f"command {command.command_id} is known")
    if points > 0:
        ends_at = expires_at(command.occurred_at, program)
        draft.earn(points, order_id="", rule=("", 0), expires_at=ends_at)
    else:
        draft.burn(-points, ADJUST)
    reason = str(command.attributes.get("reason", "no reason given"))[:200]
    return f"adjusted by {points}: {reason}"


def _see(draft: Draft, event_id: str, occurred_at: int) -> bool:
    """
    Remember an event; False if it was remembered already.

    Raises: InvalidEvent when the event is too late to know.
    """
    digest = blake2b(event_id.encode(), digest_size=8).digest()
    for seen in draft.recent:
        if seen.digest == digest:
            return False
    if occurred_at <= draft.activity_horizon_at:
        raise InvalidEvent(
            "beyond-horizon",
            f"event of {occurred_at} arrived after those up to "
            f"{draft.activity_horizon_at} were closed",
        )
    recent = sorted(
        (*draft.recent, SeenEvent(digest, occurred_at)),
        key=lambda seen: (seen.occurred_at, seen.digest),
    )
    if len(recent) > RECENT_MAX:
        draft.activity_horizon_at = recent.pop(0).occurred_at
    draft.recent = tuple(recent)
    return True
