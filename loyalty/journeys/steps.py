"""Steps of a journey as data: what each does, and where it leads to."""

from typing import Final, NamedTuple

from loyalty.conditions import ANY_TIME, MEMBER, When
from loyalty.engagement.rules import HELD
from loyalty.frequency import FrequencyCap
from loyalty.rules import POINTS

# What can happen; a return is a refund or a cancellation of the journey's order.
ORDER: Final = "order"
ACTIVITY: Final = "activity"
TIER: Final = "tier"
SEGMENT: Final = "segment"
COMMAND: Final = "command"
RETURN: Final = "return"
TRIGGER: Final = "trigger"

# The step after the last one.
END: Final = ""
NO_MINUTE: Final = -1
ANY: Final = -1


class Occasion(NamedTuple):
    """
    Something that happens and that a journey looks for.

    `name` is the type of an activity or command, or the id of a trigger;
    `tiers` those that a tier may have changed to, empty is any. Of segments it is
    enough to have come into one of `joins`, or out of one of `leaves`.
    """

    kind: str
    name: str = ""
    attributes: tuple[tuple[str, str], ...] = ()
    minimum_minor: int = 0
    tiers: frozenset[str] = frozenset()
    when: When = ANY_TIME
    joins: frozenset[str] = frozenset()
    leaves: frozenset[str] = frozenset()


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

    `by_habit` waits for the hour at which the member mostly orders, or where that is
    not known yet for `else_minute` of the day (-1: it does not wait). `frequency`
    says how the caps on all messages apply, `own_frequency` is the step's own.
    """

    step_id: str
    next_id: str
    template_id: str
    channels: tuple[str, ...]
    expires_ms: int
    values: tuple[tuple[str, str], ...] = ()
    by_habit: bool = False
    else_minute: int = NO_MINUTE
    frequency: str = HELD
    own_frequency: FrequencyCap | None = None


class Give(NamedTuple):
    """Points of a wallet come, or a personal offer (then there are 0 points)."""

    step_id: str
    next_id: str
    points: int
    wallet: str = POINTS
    offer_id: str = ""


class Leave(NamedTuple):
    """The journey ends here."""

    step_id: str
    reason: str = ""


JourneyStep = Wait | WaitFor | Branch | Split | Send | Give | Leave


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
