"""What stores of members' views promise, whichever keeps them."""

from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

RESULT_TTL_SECONDS: Final = 86_400

# An erased view keeps its version: a key that is gone would take an older write.
ERASED: Final = b""


class ViewWrite(NamedTuple):
    """
    A member's view to write; an empty document says that the member is erased.

    `state` is the member as the engine's changelog has it, empty if it is not kept;
    `news` is what the feed tells of the version, empty if nothing is told.
    """

    member_id: str
    version: int
    document: bytes
    state: bytes = b""
    news: bytes = b""


class StoredView(NamedTuple):
    """A member's view as JSON, and its version."""

    version: int
    document: bytes


class StoredState(NamedTuple):
    """A member's state as the engine encodes it, empty if not kept; its version."""

    version: int
    state: bytes


class ResultWrite(NamedTuple):
    """Answer to a command, as JSON; the first one of a command stays."""

    command_id: str
    document: bytes


class CodeWrite(NamedTuple):
    """That a code of a pool, by its number, was given to a member; for good."""

    pool_id: str
    number: int
    member_id: str


class MemberViews(Protocol):
    """Views by member; a call that cannot be done now raises StoreUnavailable."""

    async def put(
        self,
        writes: Sequence[ViewWrite],
        results: Sequence[ResultWrite] = (),
        codes: Sequence[CodeWrite] = (),
    ) -> int:
        """
        Write the views that are newer than what is there; return how many were.

        Whose codes are comes before them, and results after: who reads a view finds
        its codes, and who reads a result finds its effect.
        """

    async def holder_of(self, pool_id: str, number: int) -> str | None:
        """Member who was given a code, None while nobody was; one round trip."""

    async def replace(self, write: ViewWrite, *, found: int | None) -> bool:
        """
        Write over what is there, if its version is still the one that was found.

        For repairs: None is nothing found. Returns whether it was written.
        """

    async def all_of(self, member_ids: Sequence[str]) -> list[ViewWrite | None]:
        """What is there of some members, erased ones with an empty document."""

    async def put_results(self, results: Sequence[ResultWrite]) -> None:
        """Write results of commands that have none yet; they live for a time."""

    async def get_result(self, command_id: str) -> bytes | None:
        """Result of a command as JSON, None while there is none; one round trip."""

    async def delete(self, member_id: str, version: int) -> bool:
        """Erase the view unless a newer one is there; no older write brings it back."""

    async def get(self, member_id: str) -> StoredView | None:
        """View of a member, None if there is none or it was erased; one round trip."""

    async def get_state(self, member_id: str) -> StoredState | None:
        """State of a member, never older than the view; one round trip."""

    async def ping(self) -> None:
        """Answer, or raise."""

    async def close(self) -> None:
        """Let go of all connections."""
