"""What one event does by itself, before tiers, offers and triggers look at it."""

from typing import NamedTuple

from loyalty.account import Account
from loyalty.member import Member


class Step(NamedTuple):
    """The member and the account after an event, and why, in a sentence."""

    member: Member
    account: Account
    why: str


def clocked(member: Member, at: int) -> Member:
    """Member whose clock shows at least a time."""
    return member._replace(clock_at=at) if at > member.clock_at else member
