"""The twin of the inboxes in memory: same contract, for tests and for trying out."""

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
        self.is_available = True

    async def put(self, writes: Sequence[InboxWrite]) -> int:
        """Keep messages that are not there yet; return how many were not."""
        self._check()
        count = 0
        for member_id, message in writes:
            own = self._messages.setdefault(member_id, {})
            if message.message_id in own or member_id in self._gone:
                continue
            own[message.message_id] = message
            for old in newest_first(tuple(own.values()))[INBOX_MAX:]:
                del own[old.message_id]
            self._versions[member_id] = self._versions.get(member_id, 0) + 1
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
            own[message_id] = (
                known._replace(read_at=at)
                if mark == READ
                else known._replace(dismissed_at=at)
            )
            self._versions[member_id] += 1
        return Marked(own[message_id], is_new)

    async def forget(self, member_id: str) -> None:
        """Erase an inbox; what is on its way to it now is not kept."""
        self._check()
        self._messages.pop(member_id, None)
        self._versions.pop(member_id, None)
        self._gone.add(member_id)

    async def close(self) -> None:
        """Nothing to let go of."""

    def _check(self) -> None:
        if not self.is_available:
            raise StoreUnavailable("redis", "switched off by a test")
