"""What stores of turns promise, whichever keeps them."""

from typing import Final, NamedTuple, Protocol

US_PER_SECOND: Final = 1_000_000


class Turn(NamedTuple):
    """
    A turn that was taken, or not.

    `left` are the turns that remain, `full_seconds` is when all are there again,
    `wait_seconds` when the next one is (0 if now); both are rounded up, so that
    whoever waits so long is not too early.
    """

    is_taken: bool
    left: int
    full_seconds: int
    wait_seconds: int


class Budget(NamedTuple):
    """`turns` in each window of `window_seconds`; all of them may come at once."""

    turns: int
    window_seconds: int

    @property
    def window_us(self) -> int:
        """Window in microseconds."""
        return self.window_seconds * US_PER_SECOND

    @property
    def step_us(self) -> int:
        """What one turn costs, in microseconds; rounds down, in the client's favour."""
        return self.window_us // self.turns

    def turn(self, used_us: int, *, is_taken: bool) -> Turn:
        """Turn as it is told, when `used_us` of the window are used."""
        left_us = self.window_us - used_us
        wait_us = max(self.step_us - left_us, 0)
        return Turn(
            is_taken,
            min(max(left_us // self.step_us, 0), self.turns),
            -(-used_us // US_PER_SECOND),
            -(-wait_us // US_PER_SECOND),
        )


class RateLimits(Protocol):
    """Turns by whoever asks; a call that cannot be done now: StoreUnavailable."""

    async def take(self, who: str, budget: Budget) -> Turn:
        """Take a turn if there is one; one round trip."""

    async def close(self) -> None:
        """Let go of all connections."""
