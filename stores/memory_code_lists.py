"""The twin of Redis in memory: same contract, for tests and for trying out."""

from collections.abc import Sequence

from stores.code_lists_contract import CodeEntry, CodePlace
from stores.unavailable import StoreUnavailable


class MemoryCodeLists:
    """The twin in memory: same contract, for tests and for trying out."""

    def __init__(self) -> None:
        """Hold nothing."""
        self._codes: dict[str, dict[int, str]] = {}
        self._places: dict[str, CodePlace] = {}
        self.is_available = True

    async def add(
        self, pool_id: str, first: int, codes: Sequence[CodeEntry]
    ) -> list[int]:
        """Let codes have the numbers from `first` on, all or none."""
        self._check()
        known = self._codes.get(pool_id, {})
        seen: set[str] = set()
        in_the_way = []
        for place, code in enumerate(codes):
            here = CodePlace(pool_id, first + place)
            is_other = known.get(here.number, code.shown) != code.shown
            is_elsewhere = self._places.get(code.plain, here) != here
            if is_other or is_elsewhere or code.plain in seen:
                in_the_way.append(place)
            seen.add(code.plain)
        if not in_the_way:
            for place, code in enumerate(codes):
                self._codes.setdefault(pool_id, {})[first + place] = code.shown
                self._places[code.plain] = CodePlace(pool_id, first + place)
        return in_the_way

    async def codes_of(self, pool_id: str, numbers: Sequence[int]) -> list[str | None]:
        """Codes of some numbers, None where there is none yet."""
        self._check()
        known = self._codes.get(pool_id, {})
        return [known.get(number) for number in numbers]

    async def find(self, plain: str) -> CodePlace | None:
        """Where a code stands, None if nowhere."""
        self._check()
        return self._places.get(plain)

    async def count(self, pool_id: str) -> int:
        """How many codes a pool has."""
        self._check()
        return len(self._codes.get(pool_id, {}))

    async def close(self) -> None:
        """Nothing to let go of."""

    def _check(self) -> None:
        if not self.is_available:
            raise StoreUnavailable("redis", "switched off by a test")
