"""The twin of the endpoints in memory: same contract, for tests and for trying out."""

from stores.endpoints_contract import ENDPOINTS_MAX, Endpoint
from stores.unavailable import StoreUnavailable


class MemoryEndpoints:
    """The twin in memory: same contract, for tests and for trying out."""

    def __init__(self) -> None:
        """Hold none."""
        self._known: dict[str, Endpoint] = {}
        self.is_available = True

    async def all(self) -> tuple[Endpoint, ...]:
        """Every endpoint, oldest first."""
        self._check()
        known = self._known.values()
        return tuple(sorted(known, key=lambda e: (e.created_at, e.endpoint_id)))

    async def find(self, endpoint_id: str) -> Endpoint | None:
        """An endpoint, None if there is none."""
        self._check()
        return self._known.get(endpoint_id)

    async def add(self, endpoint: Endpoint) -> bool:
        """Keep a new endpoint; False when there are too many."""
        self._check()
        if len(self._known) >= ENDPOINTS_MAX or endpoint.endpoint_id in self._known:
            return False
        self._known[endpoint.endpoint_id] = endpoint
        return True

    async def change(self, endpoint: Endpoint) -> bool:
        """Put an endpoint in the place of its former revision."""
        known = await self.find(endpoint.endpoint_id)
        if known is None or known.revision != endpoint.revision - 1:
            return False
        self._known[endpoint.endpoint_id] = endpoint
        return True

    async def remove(self, endpoint_id: str) -> bool:
        """Forget an endpoint; False when it was not there."""
        self._check()
        return self._known.pop(endpoint_id, None) is not None

    async def close(self) -> None:
        """Nothing to let go of."""

    def _check(self) -> None:
        if not self.is_available:
            raise StoreUnavailable("redis", "switched off by a test")
