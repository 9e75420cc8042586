"""What members find in the app: messages, and whether they were read."""

from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

# Messages of one member; the oldest gives way to the next.
INBOX_MAX: Final = 100
INBOX_KEPT_SECONDS: Final = 90 * 86_400
READ: Final = "read"
DISMISSED: Final = "dismissed"
MARKS: Final = (READ, DISMISSED)


class InboxMessage(NamedTuple):
    """
    One message; times in ms since 1970, 0 for never.

    `version` is the inbox's own at which the message came or was marked last.
    """

    message_id: str
    campaign_id: str
    template_id: str
    title: str
    body: str
    created_at: int
    expires_at: int = 0
    read_at: int = 0
    dismissed_at: int = 0
    version: int = 0

    def is_shown(self, now: int) -> bool:
        """Whether it is neither dismissed nor over."""
        return not self.dismissed_at and (not self.expires_at or now < self.expires_at)


class InboxWrite(NamedTuple):
    """A message for a member."""

    member_id: str
    message: InboxMessage


class InboxPage(NamedTuple):
    """All messages of a member, newest first; `version` grows with each change."""

    messages: tuple[InboxMessage, ...]
    version: int

    def shown_at(self, now: int) -> tuple[InboxMessage, ...]:
        """Messages that are shown: not dismissed, not over."""
        return tuple(one for one in self.messages if one.is_shown(now))

    def unread_at(self, now: int) -> int:
        """How many messages are shown and were not read."""
        return sum(not one.read_at for one in self.shown_at(now))

    def changed_since(self, version: int) -> tuple[InboxMessage, ...]:
        """Messages that came or were marked after a version, in that order."""
        changed = (one for one in self.messages if one.version > version)
        return tuple(sorted(changed, key=lambda one: (one.version, one.message_id)))


class Marked(NamedTuple):
    """A message after it was marked, and whether that was new."""

    message: InboxMessage
    is_new: bool


class Inbox(Protocol):
    """Inboxes by member; a call that cannot be done now raises StoreUnavailable."""

    async def put(self, writes: Sequence[InboxWrite]) -> int:
        """Keep messages that are not there yet; return how many were not."""

    async def get(self, member_id: str) -> InboxPage:
        """All messages of a member; one round trip."""

    async def mark(
        self, member_id: str, message_id: str, mark: str, *, at: int
    ) -> Marked | None:
        """Say that a message was read or dismissed; the first time stays."""

    async def forget(self, member_id: str) -> None:
        """Erase an inbox; what is on its way to it now is not kept."""

    async def close(self) -> None:
        """Let go of all connections."""


class InboxBell(Protocol):
    """
    Rings when an inbox changes; a ring may get lost while the store is away.

    Who hears one reads the inbox: what is in it is told there and nowhere else.
    """

    async def watch(self, member_id: str) -> None:
        """
        Hear of a member from now on.

        Raises: StoreUnavailable.
        """

    async def leave(self, member_id: str) -> None:
        """Hear of a member no more."""

    async def next(self, wait_seconds: float) -> str | None:
        """
        Member whose inbox has changed; None when there is none in time.

        Raises: StoreUnavailable.
        """

    async def close(self) -> None:
        """Let go of the connection."""


def newest_first(messages: Sequence[InboxMessage]) -> tuple[InboxMessage, ...]:
    """Messages in the order in which they are shown."""
    order = sorted(messages, key=lambda one: (one.created_at, one.message_id))
    return tuple(order[::-1])
