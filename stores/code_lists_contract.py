"""What stores of uploaded codes promise: a list for each pool, read by number."""

from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

# Codes of one request: all of them are taken, or none.
CODES_AT_ONCE_MAX: Final = 10_000


class CodeEntry(NamedTuple):
    """A code as it is shown, and as it is compared."""

    shown: str
    plain: str


class CodePlace(NamedTuple):
    """Where a code stands."""

    pool_id: str
    number: int


class CodeLists(Protocol):
    """
    Lists of codes; a code stands in one place, whichever pool.

    A call that cannot be done now raises StoreUnavailable.
    """

    async def add(
        self, pool_id: str, first: int, codes: Sequence[CodeEntry]
    ) -> list[int]:
        """
        Let codes have the numbers from `first` on, all or none.

        Returns the places among them of what is in the way: a number that has another
        code, or a code that has another number. The same again changes nothing.
        """

    async def codes_of(self, pool_id: str, numbers: Sequence[int]) -> list[str | None]:
        """Codes of some numbers, None where there is none yet; one round trip."""

    async def find(self, plain: str) -> CodePlace | None:
        """Where a code stands, None if nowhere; one round trip."""

    async def count(self, pool_id: str) -> int:
        """How many codes a pool has."""

    async def close(self) -> None:
        """Let go of all connections."""
