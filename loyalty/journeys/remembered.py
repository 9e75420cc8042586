"""What is remembered of a member's journeys."""

from typing import NamedTuple


class JourneyRun(NamedTuple):
    """
    A member on the way through a journey.

    It follows the journey as the program of `version`, in force at `follows_at`,
    has it. `step_id` waits since `since_at`, until `due_at`. `taken` counts the
    steps so far, `orders` and `seen` what was done since `entered_at`; `choices`
    are the latest ways taken, and `order_id` and `store_id` those of the event
    that the member came in by.
    """

    journey_id: str
    version: int
    follows_at: int
    entered_at: int
    step_id: str
    since_at: int
    due_at: int
    taken: int = 0
    orders: int = 0
    seen: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    order_id: str = ""
    store_id: str = ""


class PastJourney(NamedTuple):
    """A journey that the member has left, the last time."""

    journey_id: str
    entered_at: int
    left_at: int
