"""The twin of the controls in memory: same contract, for tests and for trying out."""

from stores.breaker import CLOSED, Breaker, noted
from stores.delivery_controls_contract import (
    SCOPES_MAX,
    TARGET_RULES,
    Controls,
    Stop,
)
from stores.outbox_contract import Pace
from stores.unavailable import StoreUnavailable


class MemoryDeliveryControls:
    """The twin in memory: same contract, for tests and for trying out."""

    def __init__(self) -> None:
        """Hold nothing back."""
        self._stops: dict[str, Stop] = {}
        self._paces: dict[str, Pace] = {}
        self._breakers: dict[str, Breaker] = {}
        self.is_available = True

    async def read(self) -> Controls:
        """What holds back now."""
        self._check()
        return Controls(dict(self._stops), dict(self._paces), dict(self._breakers))

    async def stop(self, stop: Stop) -> bool:
        """Stop a scope; False when there are too many."""
        self._check()
        if stop.scope not in self._stops and len(self._stops) >= SCOPES_MAX:
            return False
        self._stops[stop.scope] = stop
        return True

    async def start(self, scope: str) -> bool:
        """Start a scope again; False when it was not stopped."""
        self._check()
        return self._stops.pop(scope, None) is not None

    async def set_pace(self, pace: Pace) -> bool:
        """Pace a scope; False when there are too many."""
        self._check()
        if pace.scope not in self._paces and len(self._paces) >= SCOPES_MAX:
            return False
        self._paces[pace.scope] = pace
        return True

    async def drop_pace(self, scope: str) -> bool:
        """Let a scope run; False when it had no pace."""
        self._check()
        return self._paces.pop(scope, None) is not None

    async def note(
        self, target: str, *, succeeded: bool, now: int, wait_until: int = 0
    ) -> Breaker:
        """Tell how an attempt went; `wait_until` is what the target asked for."""
        self._check()
        known = self._breakers.get(target, CLOSED)
        after = noted(
            known, TARGET_RULES, succeeded=succeeded, now=now, wait_until=wait_until
        )
        if succeeded:
            self._breakers.pop(target, None)
        else:
            self._breakers[target] = after
        return after

    async def close(self) -> None:
        """Nothing to let go of."""

    def _check(self) -> None:
        if not self.is_available:
            raise StoreUnavailable("redis", "switched off by a test")
