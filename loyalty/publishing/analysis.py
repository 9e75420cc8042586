"""What is doubtful in a rule that is sound: never true, told twice, without an end."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from loyalty.conditions import ANY_LINE, Cap
from loyalty.program import SAME_RATE_BP, Program
from loyalty.publishing.catalogue import ANYTHING, Catalogue, unknown_names
from loyalty.publishing.changes import SECTIONS
from loyalty.publishing.doubles import doubles
from loyalty.publishing.findings import Finding, warning
from loyalty.publishing.journey_findings import journey_findings
from loyalty.publishing.neighbours import Neighbours
from loyalty.publishing.past_findings import past_findings
from loyalty.publishing.personal_findings import personal_findings, pool_findings
from loyalty.publishing.trigger_findings import trigger_findings
from loyalty.rules import (
    ADD,
    FORMULA,
    ITEMS,
    MULTIPLY,
    SPEND,
    BonusRule,
    ChallengeRule,
    EarnRule,
    OrderRule,
)

FINDINGS_MAX: Final = 20


def findings_of(
    program: Program, section: str, rule_id: str, *, catalogue: Catalogue = ANYTHING
) -> tuple[Finding, ...]:
    """What is to be said of one rule of a program, in a stable order."""
    rules = _rules_of(program).get(section, ())
    found: list[Finding] = []
    for place, rule in enumerate(rules):
        if rule.rule_id == rule_id:
            others = enumerate(rules)
            found += _findings(program, place, rule, others=others, catalogue=catalogue)
    for offer in program.offers if section == "offers" else ():
        if offer.offer_id == rule_id:
            found += unknown_names(ANY_LINE, offer.when, catalogue)
    if section == "personal_offers":
        found += personal_findings(program, rule_id, catalogue=catalogue)
    if section == "code_pools":
        found += pool_findings(program, rule_id)
    if section == "triggers":
        found += trigger_findings(program, rule_id)
    if section == "journeys":
        found += journey_findings(program, rule_id, catalogue=catalogue)
    return tuple(found[:FINDINGS_MAX])


def program_findings(
    program: Program, *, catalogue: Catalogue = ANYTHING
) -> tuple[tuple[str, str, Finding], ...]:
    """What is to be said of all rules of a program: section, rule id, finding."""
    ids = {
        "offers": [rule.offer_id for rule in program.offers],
        "journeys": [one.journey_id for one in program.journeys],
        "triggers": [rule.trigger_id for rule in program.triggers],
        "personal_offers": [rule.offer_id for rule in program.personal_offers],
        "code_pools": [pool.pool_id for pool in program.code_pools],
    }
    found: list[tuple[str, str, Finding]] = []
    for section in SECTIONS:
        rules = _rules_of(program).get(section, ())
        # Each rule meets only those that it may have to do with: 5,000 rules have
        # 25 million pairs.
        neighbours = Neighbours(rules)
        for place, rule in enumerate(rules):
            others = neighbours.of(rule)
            told = _findings(program, place, rule, others=others, catalogue=catalogue)
            found += [(section, rule.rule_id, one) for one in [*told][:FINDINGS_MAX]]
        for rule_id in ids.get(section, ()):
            told = iter(findings_of(program, section, rule_id, catalogue=catalogue))
            found += [(section, rule_id, one) for one in told]
    return tuple(found)


def _rules_of(program: Program) -> dict[str, Sequence[OrderRule]]:
    return {
        "earn": program.earn_rules,
        "bonuses": program.bonus_rules,
        "streaks": program.streaks,
        "challenges": program.challenges,
    }


def _findings(
    program: Program,
    place: int,
    rule: OrderRule,
    *,
    others: Iterable[tuple[int, OrderRule]],
    catalogue: Catalogue,
) -> Iterator[Finding]:
    yield from past_findings(rule.when)
    yield from _unreachable(program, rule)
    yield from _unbounded(program, rule)
    yield from doubles(program, rule, place, others=others)
    yield from _alike(rule)
    yield from _unused(rule)
    yield from unknown_names(rule.match, rule.when, catalogue)


def _unreachable(program: Program, rule: OrderRule) -> Iterator[Finding]:
    when = rule.when
    lowest = program.tiers[0].tier_id if program.tiers else ""
    if when.order_number == 1 and when.tiers and lowest not in when.tiers:
        detail = f"a first order is one of somebody in the lowest tier, {lowest!r}"
        yield warning("unreachable", "/when/tiers", detail)
    for number, cap in enumerate(_caps(rule)):
        if 0 <= cap.points < _least_award(rule):
            detail = f"one award is more than the cap of {cap.points}"
            yield warning("cap-below-award", f"/caps/{number}/points", detail)
    wallet = program.wallet_by_id[rule.wallet]
    if 0 < wallet.balance_max < _least_award(rule):
        detail = f"one award is more than a balance may be, {wallet.balance_max}"
        yield warning("cap-below-award", "/points", detail)


def _unbounded(program: Program, rule: OrderRule) -> Iterator[Finding]:
    """Points that nothing bounds: neither a limit nor the money that is spent."""
    if program.wallet_by_id[rule.wallet].caps or rule.when.order_number:
        return
    if isinstance(rule, EarnRule) and not rule.is_limited:
        if rule.kind not in (SPEND, ITEMS):
            detail = "nothing limits how often it gives: no cap, cooldown or budget"
            yield warning("no-cap", "/caps", detail)
        elif rule.kind == SPEND:
            yield from _worth(program, rule)
    elif isinstance(rule, BonusRule) and not rule.is_limited:
        if rule.kind == ADD and not rule.when.every_order:
            detail = "nothing limits how often it gives: no cap, cooldown or budget"
            yield warning("no-cap", "/caps", detail)
    elif isinstance(rule, ChallengeRule) and rule.repeats and rule.target == 1:
        detail = "each order reaches the goal anew, without a cap"
        yield warning("no-cap", "/target", detail)


def _alike(rule: OrderRule) -> Iterator[Finding]:
    """Arms that get the same: nothing is tried."""
    if rule.trial is None:
        return
    given = {(arm.is_off, arm.points, arm.factor_bp) for arm in rule.trial.arms}
    if len(given) == 1:
        yield warning("arms-alike", "/experiment/arms", "all arms get the same")


def _unused(rule: OrderRule) -> Iterator[Finding]:
    """What was written, and counts only in rules of the other kind."""
    if not isinstance(rule, BonusRule):
        return
    if rule.kind == ADD and rule.factor_bp != SAME_RATE_BP:
        yield warning("unused", "/factor", "an addition gives its points, no multiple")
    if rule.kind == MULTIPLY and rule.points:
        yield warning("unused", "/points", "a multiple gives no points of its own")


def _worth(program: Program, rule: EarnRule) -> Iterator[Finding]:
    payment = program.payment
    if payment is None or payment.wallet != rule.wallet:
        return
    # Cross-multiplied: no rounding.
    if rule.points * payment.minor >= rule.step_minor * payment.points:
        detail = "gives points worth as much as what was paid, or more"
        yield warning("worth-too-much", "/points", detail)


def _caps(rule: OrderRule) -> tuple[Cap, ...]:
    return rule.caps if isinstance(rule, EarnRule | BonusRule) else ()


def _least_award(rule: OrderRule) -> int:
    """Least points that a rule gives when it gives any; 0 where it depends."""
    if isinstance(rule, EarnRule) and rule.kind == FORMULA:
        return 0
    if isinstance(rule, BonusRule) and rule.kind == MULTIPLY:
        return 0
    return rule.points
