"""What we take and answer about what would be: estimates and the catalogue."""

from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from api import member_examples as examples
from api.discounting import BasketOut, basket_out
from api.distances import told
from api.estimating import Estimate, Trial
from api.gains import RuleGain
from api.responses import OfferOut, offer_out, shown
from api.rule_doubts import Doubt
from loyalty.events import PLACED
from loyalty.limits import OFFERS_MAX
from schemas.event_bodies import OrderIn, Strict
from schemas.json_values import Id

RULES_SHOWN_MAX: Final = 200


# The validator says the same in words.
PLACED_ONLY: Final[list[dict[str, Any]]] = [
    {"properties": {"order": {"properties": {"kind": {"const": "PLACED"}}}}}
]


class EstimateIn(Strict):
    """An order that may be, and rewards that the guest thinks of."""

    model_config = Strict.shown(examples.ESTIMATE_IN, allOf=PLACED_ONLY)

    order: OrderIn
    offer_ids: Annotated[list[Id], Field(max_length=OFFERS_MAX)] = []  # noqa: RUF012 - a model copies its defaults

    @model_validator(mode="after")
    def _is_placed(self) -> Self:
        if self.order.kind != PLACED:
            raise ValueError("only an order that is placed can be estimated")
        return self


class RuleOut(BaseModel):
    """What a rule gives, and what it would give without caps."""

    rule_id: str
    wallet: str
    points: int
    pending: int
    of_budget: int
    before_caps: int
    limited_by: list[str]


class DistanceOut(BaseModel):
    """How much of a unit is missing after the order, and when it is too late."""

    missing: int
    unit: str
    until: str | None
    text: str


class WithoutOut(BaseModel):
    """A rule that gives nothing, why, and how far it is from giving."""

    rule_id: str
    reason: str
    why_not: str
    distance: DistanceOut | None


class WalletGainOut(BaseModel):
    """What the order does to a wallet."""

    wallet: str
    earned: int
    pending: int
    balance_before: int
    balance_after: int


class RewardOut(BaseModel):
    """A reward at the member's own cost, and whether it can be taken now."""

    reward_id: str
    name: str
    cost_points: int
    wallet: str
    balance: int
    affordable: bool
    points_missing: int
    available: bool
    reason: str | None
    why_not: str | None


class RewardsOut(BaseModel):
    """The catalogue as one member sees it, in the program's order."""

    model_config = Strict.shown(examples.REWARDS, allOf=PLACED_ONLY)

    items: list[RewardOut]
    next_cursor: str | None


class EstimateOut(BaseModel):
    """What an order would do if it came now; `version` is the member's."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.ESTIMATE]})

    member_id: str
    version: int
    why: str
    rules: list[RuleOut]
    rules_without: list[WithoutOut]
    rules_left_out: int
    wallets: list[WalletGainOut]
    tier_before: str
    tier_after: str
    offers_after: list[OfferOut]
    offers: list[RewardOut]
    basket: BasketOut | None


def estimate_out(
    version: int, estimate: Estimate, offers: list[RewardOut]
) -> EstimateOut:
    """Estimate as the API shows it."""
    left_out = max(len(estimate.gains) - RULES_SHOWN_MAX, 0)
    left_out += max(len(estimate.doubts) - RULES_SHOWN_MAX, 0)
    return EstimateOut(
        member_id=estimate.after.member_id,
        version=version,
        why=estimate.why,
        rules=[_rule(gain) for gain in estimate.gains[:RULES_SHOWN_MAX]],
        rules_without=[
            _without(doubt, estimate) for doubt in estimate.doubts[:RULES_SHOWN_MAX]
        ],
        rules_left_out=left_out,
        wallets=[WalletGainOut(**one._asdict()) for one in estimate.wallets],
        tier_before=estimate.before.tier,
        tier_after=estimate.after.tier,
        offers_after=[offer_out(offer) for offer in estimate.after.offers],
        offers=offers,
        basket=None if estimate.basket is None else basket_out(estimate.basket),
    )


def reward_out(trial: Trial) -> RewardOut:
    """Reward as the API shows it."""
    missing = max(trial.cost - trial.balance, 0)
    return RewardOut(
        reward_id=trial.reward.offer_id,
        name=trial.reward.name,
        cost_points=trial.cost,
        wallet=trial.reward.wallet,
        balance=trial.balance,
        affordable=missing == 0,
        points_missing=missing,
        available=not trial.reason,
        reason=trial.reason or None,
        why_not=trial.detail or None,
    )


def _without(doubt: Doubt, estimate: Estimate) -> WithoutOut:
    found = estimate.distances.get(doubt.rule_id)
    distance = None
    if found is not None:
        distance = DistanceOut(
            missing=found.missing,
            unit=found.unit,
            until=shown(found.until) if found.until else None,
            text=told(found, estimate.program),
        )
    return WithoutOut(
        rule_id=doubt.rule_id,
        reason=doubt.reason,
        why_not=doubt.detail,
        distance=distance,
    )


def _rule(gain: RuleGain) -> RuleOut:
    return RuleOut(
        rule_id=gain.rule_id,
        wallet=gain.wallet,
        points=gain.points,
        pending=gain.pending,
        of_budget=gain.claimed,
        before_caps=gain.uncapped,
        limited_by=list(gain.limits),
    )
