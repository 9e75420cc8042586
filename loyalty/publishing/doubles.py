"""Rules that give for the same, and rules that leave another one nothing."""

from collections.abc import Iterable, Iterator

from loyalty.program import Program
from loyalty.publishing.coverage import covers
from loyalty.publishing.findings import Finding, warning
from loyalty.rules import (
    FIRST,
    FORMULA,
    MAX,
    SPEND,
    BonusRule,
    ChallengeRule,
    EarnRule,
    OrderRule,
    StreakRule,
)


def doubles(
    program: Program,
    rule: OrderRule,
    place: int,
    *,
    others: Iterable[tuple[int, OrderRule]],
) -> Iterator[Finding]:
    """Rules that give for the same, and rules that leave this one nothing."""
    for other_place, other in others:
        if other.rule_id == rule.rule_id or other.wallet != rule.wallet:
            continue
        if _is_double(rule, other):
            detail = f"{other.rule_id!r} gives for the very same"
            yield warning("doubled", "", detail)
        elif isinstance(rule, EarnRule) and isinstance(other, EarnRule):
            is_before = other_place < place
            if _takes_all(program, rule, other, is_before=is_before):
                detail = f"{other.rule_id!r} holds whenever it does, and comes first"
                yield warning("shadowed", "", detail)


def _is_double(rule: OrderRule, other: OrderRule) -> bool:
    if type(rule) is not type(other) or not (
        covers(rule, other) and covers(other, rule)
    ):
        return False
    if isinstance(rule, StreakRule) and isinstance(other, StreakRule):
        return (rule.period, rule.length) == (other.period, other.length)
    if isinstance(rule, ChallengeRule) and isinstance(other, ChallengeRule):
        same = (rule.goal, rule.target, rule.period)
        return same == (other.goal, other.target, other.period)
    if isinstance(rule, EarnRule) and isinstance(other, EarnRule):
        act = (rule.kind, rule.activity, rule.attributes)
        return act == (other.kind, other.activity, other.attributes)
    if isinstance(rule, BonusRule) and isinstance(other, BonusRule):
        return rule.kind == other.kind
    return False


def _takes_all(
    program: Program, rule: EarnRule, other: EarnRule, *, is_before: bool
) -> bool:
    """Whether the program's policy for conflicts never lets a rule win."""
    if rule.activity or other.activity or not covers(other, rule):
        return False
    if program.conflict == FIRST:
        return is_before and other.kind not in (FORMULA, SPEND)
    if program.conflict == MAX and other.kind == rule.kind and rule.kind == SPEND:
        same_steps = other.step_minor <= rule.step_minor
        return same_steps and other.points > rule.points and other.match == rule.match
    return False
