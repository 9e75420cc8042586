"""
Ids of reservations as we hand them out: opaque, and they lead to their member.

The engine knows a reservation by the command that made it, in the member's own
state; whoever confirms it names no member, so the id holds both.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Final, NamedTuple

from loyalty.limits import ID_LENGTH_MAX

# Two ids of 128 characters of up to four bytes each, in base64.
RESERVATION_ID_LENGTH_MAX: Final = 1_400


class Reservation(NamedTuple):
    """Whose it is, and the engine's own id of it."""

    member_id: str
    hold_id: str


def reservation_id(member_id: str, hold_id: str) -> str:
    """Opaque id of a reservation, safe in a path."""
    text = f"{len(member_id)}.{member_id}{hold_id}"
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def reservation_of(given_id: str) -> Reservation | None:
    """What an id of ours names; None for an id that is not ours."""
    try:
        text = urlsafe_b64decode(given_id + "=" * (-len(given_id) % 4)).decode()
        length, _, rest = text.partition(".")
        size = int(length)
    except ValueError:
        return None
    found = Reservation(rest[:size], rest[size:])
    # What is read must be what we write: int() also takes "1_0" and " 1".
    is_ours = (
        0 < len(found.member_id) <= ID_LENGTH_MAX
        and 0 < len(found.hold_id) <= ID_LENGTH_MAX
        and reservation_id(*found) == given_id
    )
    return found if is_ours else None


def hold_id_of(given_id: str | None, member_id: str) -> str | None:
    """
    Engine's own id of a reservation that a member's order names.

    What is not one of our ids, or another member's, is passed on: the engine
    knows ids of commands that did not come through us.
    """
    found = reservation_of(given_id) if given_id else None
    return found.hold_id if found and found.member_id == member_id else given_id
