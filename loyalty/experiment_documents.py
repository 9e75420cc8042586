"""Experiments and holdouts of rules, from their document."""

from typing import Final

from loyalty.condition_documents import basis_points
from loyalty.document import Node
from loyalty.experiments import (
    ALL_PERCENT,
    EXPERIMENT,
    GLOBAL,
    Arm,
    Trial,
    holdout_trial,
)
from loyalty.limits import ARMS_MAX
from loyalty.reward_documents import RULE_POINTS_MAX, id_of

FACTOR_BP_MAX: Final = 1_000_000
# What an arm may give instead, by kind of rule: nothing that the rule never looks at.
NOTHING_ELSE: Final = ()
OTHER_POINTS: Final = ("points",)
OTHER_FACTOR: Final = ("factor",)

OTHERS: Final = {"points": "points", "factor": "factors"}


def trial_of(
    node: Node, rule_id: str, *, others: tuple[str, ...] = NOTHING_ELSE
) -> Trial | None:
    """
    Read who gets a rule: `holdout_percent`, or `experiment` with its arms.

    `others` are the properties of the rule that an arm may replace.
    """
    percent = node.number("holdout_percent", default=0, maximum=ALL_PERCENT - 1)
    if not node.has(EXPERIMENT):
        return holdout_trial(rule_id, percent) if percent else None
    if percent:
        node.fault("holdout_percent", "an experiment says by itself who is held out")
    part = node.part(EXPERIMENT)
    experiment_id = id_of(part)
    if experiment_id == GLOBAL or ":" in experiment_id:
        part.fault("id", f"may not be {GLOBAL!r} or hold a colon")
    arms = part.each("arms", lambda one: _arm(one, others), ARMS_MAX)
    _check_arms(part, arms)
    part.close()
    return Trial(experiment_id, arms)


def _arm(node: Node, others: tuple[str, ...]) -> Arm:
    arm_id = id_of(node)
    if ":" in arm_id:
        node.fault("id", "may not hold a colon")
    is_off = node.flag("without")
    points = factor_bp = 0
    if "points" in others:
        points = node.number("points", default=0, maximum=RULE_POINTS_MAX)
    if "factor" in others and node.has("factor"):
        factor_bp = basis_points(node, "factor", default="1", maximum=FACTOR_BP_MAX)
        if factor_bp <= 10_000:  # noqa: PLR2004 - x1
            node.fault("factor", "must be more than 1: it comes on top")
    for name in (*OTHER_POINTS, *OTHER_FACTOR):
        # Arms that differ in it alone would get the same for weeks.
        if name not in others and node.raw(name) is not None:
            node.fault(name, f"no arm of such a rule gives other {OTHERS[name]}")
    if is_off and (points or factor_bp):
        node.fault("without", "an arm without the rule gives nothing else")
    percent = node.number("percent", minimum=1, maximum=ALL_PERCENT)
    return Arm(arm_id, percent, is_off, points, factor_bp)


def _check_arms(node: Node, arms: tuple[Arm, ...]) -> None:
    if len(arms) < 2:  # noqa: PLR2004 - a control and something else
        node.fault("arms", "needs two arms or more")
    if sum(arm.percent for arm in arms) != ALL_PERCENT:
        node.fault("arms", "the percents of all arms come to 100")
    if len({arm.arm_id for arm in arms}) < len(arms):
        node.fault("arms", "an arm is there twice")
