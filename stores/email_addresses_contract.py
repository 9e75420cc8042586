"""E-mail addresses, encrypted: the only contact that is more than a digest."""

from typing import Protocol


class EmailAddresses(Protocol):
    """Sealed addresses by member; what cannot be done raises StoreUnavailable."""

    async def put(self, member_id: str, sealed: str) -> None:
        """Keep an address in place of the one before."""

    async def get(self, member_id: str) -> str | None:
        """Sealed address of a member, None if there is none."""

    async def forget(self, member_id: str) -> bool:
        """Erase an address; False when there was none."""

    async def close(self) -> None:
        """Let go of all connections."""


class MemoryEmailAddresses:
    """The twin in memory: same contract, for tests and for trying out."""

    def __init__(self) -> None:
        """Hold none."""
        self._known: dict[str, str] = {}

    async def put(self, member_id: str, sealed: str) -> None:
        """Keep an address in place of the one before."""
        self._known[member_id] = sealed

    async def get(self, member_id: str) -> str | None:
        """Sealed address of a member, None if there is none."""
        return self._known.get(member_id)

    async def forget(self, member_id: str) -> bool:
        """Erase an address; False when there was none."""
        return self._known.pop(member_id, None) is not None

    async def close(self) -> None:
        """Nothing to let go of."""
