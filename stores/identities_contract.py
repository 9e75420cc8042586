"""What stores of identities promise: who is behind a digest of a contact, or a code."""

from collections.abc import Mapping
from typing import Final, NamedTuple, Protocol

# So long a contact is kept for a member whose enrolment is not decided yet.
TRIAL_SECONDS: Final = 86_400
PHONE: Final = "phone"
EMAIL: Final = "email"
CARD: Final = "card"
KINDS: Final = (PHONE, EMAIL, CARD)


class LiveCode(NamedTuple):
    """A code that is shown now: whose, and of which window."""

    member_id: str
    window: int


class Identities(Protocol):
    """
    Members by digests; nothing personal is held, and nothing can be read back.

    `contacts` are digests by kind (one of each). A call that cannot be done now
    raises StoreUnavailable.
    """

    async def find(self, digest: str) -> str | None:
        """Member of a contact, None if it is nobody's; one round trip."""

    async def claim(self, member_id: str, contacts: Mapping[str, str]) -> str | None:
        """
        Keep contacts for a member for a time, all or none; return what is in the way.

        That is the kind of the first one that is another member's, None if none is.
        """

    async def settle(
        self, member_id: str, contacts: Mapping[str, str], version: int
    ) -> None:
        """
        Let contacts be a member's for good, in place of its others of the kind.

        An empty digest says that there is none any more. `version` is the member's
        at the change: what is older than the last change of a kind does nothing.
        """

    async def let_go(self, member_id: str, contacts: Mapping[str, str]) -> None:
        """Give up contacts that were claimed and not settled."""

    async def forget(self, member_id: str, version: int) -> int:
        """Erase all contacts of a member, as of a version; return how many."""

    async def kinds(self, member_id: str) -> frozenset[str]:
        """Which kinds of contact a member has settled."""

    async def show_code(self, digits: str, code: LiveCode, seconds: int) -> bool:
        """Let digits lead to a member for a time; False if they are another's now."""

    async def find_code(self, digits: str) -> LiveCode | None:
        """What digits lead to now; one round trip."""

    async def use_code(self, mark: str, till: str, seconds: int) -> bool:
        """Bind a code to the first till's check that uses it; False for another's."""

    async def close(self) -> None:
        """Let go of all connections."""
