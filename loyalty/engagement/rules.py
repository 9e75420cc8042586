"""Triggers: on which occasion, after which time, what is sent and given."""

from typing import Final, NamedTuple

from loyalty.conditions import ANY_TIME, When
from loyalty.facts import FIRST_WALLET
from loyalty.frequency import FrequencyCap
from loyalty.messages import MessageValue
from loyalty.windows import ALWAYS, DayPart, Window

NEAR_REWARD: Final = "near_reward"
ORDER: Final = "order"
ACTIVITY: Final = "activity"
GEOFENCE_ENTER: Final = "geofence_enter"
ORDER_READY: Final = "order_ready"
TIER_UP: Final = "tier_up"
OFFER_GRANTED: Final = "offer_granted"
OFFER_VIEWED: Final = "offer_viewed"
ABANDONED_BASKET: Final = "abandoned_basket"
SEQUENCE: Final = "sequence"
LAPSED: Final = "lapsed"
POINTS_EXPIRING: Final = "points_expiring"
TIER_EXPIRING: Final = "tier_expiring"
BIRTHDAY: Final = "birthday"
ANNIVERSARY: Final = "anniversary"
STREAK_AT_RISK: Final = "streak_at_risk"
TRIGGER_KINDS: Final = (
    NEAR_REWARD,
    ORDER,
    ACTIVITY,
    GEOFENCE_ENTER,
    ORDER_READY,
    TIER_UP,
    OFFER_GRANTED,
    OFFER_VIEWED,
    ABANDONED_BASKET,
    SEQUENCE,
    LAPSED,
    POINTS_EXPIRING,
    TIER_EXPIRING,
    BIRTHDAY,
    ANNIVERSARY,
    STREAK_AT_RISK,
)
# Kinds whose time comes by itself: worked out from the member at every event.
DERIVED: Final = frozenset(
    {LAPSED, POINTS_EXPIRING, TIER_EXPIRING, BIRTHDAY, ANNIVERSARY, STREAK_AT_RISK}
)
OF_OFFERS: Final = frozenset({OFFER_GRANTED, OFFER_VIEWED})
OF_SEQUENCES: Final = frozenset({ABANDONED_BASKET, SEQUENCE})
OF_ACTS: Final = frozenset({ACTIVITY, GEOFENCE_ENTER, ORDER_READY, OFFER_VIEWED})
# What stands for an order where a sequence names acts.
AN_ORDER: Final = "order"
ANY_CHANNEL: Final[frozenset[str]] = frozenset()
# How the caps on all messages apply to one: they hold it and count it, they only
# count it, or they are not asked at all.
HELD: Final = "held"
COUNTED: Final = "counted"
EXEMPT: Final = "exempt"
CAP_CHOICES: Final = (HELD, COUNTED, EXEMPT)


class Act(NamedTuple):
    """
    An act of a type, or an order, with certain attributes.

    Numbers among them may be asked to be `at_least`, or `at_most`, so much. `also`
    are other names of the type that mean the same.
    """

    type: str
    attributes: tuple[tuple[str, str], ...] = ()
    at_least: tuple[tuple[str, int], ...] = ()
    at_most: tuple[tuple[str, int], ...] = ()
    also: tuple[str, ...] = ()


class Delay(NamedTuple):
    """
    How long after an occasion: exactly `ms`, or on a local day and clock.

    With `at_minute` it is that minute of the day, `days` calendar days later; -1
    is an exact time.
    """

    ms: int = 0
    days: int = 0
    at_minute: int = -1


class Announcement(NamedTuple):
    """
    A message that a step sends, on each of its channels.

    `by_habit` waits for the hour at which the member mostly orders, or where that is
    not known yet for `else_minute` of the day (-1: it does not wait). `urgent` ones,
    of a service, go out at any hour and count for no cap. After `expires_ms` it
    is too late. `frequency` says how the caps on all messages apply to it,
    `own_frequency` is a cap on no others than those of the same sender.
    """

    template_id: str
    channels: tuple[str, ...]
    values: tuple[MessageValue, ...] = ()
    by_habit: bool = False
    urgent: bool = False
    expires_ms: int = 86_400_000
    else_minute: int = -1
    frequency: str = HELD
    own_frequency: FrequencyCap | None = None


class TriggerStep(NamedTuple):
    """What is done some time after the occasion; without a message, only told."""

    delay: Delay = Delay()
    message: Announcement | None = None
    points: int = 0
    wallet: str = FIRST_WALLET


ONE_STEP: Final = (TriggerStep(),)


class Trigger(NamedTuple):
    """
    A trigger: see `docs/program-rules.md` for what each kind looks at.

    `within_ms` is the time of a sequence, or before an end; `days` of lapsed ones,
    or from a birthday; `rhythm_bp` times the member's own gap between orders.
    """

    trigger_id: str
    kind: str
    offer_id: str = ""
    within_points: int = 0
    cooldown_ms: int = 0
    when: When = ANY_TIME
    steps: tuple[TriggerStep, ...] = ONE_STEP
    priority: int = 0
    holdout_percent: int = 0
    within_ms: int = 0
    minimum_minor: int = 0
    first: Act = Act("")
    then: Act = Act("")
    without: Act = Act("")
    days: int = 0
    days_min: int = 0
    days_max: int = 0
    rhythm_bp: int = 0
    at_minute: int = 0
    wallet: str = FIRST_WALLET
    streak_id: str = ""
    length_min: int = 1

    @property
    def is_plain(self) -> bool:
        """Whether it is near a reward and only told: nothing is remembered for it."""
        return self.kind == NEAR_REWARD and self.steps == ONE_STEP and not self.asks

    @property
    def gives(self) -> bool:
        """Whether any of its steps gives points."""
        return any(step.points for step in self.steps)

    @property
    def asks(self) -> bool:
        """Whether it depends on more than its kind says."""
        return self.when is not ANY_TIME or self.holdout_percent > 0


def near_reward(
    trigger_id: str, offer_id: str, within_points: int, *, cooldown_ms: int = 0
) -> Trigger:
    """Trigger that tells when the balance comes near an offer's cost."""
    return Trigger(trigger_id, NEAR_REWARD, offer_id, within_points, cooldown_ms)


class SendCap(NamedTuple):
    """How often messages on some channels, of some purposes, may go; empty is all."""

    cap: FrequencyCap
    channels: frozenset[str] = ANY_CHANNEL
    purposes: frozenset[str] = ANY_CHANNEL

    def covers(self, channel: str, purpose: str) -> bool:
        """Whether a message counts for it."""
        return (not self.channels or channel in self.channels) and (
            not self.purposes or purpose in self.purposes
        )


class EngagementPolicy(NamedTuple):
    """
    When messages may go to a member, and to whom none go.

    Never in `quiet` (a part of each local day), only within `window`. Marketing
    needs a consent but on the `assumed` channels, where it needs only that there
    is no refusal.
    """

    quiet: DayPart | None = None
    window: Window = ALWAYS
    assumed: frozenset[str] = ANY_CHANNEL
    caps: tuple[SendCap, ...] = ()
    holdout_percent: int = 0


ANY_HOUR: Final = EngagementPolicy()
