"""When somebody who fails is left alone: one state machine, for targets and stores."""

from typing import Final, NamedTuple

# Beyond it the time is at its longest for any sound rules.
OPENED_MAX: Final = 10


class BreakerRules(NamedTuple):
    """
    After `failures_max` failures in a row nothing is tried for `open_ms_min`.

    The time doubles each time the one trial after it fails, up to `open_ms_max`.
    """

    failures_max: int
    open_ms_min: int
    open_ms_max: int


class Breaker(NamedTuple):
    """
    How somebody does: failures in a row, times opened in a row, and until when.

    While it is open nothing is tried; after that one call tries, and its success
    closes it. Somebody who asks for time (`Retry-After`) gets it.
    """

    failures: int = 0
    opened: int = 0
    open_until: int = 0

    def is_open(self, now: int) -> bool:
        """Whether nothing is tried now."""
        return now < self.open_until

    @property
    def is_trying(self) -> bool:
        """Whether the next calls go one at a time."""
        return self.opened > 0

    def state(self, now: int) -> str:
        """State by the name that everybody gives it."""
        if self.is_open(now):
            return "open"
        return "half-open" if self.is_trying else "closed"


CLOSED: Final = Breaker()


def noted(
    known: Breaker,
    rules: BreakerRules,
    *,
    succeeded: bool,
    now: int,
    wait_until: int = 0,
) -> Breaker:
    """A breaker after an attempt; `now` and `wait_until` are of one clock (ms)."""
    if succeeded:
        return CLOSED
    open_until = max(known.open_until, wait_until)
    if known.is_open(now):
        # These were under way when it opened.
        return known._replace(open_until=open_until)
    failures, opened = known.failures + 1, known.opened
    if failures >= rules.failures_max or opened:
        span = min(rules.open_ms_min * 2**opened, rules.open_ms_max)
        opened, open_until = min(opened + 1, OPENED_MAX), max(open_until, now + span)
    return Breaker(failures, opened, open_until)
