"""A journey as data: how members get in, the steps, and how they get out."""

from typing import Final, NamedTuple

from loyalty.journeys.steps import Branch, JourneyStep, Occasion, Send

# How often a member may go through a journey.
NEVER_AGAIN: Final = "never"
AFTER_DAYS: Final = "after_days"
ALWAYS_AGAIN: Final = "always"

# What becomes of members on the way when the journey is another one.
KEEP: Final = "keep"
RESTART: Final = "restart"
EXIT: Final = "exit"


class Journey(NamedTuple):
    """A journey: the first step is where it begins; valid once it is read."""

    journey_id: str
    name: str
    entry: Occasion
    steps: tuple[JourneyStep, ...]
    exits: tuple[Occasion, ...] = ()
    reentry: str = NEVER_AGAIN
    reentry_days: int = 0
    on_change: str = KEEP
    # Of its messages among all that are capped.
    priority: int = 0

    def step(self, step_id: str) -> JourneyStep | None:
        """Step of an id, None for END."""
        for step in self.steps:
            if step.step_id == step_id:
                return step
        return None

    @property
    def asks_habit(self) -> bool:
        """Whether any message waits for the member's own hour."""
        return any(isinstance(step, Send) and step.by_habit for step in self.steps)

    @property
    def asked(self) -> frozenset[str]:
        """Types of activities that its branches ask for."""
        found: frozenset[str] = frozenset()
        for step in self.steps:
            if isinstance(step, Branch):
                for fork in step.forks:
                    found |= fork.test.seen
        return found
