"""The twin of the inboxes in memory: same contract, for tests and for trying out."""

import asyncio
from collections.abc import Sequence

from stores.inbox_contract import (
    INBOX_MAX,
    READ,
    InboxMessage,
    InboxPage,
    InboxWrite,
    Marked,
    newest_first,
)
from stores.unavailable import StoreUnavailable


class MemoryInbox:
    """The twin in memory: same contract, for tests and for trying out."""

    def __init__(self) -> None:
        """Hold nothing."""
        self._messages: dict[str, dict[str, InboxMessage]] = {}
        self._versions: dict[str, int] = {}
        self._gone: set[str] = set()
        self.bells: list[MemoryInboxBell] = []
        self.is_available = True

    async def put(self, writes: Sequence[InboxWrite]) -> int:
        """Keep messages that are not there yet; return how many were not."""
        self._check()
        count = 0
        for member_id, message in writes:
            own = self._messages.setdefault(member_id, {})
            if message.message_id in own or member_id in self._gone:
                continue
            own[message.message_id] = message._replace(version=self._grown(member_id))
            for old in newest_first(tuple(own.values()))[INBOX_MAX:]:
                del own[old.message_id]
            count += 1
        return count

    async def get(self, member_id: str) -> InboxPage:
        """All messages of a member."""
        self._check()
        own = self._messages.get(member_id, {})
        return InboxPage(
            newest_first(tuple(own.values())), self._versions.get(member_id, 0)
        )

    async def mark(
        self, member_id: str, message_id: str, mark: str, *, at: int
    ) -> Marked | None:
        """Say that a message was read or dismissed; the first time stays."""
        self._check()
        own = self._messages.get(member_id, {})
        known = own.get(message_id)
        if known is None:
            return None
        is_new = not (known.read_at if mark == READ else known.dismissed_at)
        if is_new:
            marked = (
                known._replace(read_at=at)
                if mark == READ
                else known._replace(dismissed_at=at)
            )
            own[message_id] = marked._replace(version=self._grown(member_id))
        return Marked(own[message_id], is_new)

    async def forget(self, member_id: str) -> None:
        """Erase an inbox; what is on its way to it now is not kept."""
        self._check()
        self._messages.pop(member_id, None)
        self._versions.pop(member_id, None)
        self._gone.add(member_id)
        self._ring(member_id)

    async def close(self) -> None:
        """Nothing to let go of."""

    def _grown(self, member_id: str) -> int:
        self._versions[member_id] = self._versions.get(member_id, 0) + 1
        self._ring(member_id)
        return self._versions[member_id]

    def _ring(self, member_id: str) -> None:
        for bell in self.bells:
            bell.ring(member_id)

    def _check(self) -> None:
        if not self.is_available:
            raise StoreUnavailable("redis", "switched off by a test")


class MemoryInboxBell:
    """The twin of the bell: hears of the inboxes of one store in memory."""

    def __init__(self, inbox: MemoryInbox) -> None:
        """Hang it up there."""
        self._inbox = inbox
        self._watched: set[str] = set()
        self._rung: asyncio.Queue[str] = asyncio.Queue()
        inbox.bells.append(self)

    def ring(self, member_id: str) -> None:
        """Say that an inbox has changed."""
        if member_id in self._watched:
            self._rung.put_nowait(member_id)

    async def watch(self, member_id: str) -> None:
        """Hear of a member from now on."""
        if not self._inbox.is_available:
            raise StoreUnavailable("redis", "switched off by a test")
        self._watched.add(member_id)

    async def leave(self, member_id: str) -> None:
        """Hear of a member no more."""
        self._watched.discard(member_id)

    async def next(self, wait_seconds: float) -> str | None:
        """Member whose inbox has changed; None when there is none in time."""
        try:
            async with asyncio.timeout(wait_seconds):
                return await self._rung.get()
        except TimeoutError:
            return None

    async def close(self) -> None:
        """Take it down; again is harmless, as with the real one."""
        if self in self._inbox.bells:
            self._inbox.bells.remove(self)
