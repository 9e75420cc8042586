"""What holds deliveries back: stops, paces, and breakers of targets that fail."""

from collections.abc import Mapping
from typing import Final, NamedTuple, Protocol

from stores.outbox_contract import Lane, Pace

EVERYTHING: Final = "all"
# Stops and paces of one installation; the next one is refused.
SCOPES_MAX: Final = 1_000
FAILURES_MAX: Final = 10
OPEN_MS_MIN: Final = 30_000
OPEN_MS_MAX: Final = 600_000


class Stop(NamedTuple):
    """Who stopped a scope, when (ms since 1970), and why."""

    scope: str
    by: str
    at: int
    reason: str = ""


class Breaker(NamedTuple):
    """
    How a target does: failures in a row, times opened in a row, and until when.

    While it is open nothing is sent there; after that one delivery tries, and its
    success closes it. A target that asks for time (`Retry-After`) gets it.
    """

    failures: int = 0
    opened: int = 0
    open_until: int = 0

    def is_open(self, now: int) -> bool:
        """Whether nothing is sent there now."""
        return now < self.open_until

    @property
    def is_trying(self) -> bool:
        """Whether the next deliveries go one at a time."""
        return self.opened > 0


CLOSED: Final = Breaker()


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


def noted(known: Breaker, *, succeeded: bool, now: int, wait_until: int) -> Breaker:
    """A breaker after an attempt; the scripts of Redis do the same."""
    if succeeded:
        return CLOSED
    open_until = max(known.open_until, wait_until)
    if known.is_open(now):
        # These were under way when it opened.
        return known._replace(open_until=open_until)
    failures, opened = known.failures + 1, known.opened
    if failures >= FAILURES_MAX or opened:
        span = min(OPEN_MS_MIN * 2**opened, OPEN_MS_MAX)
        opened, open_until = min(opened + 1, 10), max(open_until, now + span)
    return Breaker(failures, opened, open_until)
