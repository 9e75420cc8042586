"""What holds deliveries back: stops, paces, and breakers of targets that fail."""

from collections.abc import Mapping
from typing import Final, NamedTuple, Protocol

from stores.breaker import CLOSED, Breaker, BreakerRules
from stores.outbox_contract import Lane, Pace

EVERYTHING: Final = "all"
# Stops and paces of one installation; the next one is refused.
SCOPES_MAX: Final = 1_000
# The script of Redis does with them what `stores.breaker.noted` does.
TARGET_RULES: Final = BreakerRules(
    failures_max=10, open_ms_min=30_000, open_ms_max=600_000
)


class Stop(NamedTuple):
    """Who stopped a scope, when (ms since 1970), and why."""

    scope: str
    by: str
    at: int
    reason: str = ""


class Controls(NamedTuple):
    """What holds back now."""

    stops: Mapping[str, Stop]
    paces: Mapping[str, Pace]
    breakers: Mapping[str, Breaker]

    def is_stopped(self, lane: Lane) -> bool:
        """Whether a lane's deliveries wait until somebody starts them."""
        return any(scope in self.stops for scope in lane.scopes)

    def paces_of(self, lane: Lane) -> list[Pace]:
        """Paces that a lane keeps, all at once."""
        return [self.paces[scope] for scope in lane.scopes if scope in self.paces]

    def breaker_of(self, target: str) -> Breaker:
        """Breaker of a target."""
        return self.breakers.get(target, CLOSED)


FREE: Final = Controls({}, {}, {})


class DeliveryControls(Protocol):
    """The controls; a call that cannot be done now raises StoreUnavailable."""

    async def read(self) -> Controls:
        """What holds back now; one round trip."""

    async def stop(self, stop: Stop) -> bool:
        """Stop a scope; False when there are too many."""

    async def start(self, scope: str) -> bool:
        """Start a scope again; False when it was not stopped."""

    async def set_pace(self, pace: Pace) -> bool:
        """Pace a scope; False when there are too many."""

    async def drop_pace(self, scope: str) -> bool:
        """Let a scope run; False when it had no pace."""

    async def note(
        self, target: str, *, succeeded: bool, now: int, wait_until: int = 0
    ) -> Breaker:
        """Tell how an attempt went; `wait_until` is what the target asked for."""

    async def close(self) -> None:
        """Let go of all connections."""
