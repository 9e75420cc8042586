"""What we answer about rules and the program."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from api import rule_examples as examples
from api.responses import shown, shown_or_never
from loyalty.publishing.differences import Difference
from loyalty.publishing.findings import Finding
from loyalty.publishing.publishing import Publishing
from loyalty.publishing.rule import Rule, RuleVersion, Step
from loyalty.publishing.sentences import sentence
from loyalty.publishing.timeline import ProgramVersion, rule_in


def _example(example: examples.Example) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [example]})


class FindingOut(BaseModel):
    """What the analysis says about a rule: a stable code, and where."""

    model_config = _example(examples.FINDING)

    code: str
    severity: str
    pointer: str
    detail: str


class RuleLifeOut(BaseModel):
    """
    A rule: how it stands, and its newest version.

    `running_version` 0 is the rule as the program's file has it, null one that
    was never published.
    """

    model_config = _example(examples.RULE_OUT)

    id: str
    section: str
    state: str
    revision: int
    running_version: int | None
    effective_from: str | None
    newest_version: int
    newest_status: str
    author: str
    rule: dict[str, Any]
    text: str
    findings: list[FindingOut]


class RulesOut(BaseModel):
    """A page of rules, by id."""

    model_config = _example({"items": [examples.RULE_OUT], "next_cursor": None})

    items: list[RuleLifeOut]
    next_cursor: str | None


class VersionOut(BaseModel):
    """One version of a rule; its document never changes."""

    model_config = _example(examples.VERSION_OUT)

    version: int
    status: str
    author: str
    approved_by: str | None
    made_at: str
    rule: dict[str, Any]
    text: str


class VersionsOut(BaseModel):
    """Every version of a rule, newest first."""

    model_config = _example({"items": [examples.VERSION_OUT], "next_cursor": None})

    items: list[VersionOut]
    next_cursor: str | None


class RuleDifferenceOut(BaseModel):
    """One place that differs; null is nothing there."""

    model_config = _example(examples.DIFFERENCE)

    pointer: str
    before: Any
    after: Any


class DiffOut(BaseModel):
    """What a version changes against another one."""

    model_config = _example(
        {"version": 2, "against": 1, "changes": [examples.DIFFERENCE]}
    )

    version: int
    against: int
    changes: list[RuleDifferenceOut]


class StepOut(BaseModel):
    """One step of a rule's life: who, when, why, and what it was before and after."""

    model_config = _example(examples.STEP_OUT)

    revision: int
    kind: str
    version: int
    author: str
    at: str
    why: str
    before: str
    after: str
    effective_from: str | None


class AuditOut(BaseModel):
    """Every step of a rule's life, newest first."""

    model_config = _example({"items": [examples.STEP_OUT], "next_cursor": None})

    items: list[StepOut]
    next_cursor: str | None


class ProgramVersionOut(BaseModel):
    """A program version: from when, and what made it; no rule is a whole document."""

    model_config = _example(examples.PROGRAM_VERSION)

    version: int
    effective_from: str | None
    rule_id: str | None
    author: str
    recorded_at: str | None
    why: str


class ProgramOut(BaseModel):
    """The program in force, and every version, newest first."""

    model_config = _example(examples.PROGRAM_OUT)

    program: str
    version: int
    effective_from: str | None
    document: dict[str, Any]
    versions: list[ProgramVersionOut]


def rule_out(
    rule: Rule, publishing: Publishing, now: int, *, findings: tuple[Finding, ...] = ()
) -> RuleLifeOut:
    """Rule as the API shows it."""
    newest = rule.newest
    currency = str(publishing.latest_document.get("currency", ""))
    document = newest.document if newest else _of_document(rule, publishing)
    return RuleLifeOut(
        id=rule.rule_id,
        section=rule.section,
        state=rule.state_at(now),
        revision=rule.revision,
        running_version=rule.running if rule.standing else None,
        effective_from=shown_or_never(rule.effective_from),
        newest_version=newest.number if newest else 0,
        newest_status=newest.status if newest else "approved",
        author=newest.author if newest else "",
        rule=dict(document),
        text=sentence(rule.section, document, currency),
        findings=[finding_out(one) for one in findings],
    )


def finding_out(finding: Finding) -> FindingOut:
    """Finding as the API shows it."""
    return FindingOut(
        code=finding.code,
        severity=finding.severity,
        pointer=finding.pointer,
        detail=finding.detail,
    )


def version_out(version: RuleVersion, section: str, currency: str) -> VersionOut:
    """Version as the API shows it."""
    return VersionOut(
        version=version.number,
        status=version.status,
        author=version.author,
        approved_by=version.approved_by or None,
        made_at=shown(version.made_at),
        rule=dict(version.document),
        text=sentence(section, version.document, currency),
    )


def difference_out(difference: Difference) -> RuleDifferenceOut:
    """Difference as the API shows it."""
    return RuleDifferenceOut(
        pointer=difference.pointer, before=difference.before, after=difference.after
    )


def step_out(step: Step) -> StepOut:
    """Step as the API shows it."""
    return StepOut(
        revision=step.revision,
        kind=step.kind,
        version=step.version,
        author=step.author,
        at=shown(step.at),
        why=step.why,
        before=step.before,
        after=step.after,
        effective_from=shown_or_never(step.effective_from),
    )


def program_version_out(version: ProgramVersion) -> ProgramVersionOut:
    """Program version as the API shows it."""
    return ProgramVersionOut(
        version=version.number,
        effective_from=shown_or_never(version.effective_from),
        rule_id=version.move.rule_id or None,
        author=version.move.author,
        recorded_at=shown_or_never(version.move.recorded_at),
        why=version.move.why,
    )


def _of_document(rule: Rule, publishing: Publishing) -> dict[str, Any]:
    base = publishing.timeline[-1].base
    return dict(rule_in(base, rule.section, rule.rule_id) or {})
