"""The rules of a program from its document: each kind, one function."""

from typing import Final

from loyalty.benefits import (
    BIRTHDAY,
    AutoRedeem,
    Gift,
    NearReward,
    PointsPayment,
    Referral,
    RewardOffer,
)
from loyalty.condition_documents import (
    Context,
    basis_points,
    caps,
    condition,
    line_match,
    minimum_minor,
    pending,
)
from loyalty.conditions import DOWN, NEAREST, UP
from loyalty.document import Node
from loyalty.formula import Formula, parse
from loyalty.formula_text import FormulaFault
from loyalty.limits import DAY_MS, POINTS_MAX, WINDOW_DAYS_MAX
from loyalty.periods import DAY, MONTH, QUARTER, WEEK, YEAR
from loyalty.rules import (
    ACTIVITY,
    ADD,
    FORMULA,
    GOAL_ORDERS,
    GOAL_SPEND,
    GOAL_UNITS,
    ITEMS,
    MULTIPLY,
    POINTS,
    SPEND,
    VISIT,
    BonusRule,
    ChallengeRule,
    EarnRule,
    StreakRule,
)
from loyalty.time_documents import expiry, moment
from loyalty.wallets import ANNIVERSARY

RULE_POINTS_MAX: Final = 1_000_000
FACTOR_BP_MAX: Final = 1_000_000
MINUTE_MS: Final = 60_000
# What a formula may look at: money in minor units, units, lines.
FORMULA_NAMES: Final = {
    "amount": "number",
    "quantity": "number",
    "subtotal": "number",
    "total": "number",
    "lines": "number",
}


def earn_rule(node: Node, context: Context) -> EarnRule:
    """Read how an order or an act earns."""
    rule_id = _id(node)
    kind = node.choice("kind", (SPEND, ITEMS, VISIT, FORMULA, ACTIVITY))
    fallback = 0 if kind == FORMULA else None
    rule = EarnRule(
        rule_id=rule_id,
        kind=kind,
        points=node.number(
            "points",
            minimum=0 if kind == FORMULA else 1,
            maximum=RULE_POINTS_MAX,
            default=fallback,
        ),
        step_minor=node.number("step_minor", minimum=1, default=100),
        rounding=node.choice("rounding", (DOWN, NEAREST, UP)),
        minimum_minor=minimum_minor(node),
        match=line_match(node.part("match")),
        wallet=node.text("wallet", default=POINTS),
        when=condition(node.part("when"), context),
        caps=caps(node, rule_id),
        cooldown_ms=_minutes(node, "cooldown_minutes"),
        pending=pending(node),
        budget_id=node.text("budget", default=""),
        activity=node.text("activity", default=""),
        attributes=_attributes(node),
        formula=_formula(node),
        expiry=expiry(node.part("expiry")) if node.has("expiry") else None,
    )
    if (kind == ACTIVITY) != bool(rule.activity):
        node.fault("activity", "belongs to rules of kind activity, and they need it")
    if (kind == FORMULA) != node.has("formula"):
        node.fault("formula", "belongs to rules of kind formula, and they need it")
    return rule


def bonus_rule(node: Node, context: Context) -> BonusRule:
    """Read what comes on top of base points."""
    rule_id = _id(node)
    kind = node.choice("kind", (MULTIPLY, ADD))
    rule = BonusRule(
        rule_id=rule_id,
        kind=kind,
        factor_bp=basis_points(node, "factor", default="1", maximum=FACTOR_BP_MAX),
        points=node.number("points", default=0, maximum=RULE_POINTS_MAX),
        minimum_minor=minimum_minor(node),
        match=line_match(node.part("match")),
        wallet=node.text("wallet", default=POINTS),
        when=condition(node.part("when"), context),
        caps=caps(node, rule_id),
        cooldown_ms=_minutes(node, "cooldown_minutes"),
        pending=pending(node),
        budget_id=node.text("budget", default=""),
        created_at=moment(node, "created", context.zone),
        expiry=expiry(node.part("expiry")) if node.has("expiry") else None,
    )
    if kind == ADD and rule.points == 0:
        node.fault("points", "an addition needs points")
    if kind == MULTIPLY and rule.factor_bp <= 10_000:  # noqa: PLR2004 - x1
        node.fault("factor", "must be more than 1: it comes on top")
    return rule


def streak_rule(node: Node, context: Context) -> StreakRule:
    """Read what periods in a row are worth."""
    return StreakRule(
        rule_id=_id(node),
        period=node.choice("period", (WEEK, DAY, MONTH)),
        length=node.number("length", minimum=2, maximum=1_000),
        points=node.number("points", default=0, maximum=RULE_POINTS_MAX),
        orders_min=node.number("orders_min", minimum=1, default=1, maximum=1_000),
        minimum_minor=minimum_minor(node),
        match=line_match(node.part("match")),
        when=condition(node.part("when"), context),
        wallet=node.text("wallet", default=POINTS),
        badge=node.text("badge", default=""),
        repeats=not node.flag("once"),
    )


