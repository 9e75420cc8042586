"""What is doubtful in a rule that is sound: never true, told twice, without an end."""

from collections.abc import Iterator, Sequence
from typing import Final

from loyalty.conditions import ANY_LINE, Cap
from loyalty.program import Program
from loyalty.publishing.catalogue import ANYTHING, Catalogue, unknown_names
from loyalty.publishing.changes import SECTIONS
from loyalty.publishing.coverage import covers
from loyalty.publishing.findings import WARNING, Finding
from loyalty.publishing.journey_findings import journey_findings
from loyalty.publishing.trigger_findings import trigger_findings
from loyalty.rules import (
    ADD,
    FIRST,
    FORMULA,
    ITEMS,
    MAX,
    MULTIPLY,
    SPEND,
    BonusRule,
    ChallengeRule,
    EarnRule,
    OrderRule,
    StreakRule,
)

FINDINGS_MAX: Final = 20


def findings_of(
    program: Program, section: str, rule_id: str, *, catalogue: Catalogue = ANYTHING
) -> tuple[Finding, ...]:
    """What is to be said of one rule of a program, in a stable order."""
    rules: dict[str, Sequence[OrderRule]] = {
        "earn": program.earn_rules,
        "bonuses": program.bonus_rules,
        "streaks": program.streaks,
        "challenges": program.challenges,
    }
    found: list[Finding] = []
    for rule in rules.get(section, ()):
        if rule.rule_id == rule_id:
            found += _unreachable(program, rule)
            found += _unbounded(program, rule)
            found += _others(program, rule, rules[section])
            found += unknown_names(rule.match, rule.when, catalogue)
    for offer in program.offers if section == "offers" else ():
        if offer.offer_id == rule_id:
            found += unknown_names(ANY_LINE, offer.when, catalogue)
    if section == "triggers":
        found += trigger_findings(program, rule_id)
    if section == "journeys":
        found += journey_findings(program, rule_id)
    return tuple(found[:FINDINGS_MAX])


def program_findings(
    program: Program, *, catalogue: Catalogue = ANYTHING
) -> tuple[tuple[str, str, Finding], ...]:
    """What is to be said of all rules of a program: section, rule id, finding."""
    ids = {
        "earn": [rule.rule_id for rule in program.earn_rules],
        "bonuses": [rule.rule_id for rule in program.bonus_rules],
        "streaks": [rule.rule_id for rule in program.streaks],
        "challenges": [rule.rule_id for rule in program.challenges],
        "offers": [rule.offer_id for rule in program.offers],
        "journeys": [one.journey_id for one in program.journeys],
        "triggers": [rule.trigger_id for rule in program.triggers],
    }
    return tuple(
        (section, rule_id, finding)
        for section in SECTIONS
        for rule_id in ids.get(section, ())
        for finding in findings_of(program, section, rule_id, catalogue=catalogue)
    )


def _unreachable(program: Program, rule: OrderRule) -> Iterator[Finding]:
    when = rule.when
    lowest = program.tiers[0].tier_id if program.tiers else ""
    if when.order_number == 1 and when.tiers and lowest not in when.tiers:
        detail = f"a first order is one of somebody in the lowest tier, {lowest!r}"
        yield _warning("unreachable", "/when/tiers", detail)
    for number, cap in enumerate(_caps(rule)):
        if 0 <= cap.points < _least_award(rule):
            detail = f"one award is more than the cap of {cap.points}"
            yield _warning("cap-below-award", f"/caps/{number}/points", detail)
    wallet = program.wallet_by_id[rule.wallet]
    if 0 < wallet.balance_max < _least_award(rule):
        detail = f"one award is more than a balance may be, {wallet.balance_max}"
        yield _warning("cap-below-award", "/points", detail)


def _unbounded(program: Program, rule: OrderRule) -> Iterator[Finding]:
    """Points that nothing bounds: neither a limit nor the money that is spent."""
    if program.wallet_by_id[rule.wallet].caps or rule.when.order_number:
        return
    if isinstance(rule, EarnRule) and not rule.is_limited:
        if rule.kind not in (SPEND, ITEMS):
            detail = "nothing limits how often it gives: no cap, cooldown or budget"
            yield _warning("no-cap", "/caps", detail)
        elif rule.kind == SPEND:
            yield from _worth(program, rule)
    elif isinstance(rule, BonusRule) and not rule.is_limited:
        if rule.kind == ADD and not rule.when.every_order:
            detail = "nothing limits how often it gives: no cap, cooldown or budget"
            yield _warning("no-cap", "/caps", detail)
    elif isinstance(rule, ChallengeRule) and rule.repeats and rule.target == 1:
        detail = "each order reaches the goal anew, without a cap"
        yield _warning("no-cap", "/target", detail)


def _worth(program: Program, rule: EarnRule) -> Iterator[Finding]:
    payment = program.payment
    if payment is None or payment.wallet != rule.wallet:
        return
    # Cross-multiplied: no rounding.
    if rule.points * payment.minor >= rule.step_minor * payment.points:
        detail = "gives points worth as much as what was paid, or more"
        yield _warning("worth-too-much", "/points", detail)


def _others(
    program: Program, rule: OrderRule, rules: Sequence[OrderRule]
) -> Iterator[Finding]:
    """Rules that give for the same, and rules that leave this one nothing."""
    for place, other in enumerate(rules):
        if other.rule_id == rule.rule_id or other.wallet != rule.wallet:
            continue
        if _is_double(rule, other):
            detail = f"{other.rule_id!r} gives for the very same"
            yield _warning("doubled", "", detail)
        elif isinstance(rule, EarnRule) and isinstance(other, EarnRule):
            is_before = place < list(rules).index(rule)
            if _takes_all(program, rule, other, is_before=is_before):
                detail = f"{other.rule_id!r} holds whenever it does, and comes first"
                yield _warning("shadowed", "", detail)


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


def _caps(rule: OrderRule) -> tuple[Cap, ...]:
    return rule.caps if isinstance(rule, EarnRule | BonusRule) else ()


def _least_award(rule: OrderRule) -> int:
    """Least points that a rule gives when it gives any; 0 where it depends."""
    if isinstance(rule, EarnRule) and rule.kind == FORMULA:
        return 0
    if isinstance(rule, BonusRule) and rule.kind == MULTIPLY:
        return 0
    return rule.points


def _warning(code: str, pointer: str, detail: str) -> Finding:
    return Finding(code, WARNING, f"/rule{pointer}", detail)
