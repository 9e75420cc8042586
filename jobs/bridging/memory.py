"""The twin in memory of a queue: source and target at once."""

import asyncio
from collections import deque
from collections.abc import Sequence

from jobs.bridging.ports import MemberEvent, Received
from schemas.cloud_events import STRUCTURED
from stores.unavailable import StoreUnavailable


class MemoryQueue:
    """Messages in order; those given back come first again."""

    batch_max = 10

    def __init__(self) -> None:
        """Be empty."""
        self.is_available = True
        self._waiting: deque[Received] = deque()
        self._held: dict[int, Received] = {}
        self._numbers = 0

    def put(
        self,
        body: bytes,
        *,
        content_type: str = "",
        headers: dict[str, str] | None = None,
    ) -> None:
        """Put a message at the end."""
        self._numbers += 1
        number = self._numbers
        named = {name.lower(): value for name, value in (headers or {}).items()}
        self._waiting.append(Received(str(number), body, content_type, named, number))

    async def receive(self, limit: int, wait_seconds: float) -> list[Received]:
        """Up to so many messages."""
        self._answer()
        if not self._waiting:
            await asyncio.sleep(min(wait_seconds, 0.01))
        taken = [self._waiting.popleft() for _ in range(min(limit, len(self._waiting)))]
        self._held |= {message.handle: message for message in taken}
        return taken

    async def acknowledge(self, messages: Sequence[Received]) -> None:
        """Forget messages."""
        self._answer()
        for message in messages:
            self._held.pop(message.handle, None)

    async def hold(self, _: Sequence[Received]) -> None:
        """They are held anyway."""
        self._answer()

    async def release(self, messages: Sequence[Received]) -> None:
        """Give messages back, in their order."""
        for message in reversed(messages):
            if self._held.pop(message.handle, None) is not None:
                self._waiting.appendleft(message)

    async def send(self, events: Sequence[MemberEvent]) -> None:
        """Put events at the end."""
        self._answer()
        for event in events:
            self.put(event.body, content_type=STRUCTURED)

    async def close(self) -> None:
        """Give everything back that is held."""
        await self.release(list(self._held.values()))

    def _answer(self) -> None:
        if not self.is_available:
            raise StoreUnavailable("memory", "switched off by a test")
