"""What we remember of a member; see `limits` for how much."""

from typing import Final, NamedTuple

from loyalty.bought import BoughtItem
from loyalty.engagement.remembered import Engagement
from loyalty.experiments import Exposed
from loyalty.facts import FIRST_WALLET, ActFact, OrderFact
from loyalty.journeys.remembered import JourneyRun, PastJourney
from loyalty.links import NO_MERGING, Guest, Merging
from loyalty.personal_rules import Given, PersonalOffer


class PointsLot(NamedTuple):
    """
    Points earned together: they expire and are taken back together.

    Of an order (`order_id`) or of something else that `reference` names. `origin`
    names the members that it came through in merges, the latest last.
    """

    points: int
    earned: int
    earned_at: int
    expires_at: int
    order_id: str
    rule_id: str
    rule_version: int = 0
    wallet: str = FIRST_WALLET
    line_id: str = ""
    reference: str = ""
    origin: tuple[str, ...] = ()

    @property
    def lot_id(self) -> str:
        """Unique in the member, and the same in every replay."""
        return lot_id_of(self)


def lot_id_of(lot: PointsLot) -> str:
    """Property `lot_id` where each lot asks: compiled, a property is slow."""
    return f"{lot.rule_id}/{lot.order_id or lot.reference}"


class PendingLot(NamedTuple):
    """Points that are earned but not usable yet; `usable_at` 0 waits for an act."""

    lot: PointsLot
    usable_at: int
    release_on: str
    cancel_at: int


class Debt(NamedTuple):
    """Points of a wallet that were used and then taken back."""

    wallet: str
    points: int


class Counter(NamedTuple):
    """How much of a cap is used in a period (its ordinal), and when last."""

    key: str
    ordinal: int
    points: int
    times: int
    last_at: int


class EarnedDay(NamedTuple):
    """What counts for tiers in one bucket: a day, or a longer period."""

    day: int
    points: int


class Streak(NamedTuple):
    """Periods in a row; `orders` counts those of period `ordinal`."""

    rule_id: str
    ordinal: int
    orders: int
    length: int


class Challenge(NamedTuple):
    """How far a member is; `started_at` 0 has not begun."""

    rule_id: str
    started_at: int
    ordinal: int
    progress: int
    completed: int


class Badge(NamedTuple):
    """Something earned for good."""

    badge: str
    earned_at: int


# What a hold waits for a unit of a reward's stock for, or that it has one.
TO_REDEEM: Final = "redeem"
TO_RESERVE: Final = "reserve"
GIVEN: Final = "given"


class Hold(NamedTuple):
    """
    Points set aside for a till, in the lots that they came from.

    `stock` is empty where the reward has none; else TO_REDEEM or TO_RESERVE
    while a unit is waited for, and GIVEN from then on. `store_id` is where the
    unit was asked for.
    """

    hold_id: str
    wallet: str
    points: int
    held_at: int
    expires_at: int
    reward_id: str
    lots: tuple[PointsLot, ...]
    stock: str = ""
    store_id: str = ""

    @property
    def waits(self) -> bool:
        """Whether a unit of a stock is still waited for."""
        return self.stock in {TO_REDEEM, TO_RESERVE}


class State(NamedTuple):
    """
    All that a sequence of facts comes to, as of `clock_at`.

    `lots` are sorted by (expires_at, earned_at, lot_id), never-expiring ones
    last. `next_due_at` is when something changes by itself, 0 is never. What comes
    to a member with `passed_to` goes on to that one, as part of merge `passage`.
    """

    clock_at: int = 0
    next_due_at: int = 0
    lots: tuple[PointsLot, ...] = ()
    earned_days: tuple[EarnedDay, ...] = ()
    tier: str = ""
    tier_since: int = 0
    tier_until: int = 0
    tier_due_at: int = 0
    tier_next: str = ""
    tier_kept: str = ""
    since_at: int = 0
    active_at: int = 0
    order_count: int = 0
    counters: tuple[Counter, ...] = ()
    pending: tuple[PendingLot, ...] = ()
    holds: tuple[Hold, ...] = ()
    debts: tuple[Debt, ...] = ()
    streaks: tuple[Streak, ...] = ()
    challenges: tuple[Challenge, ...] = ()
    badges: tuple[Badge, ...] = ()
    expired: tuple[PointsLot, ...] = ()
    referred_by: str = ""
    pool_id: str = ""
    time_zone: str = ""
    passed_to: str = ""
    passage: str = ""
    guests: tuple[Guest, ...] = ()
    bought: tuple[BoughtItem, ...] = ()


class HeldOffer(NamedTuple):
    """An offer that the member can use."""

    offer_id: str
    granted_at: int
    expires_at: int


class FiredTrigger(NamedTuple):
    """A trigger that fired and cools down."""

    trigger_id: str
    fired_at: int


class SeenEvent(NamedTuple):
    """An activity or command that must not count twice."""

    digest: bytes
    occurred_at: int


class Profile(NamedTuple):
    """What is known of the person and needed for decisions; months and days from 1."""

    joined_at: int = 0
    birth_month: int = 0
    birth_day: int = 0
    time_zone: str = ""
    segments: tuple[str, ...] = ()


NEW_STATE: Final = State()
NO_PROFILE: Final = Profile()


class Member(NamedTuple):
    """
    All that is remembered of one member, as of `version` events.

    `state` is always what `base` and the facts since come to, in the order of
    their times: so a late order or a return is put right by going through them
    again. Facts up to `horizon_at` are in `base` and closed. `orders` and
    `acts` are sorted by time, then id. Times in ms since 1970.
    """

    next_due_at: int = 0
    version: int = 0
    clock_at: int = 0
    horizon_at: int = 0
    activity_horizon_at: int = 0
    state: State = NEW_STATE
    base: State = NEW_STATE
    orders: tuple[OrderFact, ...] = ()
    acts: tuple[ActFact, ...] = ()
    offers: tuple[HeldOffer, ...] = ()
    fired: tuple[FiredTrigger, ...] = ()
    recent: tuple[SeenEvent, ...] = ()
    profile: Profile = NO_PROFILE
    gift_at: int = 0
    warned_until: int = 0
    engagement: Engagement | None = None
    journeys: tuple[JourneyRun, ...] = ()
    past_journeys: tuple[PastJourney, ...] = ()
    merging: Merging = NO_MERGING
    exposed: tuple[Exposed, ...] = ()
    personal: tuple[PersonalOffer, ...] = ()
    given: tuple[Given, ...] = ()

    @property
    def lots(self) -> tuple[PointsLot, ...]:
        """Lots of all wallets, soonest expiry first."""
        return self.state.lots

    @property
    def tier(self) -> str:
        """Id of the tier reached, empty if the program has none."""
        return self.state.tier


NEW_MEMBER: Final = Member()


def balance_of(lots: tuple[PointsLot, ...], wallet: str = FIRST_WALLET) -> int:
    """Points of a wallet that can be used."""
    balance = 0
    for lot in lots:
        if lot.wallet == wallet:
            balance += lot.points
    return balance


def debt_of(state: State, wallet: str = FIRST_WALLET) -> int:
    """Points of a wallet that were used and then taken back."""
    for debt in state.debts:
        if debt.wallet == wallet:
            return debt.points
    return 0