def challenge_rule(node: Node, context: Context) -> ChallengeRule:
    """Read a goal over several orders."""
    rule = ChallengeRule(
        rule_id=_id(node),
        goal=node.choice("goal", (GOAL_ORDERS, GOAL_SPEND, GOAL_UNITS)),
        target=node.number("target", minimum=1, maximum=POINTS_MAX),
        points=node.number("points", default=0, maximum=RULE_POINTS_MAX),
        badge=node.text("badge", default=""),
        minimum_minor=minimum_minor(node),
        match=line_match(node.part("match")),
        when=condition(node.part("when"), context),
        wallet=node.text("wallet", default=POINTS),
        period=node.choice("period", ("", DAY, WEEK, MONTH, QUARTER, YEAR)),
        within_ms=node.number("within_days", default=0, maximum=WINDOW_DAYS_MAX)
        * DAY_MS,
        opt_in=node.flag("opt_in"),
        repeats=node.flag("repeats"),
    )
    if not rule.points and not rule.badge:
        node.fault("", "gives neither points nor a badge")
    return rule


def reward_offer(node: Node, context: Context) -> RewardOffer:
    """Read a reward of the catalogue."""
    offer_id = _id(node)
    costs = node.part("cost_by_tier")
    by_tier = tuple(
        (tier, costs.number(tier, minimum=1, maximum=POINTS_MAX))
        for tier in costs.keys()  # noqa: SIM118 - a node is no mapping
    )
    costs.close()
    return RewardOffer(
        offer_id,
        node.text("name"),
        node.number("cost_points", minimum=1, maximum=POINTS_MAX),
        wallet=node.text("wallet", default=POINTS),
        cost_by_tier=by_tier,
        when=condition(node.part("when"), context),
        per_member=caps(node, f"reward/{offer_id}"),
        hold_ms=node.number("hold_minutes", minimum=1, default=15, maximum=10_080)
        * MINUTE_MS,
    )


def near_reward(node: Node) -> NearReward:
    """Read a trigger that fires near a reward."""
    node.choice("kind", ("near_reward",))
    return NearReward(
        _id(node),
        node.text("offer"),
        node.number("within_points", minimum=1, maximum=POINTS_MAX),
        node.number("cooldown_days", default=0, maximum=WINDOW_DAYS_MAX),
    )


def auto_redeem(node: Node) -> AutoRedeem:
    """Read what is redeemed by itself at a threshold."""
    return AutoRedeem(
        _id(node),
        wallet=node.text("wallet", default=POINTS),
        every=node.number("every", minimum=1, maximum=POINTS_MAX),
        into=node.text("into"),
        amount=node.number("amount", minimum=1, default=1, maximum=RULE_POINTS_MAX),
        runs_per_day_max=node.number(
            "runs_per_day_max", minimum=1, default=25, maximum=1_000
        ),
    )


def gift(node: Node) -> Gift:
    """Read a yearly gift."""
    return Gift(
        _id(node),
        node.choice("kind", (BIRTHDAY, ANNIVERSARY)),
        node.number("points", minimum=1, maximum=RULE_POINTS_MAX),
        wallet=node.text("wallet", default=POINTS),
        tiers=node.names("tiers"),
    )


def referral(node: Node) -> Referral:
    """Read what both sides of a referral get."""
    read = Referral(
        _id(node),
        node.number("referrer_points", minimum=1, maximum=RULE_POINTS_MAX),
        node.number("referee_points", default=0, maximum=RULE_POINTS_MAX),
        minimum_minor=minimum_minor(node),
        within_ms=node.number("within_days", default=0, maximum=WINDOW_DAYS_MAX)
        * DAY_MS,
        wallet=node.text("wallet", default=POINTS),
    )
    node.close()
    return read


def points_payment(node: Node) -> PointsPayment:
    """Read what points are worth at the till."""
    read = PointsPayment(
        node.number("points", minimum=1, maximum=RULE_POINTS_MAX),
        node.number("minor", minimum=1, default=1, maximum=RULE_POINTS_MAX),
        node.text("wallet", default=POINTS),
    )
    node.close()
    return read


def _id(node: Node) -> str:
    """Read an id; a lot's id joins it with "/", so that it may hold none."""
    rule_id = node.text("id")
    if "/" in rule_id or "#" in rule_id:
        node.fault("id", "may not hold / or #")
    return rule_id


def _minutes(node: Node, name: str) -> int:
    return node.number(name, default=0, maximum=5_256_000) * MINUTE_MS


def _attributes(node: Node) -> tuple[tuple[str, str], ...]:
    part = node.part("attributes")
    found = tuple((name, part.text(name)) for name in part.keys())  # noqa: SIM118 - a node is no mapping
    part.close()
    return found


def _formula(node: Node) -> Formula | None:
    if not node.has("formula"):
        return None
    try:
        return parse(str(node.raw("formula")), FORMULA_NAMES)
    except FormulaFault as fault:
        node.fault("formula", f"at {fault.position}: {fault.message}")
        return None
