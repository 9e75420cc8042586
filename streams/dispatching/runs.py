"""How many deliveries a target is given at once: more to a quick one."""

from typing import Final

# One after the other in a run, until so much time is over.
RUN_MAX: Final = 32
RUN_SECONDS_MAX: Final = 0.25
# A run that was over by then may be longer next time.
QUICK_SECONDS: Final = 0.1


class Runs:
    """
    Lengths of runs, by target.

    A run is taken, sent and recorded together, which is what makes a quick target
    cheap. To a slow one it is a single delivery, so nothing is taken that would
    wait here while it might be stopped.
    """

    def __init__(self) -> None:
        """Nobody is known to be quick."""
        self._lengths: dict[str, int] = {}

    def length(self, target: str) -> int:
        """How many deliveries the next run has at most."""
        return self._lengths.get(target, 1)

    def note(self, target: str, *, made: int, of: int, seconds: float) -> None:
        """Tell how many of a run were sent, and in which time."""
        length = self.length(target)
        if made < of:
            length = max(made, 1)
        elif seconds < QUICK_SECONDS and of >= length:
            length = min(2 * length, RUN_MAX)
        elif seconds > RUN_SECONDS_MAX:
            # Down: no run is to be longer than it should be.
            length = max(int(length * RUN_SECONDS_MAX / seconds), 1)
        self._lengths[target] = length

    def keep(self, targets: set[str]) -> None:
        """Forget all but some targets."""
        for gone in self._lengths.keys() - targets:
            del self._lengths[gone]
