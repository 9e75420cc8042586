"""A program: one version of a chain's rules, and the history of all versions."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Final, Protocol

from loyalty.baskets.document import BasketRules
from loyalty.benefits import (
    AutoRedeem,
    Gift,
    PointsPayment,
    Referral,
    RewardOffer,
    Store,
    TransferPolicy,
)
from loyalty.budgets import Budget
from loyalty.code_pools import CodePool
from loyalty.conditions import TRANSACTION, LineMatch
from loyalty.engagement.rules import (
    ANY_HOUR,
    EngagementPolicy,
    Trigger,
)
from loyalty.engagement.trigger_index import TriggerIndex, index_of
from loyalty.expiry import SLIDING
from loyalty.histories import HistoryRule, histories_of
from loyalty.journeys.journey import Journey
from loyalty.messages import MARKETING, MessageTemplate
from loyalty.personal_rules import PersonalRule
from loyalty.rule_index import RuleIndex
from loyalty.rules import (
    SUM,
    BonusRule,
    ChallengeRule,
    EarnRule,
    OrderRule,
    StreakRule,
    variants_of,
)
from loyalty.terms import Terms, terms_of
from loyalty.wallets import Tier, TierPolicy, Wallet
from loyalty.zones import UTC, Zone

TIERS_BY_POINTS: Final = TierPolicy()
SAME_RATE_BP: Final = 10_000
BEFORE_TAX: Final = "before_tax"
AFTER_TAX: Final = "after_tax"
# Whether what was paid with points (reservations of the order) earns too.
PRICE: Final = "price"
PAID: Final = "paid"
# What may be muted whole, beside single personal offers.
TRIGGERS: Final = "/triggers"
JOURNEYS: Final = "/journeys"
# How many points a return takes: what its own money would earn in whole steps,
# all but what the rest would earn, or its share of what was earned, rounded down.
DEDUCT_DOWN: Final = "deduct_down"
KEEP_DOWN: Final = "keep_down"
SHARE_DOWN: Final = "share_down"


class Programs(Protocol):
    """All versions of a program; a program alone is a history of one."""

    def at(self, time: int) -> "Program":
        """Version in force at a time; before the first one, the first."""

    @property
    def latest(self) -> "Program":
        """Version with the latest start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """
    One version of a chain's loyalty rules.

    Tiers are sorted by `from_points`, the first from 0; the first wallet is the
    one that offers and tiers look at. Local times of the program are those of
    `zone`. Whatever happened in the last `return_window_days` can still be put
    right: returned, or arrive late.
    """

    program_id: str
    version: int
    effective_from: int
    currency: str
    zone: Zone = UTC
    zones: Mapping[str, Zone] = field(default_factory=dict)
    stores: tuple[Store, ...] = ()
    conflict: str = SUM
    bonus_conflict: str = SUM
    tax_basis: str = BEFORE_TAX
    earn_on: str = PRICE
    prices_include_tax: bool = False
    return_window_days: int = 60
    unmerge_days: int = 30
    return_rounding: str = DEDUCT_DOWN
    wallets: tuple[Wallet, ...] = (Wallet("points", "Points"),)
    earn_rules: tuple[EarnRule, ...] = ()
    bonus_rules: tuple[BonusRule, ...] = ()
    streaks: tuple[StreakRule, ...] = ()
    challenges: tuple[ChallengeRule, ...] = ()
    tiers: tuple[Tier, ...] = ()
    tier_policy: TierPolicy = TIERS_BY_POINTS
    offers: tuple[RewardOffer, ...] = ()
    auto_redeem: tuple[AutoRedeem, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    engagement: EngagementPolicy = ANY_HOUR
    templates: tuple[MessageTemplate, ...] = ()
    journeys: tuple[Journey, ...] = ()
    gifts: tuple[Gift, ...] = ()
    referral: Referral | None = None
    transfers: TransferPolicy | None = None
    payment: PointsPayment | None = None
    budgets: tuple[Budget, ...] = ()
    holdout_percent: int = 0
    personal_offers: tuple[PersonalRule, ...] = ()
    code_pools: tuple[CodePool, ...] = ()
    # Lines that are remembered before any rule asks for them.
    remembered: tuple[LineMatch, ...] = ()
    # What a basket is discounted by: estimates ask, orders tell what was used.
    baskets: BasketRules | None = None
    # Personal offers, triggers and journeys that an event is decided without: see
    # `fencing`.
    muted: frozenset[str] = field(default=frozenset(), repr=False, compare=False)
    # Derived once, so that no event has to search.
    rules: dict[str, OrderRule] = field(init=False, repr=False, compare=False)
    # Of each rule that earns and each bonus.
    terms: dict[str, Terms] = field(init=False, repr=False, compare=False)
    wallet_by_id: dict[str, Wallet] = field(init=False, repr=False, compare=False)
    store_zone: dict[str, Zone] = field(init=False, repr=False, compare=False)
    budget_by_id: Mapping[str, Budget] = field(init=False, repr=False, compare=False)
    pool_by_id: Mapping[str, CodePool] = field(init=False, repr=False, compare=False)
    histories: tuple[HistoryRule, ...] = field(init=False, repr=False, compare=False)
    index: RuleIndex = field(init=False, repr=False, compare=False)
    trigger_index: TriggerIndex = field(init=False, repr=False, compare=False)
    # Whether anything needs more than a look at the balance.
    engages: bool = field(init=False, repr=False, compare=False)
    purposes: Mapping[str, str] = field(init=False, repr=False, compare=False)
    has_tier_rates: bool = field(init=False, repr=False, compare=False)
    has_trials: bool = field(init=False, repr=False, compare=False)
    has_sliding_wallets: bool = field(init=False, repr=False, compare=False)
    warns_of_expiry: bool = field(init=False, repr=False, compare=False)
    release_types: frozenset[str] = field(init=False, repr=False, compare=False)
    transaction_keys: frozenset[str] = field(init=False, repr=False, compare=False)
    template_by_id: Mapping[str, MessageTemplate] = field(
        init=False, repr=False, compare=False
    )
    journey_by_id: Mapping[str, Journey] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index what events look up."""
        rules: dict[str, OrderRule] = {
            rule.rule_id: rule
            for group in (
                self.earn_rules,
                self.bonus_rules,
                self.streaks,
                self.challenges,
            )
            for rule in group
        }
        wallets = {wallet.wallet_id: wallet for wallet in self.wallets}
        zones = {store.store_id: self.zones[store.time_zone] for store in self.stores}
        asked = [rule.when for rule in (*rules.values(), *self.personal_offers)]
        matches = [one.match for when in asked for one in when.bought]
        histories = histories_of((*self.remembered, *matches))
        object.__setattr__(self, "histories", histories)
        rules.update({one.rule_id: one for one in histories})
        met = tuple(rules.values())
        for rule in met:
            rules.update(variants_of(rule))
        object.__setattr__(self, "rules", rules)
        object.__setattr__(self, "terms", terms_of(rules))
        object.__setattr__(self, "wallet_by_id", wallets)
        object.__setattr__(self, "store_zone", zones)
        stocks = [offer.stock for offer in self.offers if offer.stock is not None]
        limits = [one.budget for one in self.personal_offers if one.budget is not None]
        pools = [pool.budget for pool in self.code_pools]
        owned = (*self.budgets, *stocks, *limits, *pools)
        budgets = {budget.budget_id: budget for budget in owned}
        object.__setattr__(self, "budget_by_id", budgets)
        by_id = {pool.pool_id: pool for pool in self.code_pools}
        object.__setattr__(self, "pool_by_id", by_id)
        object.__setattr__(self, "index", RuleIndex(met))
        has_trials = any(rule.trial is not None for rule in met)
        object.__setattr__(self, "has_trials", has_trials or self.holdout_percent > 0)
        object.__setattr__(self, "trigger_index", index_of(self.triggers))
        engages = any(not trigger.is_plain for trigger in self.triggers) or any(
            journey.asks_habit for journey in self.journeys
        )
        object.__setattr__(self, "engages", engages)
        purposes = {one.template_id: one.purpose for one in self.templates}
        object.__setattr__(self, "purposes", purposes)
        has_rates = any(tier.earn_bp != SAME_RATE_BP for tier in self.tiers)
        object.__setattr__(self, "has_tier_rates", has_rates)
        slides = any(wallet.expiry.kind == SLIDING for wallet in self.wallets)
        object.__setattr__(self, "has_sliding_wallets", slides)
        warns = any(wallet.warn_ms for wallet in self.wallets)
        object.__setattr__(self, "warns_of_expiry", warns)
        pending = [rule.pending for rule in self.earn_rules]
        pending += [rule.pending for rule in self.bonus_rules]
        releases = {one.release_on for one in pending if one is not None}
        object.__setattr__(self, "release_types", frozenset(releases - {""}))
        object.__setattr__(self, "transaction_keys", _transaction_keys(self))
        templates = {one.template_id: one for one in self.templates}
        object.__setattr__(self, "template_by_id", templates)
        journeys = {one.journey_id: one for one in self.journeys}
        object.__setattr__(self, "journey_by_id", journeys)

    def _copied(self) -> "Program":
        """Another one of the same parts, indexes and all."""
        # `copy` would set attributes, which a frozen class refuses when compiled.
        other = Program(program_id="", version=0, effective_from=0, currency="")
        for one in fields(self):
            object.__setattr__(other, one.name, getattr(self, one.name))
        return other

    def meeting_none_of(self, rule_ids: frozenset[str]) -> "Program":
        """Itself, but new orders and acts do not meet some rules; old ones have."""
        program = self._copied()
        all_rules: tuple[OrderRule, ...] = (
            *self.earn_rules,
            *self.bonus_rules,
            *self.streaks,
            *self.challenges,
            *self.histories,
        )
        met = [rule for rule in all_rules if rule.rule_id not in rule_ids]
        object.__setattr__(program, "index", RuleIndex(met))
        return program

    def muting(self, names: frozenset[str]) -> "Program":
        """Itself, but some offers, all triggers or all journeys keep still."""
        program = self._copied()
        object.__setattr__(program, "muted", names)
        return program

    def at(self, _: int) -> "Program":
        """Itself: a program alone is in force at all times."""
        return self

    @property
    def latest(self) -> "Program":
        """Itself."""
        return self

    def purpose_of(self, template_id: str) -> str:
        """What messages of a template are for; of one that is gone, marketing."""
        return self.purposes.get(template_id, MARKETING)

    @property
    def wallet_id(self) -> str:
        """Id of the first wallet."""
        return self.wallets[0].wallet_id

    @property
    def wallet(self) -> Wallet:
        """First wallet: the one that offers and tiers look at."""
        return self.wallets[0]


def _transaction_keys(program: Program) -> frozenset[str]:
    """Keys of all caps that begin anew with each order or act."""
    caps = [cap for wallet in program.wallets for cap in wallet.caps]
    caps += [cap for earn in program.earn_rules for cap in earn.caps]
    caps += [cap for bonus in program.bonus_rules for cap in bonus.caps]
    return frozenset({cap.key for cap in caps if cap.period == TRANSACTION})


class ProgramHistory:
    """All versions of a program: each event is judged by the one of its time."""

    def __init__(self, versions: list[Program]) -> None:
        """Sort the versions by the time from which they hold."""
        if not versions:
            raise ValueError("a program has at least one version")
        self._versions = sorted(versions, key=lambda p: (p.effective_from, p.version))
        self._from = [program.effective_from for program in self._versions]
        self._latest = self._versions[-1]
        self._latest_from = self._latest.effective_from

    def at(self, time: int) -> Program:
        """Version in force at a time; before the first one, the first."""
        if time >= self._latest_from:
            return self._latest
        return self._versions[max(bisect_right(self._from, time) - 1, 0)]

    @property
    def latest(self) -> Program:
        """Version with the latest start."""
        return self._latest
