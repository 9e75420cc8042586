"""A journey as data: how members get in, the steps, and how they get out."""

from typing import Final, NamedTuple

from loyalty.conditions import ANY_TIME, MEMBER, When
from loyalty.rules import POINTS

# What can happen; a return is a refund or a cancellation of the journey's order.
ORDER: Final = "order"
ACTIVITY: Final = "activity"
TIER: Final = "tier"
COMMAND: Final = "command"
RETURN: Final = "return"
TRIGGER: Final = "trigger"

# How often a member may go through a journey.
NEVER_AGAIN: Final = "never"
AFTER_DAYS: Final = "after_days"
ALWAYS_AGAIN: Final = "always"

# What becomes of members on the way when the journey is another one.
KEEP: Final = "keep"
RESTART: Final = "restart"
EXIT: Final = "exit"

# The step after the last one.
END: Final = ""
NO_MINUTE: Final = -1
ANY: Final = -1


class Occasion(NamedTuple):
    """
    Something that happens and that a journey looks for.

    `name` is the type of an activity or command, or the id of a trigger;
    `tiers` those that a tier may have changed to, empty is any.
    """

    kind: str
    name: str = ""
    attributes: tuple[tuple[str, str], ...] = ()
    minimum_minor: int = 0
    tiers: frozenset[str] = frozenset()
    when: When = ANY_TIME


class Delay(NamedTuple):
    """
    How long something waits.

    Without a minute of the day exactly so many times 24 hours and `ms`; with one
    until that minute, of whose clock, on the calendar day so many days later: in
    0 days it is the next such minute.
    """

    days: int = 0
    ms: int = 0
    at_minute: int = NO_MINUTE
    clock: str = MEMBER


class Wait(NamedTuple):
    """Nothing happens for a time."""

    step_id: str
    next_id: str
    delay: Delay


class Way(NamedTuple):
    """Where it goes on when something happens."""

    occasion: Occasion
    next_id: str


class WaitFor(NamedTuple):
    """Waits until one of some things happens, or time is over (`next_id`)."""

    step_id: str
    next_id: str
    delay: Delay
    ways: tuple[Way, ...]


class MemberTest(NamedTuple):
    """
    What a member must be; an empty set does not ask, nor does ANY.

    `ordered` (0 no, 1 yes) and `seen` (activity types, one of them) look at what
    the member has done since the journey began.
    """

    tiers: frozenset[str] = frozenset()
    segments: frozenset[str] = frozenset()
    zones: frozenset[str] = frozenset()
    wallet: str = POINTS
    balance_min: int = ANY
    balance_max: int = ANY
    orders_min: int = ANY
    orders_max: int = ANY
    ordered: int = ANY
    seen: frozenset[str] = frozenset()


class Fork(NamedTuple):
    """Where it goes on for whom a test holds."""

    test: MemberTest
    next_id: str


class Branch(NamedTuple):
    """The first fork whose test holds is taken, else `next_id`."""

    step_id: str
    next_id: str
    forks: tuple[Fork, ...]


class Share(NamedTuple):
    """Where so many of a hundred members go on."""

    percent: int
    next_id: str


class Split(NamedTuple):
    """Members are shared out by a stable hash, which says the same every time."""

    step_id: str
    shares: tuple[Share, ...]


class Send(NamedTuple):
    """
    A message of a template goes out, not later than `expires_ms` after its time.

    `by_habit` waits for the hour at which the member mostly orders.
    """

    step_id: str
    next_id: str
    template_id: str
    channels: tuple[str, ...]
    expires_ms: int
    values: tuple[tuple[str, str], ...] = ()
    by_habit: bool = False


class Give(NamedTuple):
    """Points of a wallet come."""

    step_id: str
    next_id: str
    points: int
    wallet: str = POINTS


class Leave(NamedTuple):
    """The journey ends here."""

    step_id: str
    reason: str = ""


JourneyStep = Wait | WaitFor | Branch | Split | Send | Give | Leave


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


def targets(step: JourneyStep) -> tuple[str, ...]:
    """Where a step may lead to, END included; where time leads to comes last."""
    if isinstance(step, Leave):
        return ()
    if isinstance(step, Split):
        return tuple(share.next_id for share in step.shares)
    if isinstance(step, WaitFor):
        return (*(way.next_id for way in step.ways), step.next_id)
    if isinstance(step, Branch):
        return (*(fork.next_id for fork in step.forks), step.next_id)
    return (step.next_id,)
