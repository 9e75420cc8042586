"""What the feed of members' new versions promises, whichever store keeps it."""

from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

# Entries of all members together, and how long one is there.
FEED_LENGTH_MAX: Final = 10_000
FEED_MS_MAX: Final = 3_600_000
FEED_READ_MAX: Final = 500
# Before the first entry of all.
FEED_START: Final = "0-0"
# What is told of a member who is forgotten.
GONE: Final = b"gone"


class FeedEntry(NamedTuple):
    """
    A member's version that was written, and the one before it that had been.

    `place` orders all entries and begins with when it was written (ms); `news` is a
    document of `schemas.feed`, or GONE.
    """

    place: str
    member_id: str
    version: int
    since: int
    news: bytes


class MemberFeed(Protocol):
    """
    New versions of all members in the order of their writing; short on purpose.

    An entry is there exactly if its version was written. It is gone after FEED_MS_MAX,
    or when some FEED_LENGTH_MAX others came after it: who asks from a place that is
    gone gets what there is, and sees from `since` that there was more.
    """

    async def read(self, after: str, *, wait_seconds: float) -> Sequence[FeedEntry]:
        """
        Entries after a place, at most FEED_READ_MAX; waits for a first one.

        Raises: StoreUnavailable.
        """

    async def close(self) -> None:
        """Let go of the connection."""
