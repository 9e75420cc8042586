"""Shapes of what others may see of a member."""

from typing import NamedTuple


class LotView(NamedTuple):
    """Points that end together."""

    points: int
    expires_at: int


class WalletView(NamedTuple):
    """How one wallet stands."""

    wallet_id: str
    name: str
    unit: str
    balance: int
    pending: int
    held: int
    debt: int
    lots: tuple[LotView, ...]


class OfferView(NamedTuple):
    """One offer, as an app shows it."""

    offer_id: str
    name: str
    cost_points: int
    granted_at: int
    expires_at: int
    why: str
    wallet: str = "points"


class PersonalView(NamedTuple):
    """
    One personal offer, as it was given; apps ask for them ranked.

    `number` is that of its code in the pool, -1 if it has none.
    """

    offer_id: str
    name: str
    category: str
    granted_at: int
    expires_at: int
    why: str
    pool_id: str = ""
    number: int = -1


class WithheldView(NamedTuple):
    """
    An offer in reach that a member has not, the first reason, and what is missing.

    `missing` counts points of a reward or orders; `from_at` is when time alone will
    do, `until_at` when it is given last, 0 is never.
    """

    offer_id: str
    reason: str
    detail: str
    missing: int
    from_at: int
    until_at: int


class StreakView(NamedTuple):
    """Periods in a row so far, and orders in the latest one."""

    rule_id: str
    length: int
    target: int
    orders: int
    orders_min: int


class ChallengeView(NamedTuple):
    """How far towards a goal."""

    rule_id: str
    goal: str
    progress: int
    target: int
    completed: int
    joined: bool


class ReservationView(NamedTuple):
    """Points set aside."""

    reservation_id: str
    wallet: str
    points: int
    expires_at: int
    reward_id: str


class ConsentView(NamedTuple):
    """What the member said last about a channel and a purpose, and its proof."""

    channel: str
    purpose: str
    given: bool
    at: int
    source: str
    text_version: str


class MemberView(NamedTuple):
    """How a member stands; times in ms since 1970. `balance` is the first wallet's."""

    member_id: str
    version: int
    as_of: int
    balance: int
    pending: int
    debt: int
    tier: str
    tier_points: int
    tier_until: int
    next_tier: str | None
    points_to_next_tier: int
    projected_tier: str
    projected_at: int
    points_to_stay: int
    lots: tuple[LotView, ...]
    offers: tuple[OfferView, ...]
    wallets: tuple[WalletView, ...] = ()
    streaks: tuple[StreakView, ...] = ()
    challenges: tuple[ChallengeView, ...] = ()
    badges: tuple[str, ...] = ()
    reservations: tuple[ReservationView, ...] = ()
    consents: tuple[ConsentView, ...] = ()
    merged_into: str = ""
    merged: tuple[str, ...] = ()
    personal_offers: tuple[PersonalView, ...] = ()
    withheld: tuple[WithheldView, ...] = ()
