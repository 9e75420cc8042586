"""A member at a time, as triggers see it, and what comes next of one."""

from typing import NamedTuple

from loyalty.civil import date_of
from loyalty.member import Profile, State
from loyalty.messages import MessageValue
from loyalty.program import Program
from loyalty.zones import Zone, local_day


class Look(NamedTuple):
    """A member at a time, as triggers see it."""

    at: int
    zone: Zone
    state: State
    profile: Profile
    program: Program


class Due(NamedTuple):
    """The next occasion of a trigger, and when it is one."""

    due_at: int
    occasion: int
    subject: str = ""
    values: tuple[MessageValue, ...] = ()


def day_text(at: int, zone: Zone) -> str:
    """Local date of a time, YYYY-MM-DD."""
    year, month, day = date_of(local_day(zone, at))
    return f"{year:04}-{month:02}-{day:02}"
