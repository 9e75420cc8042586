"""Who gets a rule of an experiment, in words."""

from typing import Any

from loyalty.publishing.changes import Document
from loyalty.publishing.words import counted, listed


def trials(rule: Document) -> str:
    """Which members are held out of a rule, or get something else."""
    more = " whatever the holdout" if rule.get("ignores_holdout") else ""
    percent = rule.get("holdout_percent")
    if percent:
        return f"held out for {percent} % of all members{more}"
    experiment = rule.get("experiment")
    if not experiment:
        return f"for everyone{more}" if more else ""
    arms = listed([_arm(arm) for arm in experiment["arms"]], "and")
    return f"in the experiment {experiment['id']}: {arms}{more}"


def _arm(arm: dict[str, Any]) -> str:
    told = f"{arm['percent']} % {arm['id']}"
    if arm.get("without"):
        return f"{told} without it"
    other = []
    if arm.get("points"):
        other.append(counted(arm["points"], "point"))
    if arm.get("factor"):
        other.append(f"the factor {arm['factor']}")
    return f"{told} with {listed(other, 'and')}" if other else told
