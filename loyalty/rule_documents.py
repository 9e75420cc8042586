"""The rules of a program from its document: each kind, one function."""

from typing import Final

from loyalty.award_documents import caps, minimum_minor, pending
from loyalty.condition_documents import Context, basis_points, line_match
from loyalty.conditions import DOWN, NEAREST, UP
from loyalty.document import Node
from loyalty.experiment_documents import (
    FACTOR_BP_MAX,
    NOTHING_ELSE,
    OTHER_FACTOR,
    OTHER_POINTS,
    trial_of,
)
from loyalty.formula import Formula, divides_by_zero, parse
from loyalty.formula_text import FormulaFault
from loyalty.history_documents import past_condition
from loyalty.limits import DAY_MS, POINTS_MAX, WINDOW_DAYS_MAX
from loyalty.periods import DAY, MONTH, QUARTER, WEEK, YEAR
from loyalty.reward_documents import RULE_POINTS_MAX, id_of
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
    SEGMENT,
    SPEND,
    VISIT,
    BonusRule,
    ChallengeRule,
    EarnRule,
    StreakRule,
)
from loyalty.time_documents import expiry, moment

MINUTE_MS: Final = 60_000
# What a formula may look at: money in minor units, units, lines.
FORMULA_NAMES: Final = {
    "amount": "number",
    "quantity": "number",
    "subtotal": "number",
    "total": "number",
    "lines": "number",
}


# What an act has none of.
OF_ORDERS: Final = ("match", "minimum_minor", "over_minor")


def earn_rule(node: Node, context: Context) -> EarnRule:
    """Read how an order or an act earns."""
    rule_id = id_of(node)
    kind = node.choice("kind", (SPEND, ITEMS, VISIT, FORMULA, ACTIVITY, SEGMENT))
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
        when=past_condition(node.part("when"), context),
        caps=caps(node, rule_id),
        cooldown_ms=_minutes(node, "cooldown_minutes"),
        pending=pending(node),
        budget_id=node.text("budget", default=""),
        activity=node.text("activity", default=""),
        attributes=_attributes(node),
        formula=_formula(node),
        expiry=expiry(node.part("expiry")) if node.has("expiry") else None,
        trial=trial_of(
            node, rule_id, others=NOTHING_ELSE if kind == FORMULA else OTHER_POINTS
        ),
        segment=node.text("segment", default=""),
    )
    if (kind == SEGMENT) != bool(rule.segment):
        node.fault("segment", "belongs to rules of kind segment, and they need it")
    if (kind == ACTIVITY) != bool(rule.activity):
        node.fault("activity", "belongs to rules of kind activity, and they need it")
    of_others: tuple[str, ...] = () if kind == ACTIVITY else ("attributes",)
    if kind in (ACTIVITY, SEGMENT):
        of_others += OF_ORDERS
    for name in of_others:
        if node.has(name):
            node.fault(name, f"does not belong to rules of kind {kind}")
    if kind != SPEND and node.has("step_minor"):
        node.fault("step_minor", f"does not belong to rules of kind {kind}")
    if (kind == FORMULA) != node.has("formula"):
        node.fault("formula", "belongs to rules of kind formula, and they need it")
    return rule


def bonus_rule(node: Node, context: Context) -> BonusRule:
    """Read what comes on top of base points."""
    rule_id = id_of(node)
    kind = node.choice("kind", (MULTIPLY, ADD))
    rule = BonusRule(
        rule_id=rule_id,
        kind=kind,
        factor_bp=basis_points(node, "factor", default="1", maximum=FACTOR_BP_MAX),
        points=node.number("points", default=0, maximum=RULE_POINTS_MAX),
        minimum_minor=minimum_minor(node),
        match=line_match(node.part("match")),
        wallet=node.text("wallet", default=POINTS),
        when=past_condition(node.part("when"), context),
        caps=caps(node, rule_id),
        cooldown_ms=_minutes(node, "cooldown_minutes"),
        pending=pending(node),
        budget_id=node.text("budget", default=""),
        created_at=moment(node, "created", context.zone),
        expiry=expiry(node.part("expiry")) if node.has("expiry") else None,
        trial=trial_of(
            node, rule_id, others=OTHER_FACTOR if kind == MULTIPLY else OTHER_POINTS
        ),
        ignores_holdout=node.flag("ignores_holdout"),
    )
    if kind == ADD and rule.points == 0:
        node.fault("points", "an addition needs points")
    if kind == MULTIPLY and rule.factor_bp <= 10_000:  # noqa: PLR2004 - x1
        node.fault("factor", "must be more than 1: it comes on top")
    return rule


def streak_rule(node: Node, context: Context) -> StreakRule:
    """Read what periods in a row are worth."""
    rule_id = id_of(node)
    rule = StreakRule(
        rule_id=rule_id,
        period=node.choice("period", (WEEK, DAY, MONTH)),
        length=node.number("length", minimum=2, maximum=1_000),
        points=node.number("points", default=0, maximum=RULE_POINTS_MAX),
        orders_min=node.number("orders_min", minimum=1, default=1, maximum=1_000),
        minimum_minor=minimum_minor(node),
        match=line_match(node.part("match")),
        when=past_condition(node.part("when"), context),
        wallet=node.text("wallet", default=POINTS),
        badge=node.text("badge", default=""),
        repeats=not node.flag("once"),
        trial=trial_of(node, rule_id, others=OTHER_POINTS),
        ignores_holdout=node.flag("ignores_holdout"),
    )
    if not rule.points and not rule.badge:
        node.fault("", "gives neither points nor a badge")
    return rule


def challenge_rule(node: Node, context: Context) -> ChallengeRule:
    """Read a goal over several orders."""
    rule_id = id_of(node)
    rule = ChallengeRule(
        rule_id=rule_id,
        goal=node.choice("goal", (GOAL_ORDERS, GOAL_SPEND, GOAL_UNITS)),
        target=node.number("target", minimum=1, maximum=POINTS_MAX),
        points=node.number("points", default=0, maximum=RULE_POINTS_MAX),
        badge=node.text("badge", default=""),
        minimum_minor=minimum_minor(node),
        match=line_match(node.part("match")),
        when=past_condition(node.part("when"), context),
        wallet=node.text("wallet", default=POINTS),
        period=node.choice("period", ("", DAY, WEEK, MONTH, QUARTER, YEAR)),
        within_ms=node.number("within_days", default=0, maximum=WINDOW_DAYS_MAX)
        * DAY_MS,
        opt_in=node.flag("opt_in"),
        repeats=node.flag("repeats"),
        trial=trial_of(node, rule_id, others=OTHER_POINTS),
        ignores_holdout=node.flag("ignores_holdout"),
    )
    if not rule.points and not rule.badge:
        node.fault("", "gives neither points nor a badge")
    return rule


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
        formula = parse(str(node.raw("formula")), FORMULA_NAMES)
    except FormulaFault as fault:
        node.fault("formula", f"at {fault.position}: {fault.message}")
        return None
    if divides_by_zero(formula.tree):
        node.fault("formula", "divides by 0, always")
    return formula
