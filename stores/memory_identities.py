"""The twin of Redis in memory: same contract, for tests and for trying out."""

import time
from collections.abc import Callable, Mapping
from math import inf

from stores.identities_contract import KINDS, TRIAL_SECONDS, LiveCode
from stores.unavailable import StoreUnavailable


class MemoryIdentities:
    """The twin in memory: same contract, for tests and for trying out."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Hold nothing; `clock` gives seconds."""
        self._members: dict[str, tuple[float, str]] = {}
        self._contacts: dict[str, dict[str, str]] = {}
        self._versions: dict[tuple[str, str], int] = {}
        self._codes: dict[str, tuple[float, LiveCode]] = {}
        self._uses: dict[str, tuple[float, str]] = {}
        self._clock = clock
        self.is_available = True

    async def find(self, digest: str) -> str | None:
        """Member of a contact, None if it is nobody's."""
        self._check()
        ends_at, member_id = self._members.get(digest, (0.0, None))
        return member_id if self._clock() < ends_at else None

    async def claim(self, member_id: str, contacts: Mapping[str, str]) -> str | None:
        """Keep contacts for a member for a time; return what is in the way."""
        for kind, digest in contacts.items():
            if await self.find(digest) not in (None, member_id):
                return kind
        for digest in contacts.values():
            if await self.find(digest) is None:
                self._members[digest] = self._clock() + TRIAL_SECONDS, member_id
        return None

    async def settle(
        self, member_id: str, contacts: Mapping[str, str], version: int
    ) -> None:
        """Let contacts be a member's for good, in place of its others of the kind."""
        self._check()
        known = self._contacts.setdefault(member_id, {})
        for kind, digest in contacts.items():
            if self._versions.get((member_id, kind), 0) >= version:
                continue
            self._versions[member_id, kind] = version
            old = known.pop(kind, "")
            if await self.find(old) == member_id:
                del self._members[old]
            if digest and await self.find(digest) in (None, member_id):
                self._members[digest] = inf, member_id
                known[kind] = digest

    async def let_go(self, member_id: str, contacts: Mapping[str, str]) -> None:
        """Give up contacts that were claimed and not settled."""
        settled = self._contacts.get(member_id, {}).values()
        for digest in contacts.values():
            if await self.find(digest) == member_id and digest not in settled:
                del self._members[digest]

    async def forget(self, member_id: str, version: int) -> int:
        """Erase all contacts of a member, as of a version; return how many."""
        count = len(await self.kinds(member_id))
        await self.settle(member_id, dict.fromkeys(KINDS, ""), version)
        return count

    async def kinds(self, member_id: str) -> frozenset[str]:
        """Which kinds of contact a member has settled."""
        self._check()
        return frozenset(self._contacts.get(member_id, {}))

    async def show_code(self, digits: str, code: LiveCode, seconds: int) -> bool:
        """Let digits lead to a member for a time; False if they are another's now."""
        known = await self.find_code(digits)
        if known is None:
            self._codes[digits] = self._clock() + seconds, code
        return known in (None, code)

    async def find_code(self, digits: str) -> LiveCode | None:
        """What digits lead to now."""
        self._check()
        ends_at, code = self._codes.get(digits, (0.0, None))
        return code if self._clock() < ends_at else None

    async def use_code(self, mark: str, till: str, seconds: int) -> bool:
        """Bind a code to the first till's check that uses it; False for another's."""
        self._check()
        ends_at, known = self._uses.get(mark, (0.0, ""))
        if self._clock() >= ends_at:
            self._uses[mark] = self._clock() + seconds, till
            return True
        return known == till

    async def close(self) -> None:
        """Nothing to let go of."""

    def _check(self) -> None:
        if not self.is_available:
            raise StoreUnavailable("redis", "switched off by a test")
