"""Audiences of campaigns: who belongs to one, counted now or frozen for good."""

from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

ALL: Final = "all"
TIER: Final = "tier"
SEGMENT: Final = "segment"
IDLE: Final = "idle"
LIST: Final = "list"
AUDIENCES: Final = (ALL, TIER, SEGMENT, IDLE, LIST)
# As the question `segments` sorts members by recency, frequency and money.
SEGMENTS: Final = (
    "champions",
    "loyal",
    "new",
    "promising",
    "at-risk",
    "cannot-lose",
    "cooling",
    "asleep",
)
# Ids that are read, or written, at once.
PAGE_MAX: Final = 10_000
KEPT_DAYS: Final = 365


class Audience(NamedTuple):
    """
    Who is meant: everybody, or those of one tier, segment or list, or idle for days.

    `name` is that of the tier, segment or list. Whoever has become part of another
    member, or is forgotten, never belongs to one.
    """

    kind: str
    name: str = ""
    idle_days: int = 0


class Frozen(NamedTuple):
    """How many members an audience has, and how many ids of a list are no members."""

    members: int
    refused: int = 0


class Audiences(Protocol):
    """Who belongs; a call that cannot be done now raises StoreUnavailable."""

    async def count(self, audience: Audience, now: int) -> Frozen:
        """How many belong to an audience at a time (ms)."""

    async def freeze(self, snapshot: str, audience: Audience, now: int) -> Frozen:
        """
        Keep who belongs to an audience at a time (ms), under a name that is new.

        After StoreUnavailable it may be kept in part: freeze under another name.
        """

    async def members(self, snapshot: str, *, after: str, limit: int) -> Sequence[str]:
        """The next members of a snapshot after an id, by id, at most PAGE_MAX."""

    async def add(self, list_id: str, member_ids: Sequence[str]) -> None:
        """Put ids on a list, at most PAGE_MAX; on it twice is on it once."""

    async def close(self) -> None:
        """Let go of all connections."""
