"""One rule's life: which step may follow which, and who may take it."""

from collections.abc import Callable
from typing import Final

from loyalty.limits import RULE_STEPS_MAX
from loyalty.publishing.changes import (
    APPROVED,
    DRAFTED,
    ENDED,
    FULL,
    NO_VERSION,
    NOT_NOW,
    PAUSED,
    PUBLISHED,
    REJECTED,
    RESUMED,
    RUNNING_KINDS,
    SELF_APPROVAL,
    STALE,
    SUBMITTED,
    ProgramChange,
    Refused,
)
from loyalty.publishing.rule import DRAFT, OF_DOCUMENT, Rule, RuleVersion, Step


def after_step(
    rule: Rule, change: ProgramChange, effective_from: int
) -> Rule | Refused:
    """What a change makes of a rule, or why it is not taken."""
    if change.expected != rule.revision:
        detail = f"the rule is at revision {rule.revision}, not {change.expected}"
        return Refused(STALE, detail)
    if rule.standing == ENDED:
        return Refused(NOT_NOW, "the rule has ended; write another one")
    if len(rule.steps) >= RULE_STEPS_MAX:
        return Refused(FULL, f"the rule has taken {RULE_STEPS_MAX} steps, the most")
    step = STEPS.get(change.kind)
    if step is None:
        return Refused(NOT_NOW, f"there is no step {change.kind!r}")
    after = step(rule, change)
    if isinstance(after, Refused):
        return after
    if change.kind in RUNNING_KINDS:
        after = after._replace(effective_from=effective_from)
    taken = Step(
        rule.revision + 1,
        change.change_id,
        change.kind,
        _version_of(after, change),
        change.author,
        change.recorded_at,
        change.why,
        rule.state if rule.revision or rule.standing else "",
        after.state,
        after.effective_from if change.kind in RUNNING_KINDS else 0,
    )
    return after._replace(revision=rule.revision + 1, steps=(*rule.steps, taken))


def _version_of(rule: Rule, change: ProgramChange) -> int:
    if change.kind in RUNNING_KINDS:
        return rule.running
    return len(rule.versions)


def _drafted(rule: Rule, change: ProgramChange) -> Rule | Refused:
    newest = rule.newest
    if newest is not None and newest.status == SUBMITTED:
        detail = f"version {newest.number} is submitted: reject it, then edit it"
        return Refused(NOT_NOW, detail)
    if change.version and (
        newest is None or newest.number != change.version or newest.status != DRAFT
    ):
        detail = f"version {change.version} is not the newest draft: it never changes"
        return Refused(NOT_NOW, detail)
    if change.document is None:
        return Refused(NO_VERSION, "a version needs its document")
    # Whoever wrote the draft that this one goes on from had a hand in it, too.
    before = newest.authors if newest and newest.status == DRAFT else frozenset()
    version = RuleVersion(
        len(rule.versions) + 1,
        change.document,
        DRAFT,
        change.author,
        change.recorded_at,
        before | {change.author},
    )
    return rule._replace(versions=(*rule.versions, version))


def _submitted(rule: Rule, change: ProgramChange) -> Rule | Refused:
    newest = _in_status(rule, change, DRAFT)
    if isinstance(newest, Refused):
        return newest
    return _renewed(
        rule,
        newest._replace(status=SUBMITTED, authors=newest.authors | {change.author}),
    )


def _approved(rule: Rule, change: ProgramChange) -> Rule | Refused:
    newest = _in_status(rule, change, SUBMITTED)
    if isinstance(newest, Refused):
        return newest
    if change.author in newest.authors:
        detail = f"{change.author} wrote or submitted it: another person approves"
        return Refused(SELF_APPROVAL, detail)
    return _renewed(rule, newest._replace(status=APPROVED, approved_by=change.author))


def _rejected(rule: Rule, change: ProgramChange) -> Rule | Refused:
    newest = _in_status(rule, change, SUBMITTED)
    if isinstance(newest, Refused):
        return newest
    return _renewed(rule, newest._replace(status=DRAFT))


def _published(rule: Rule, change: ProgramChange) -> Rule | Refused:
    version = rule.version(change.version)
    is_of_document = change.version == OF_DOCUMENT and rule.of_document
    if version is None and not is_of_document:
        return Refused(NO_VERSION, f"there is no version {change.version}")
    if version is not None and version.status != APPROVED:
        detail = f"version {version.number} is {version.status}, not approved"
        return Refused(NOT_NOW, detail)
    if rule.standing == PUBLISHED and rule.running == change.version:
        return Refused(NOT_NOW, f"version {change.version} is published already")
    return rule._replace(standing=PUBLISHED, running=change.version)


def _paused(rule: Rule, _: ProgramChange) -> Rule | Refused:
    if rule.standing != PUBLISHED:
        return Refused(NOT_NOW, f"the rule is {rule.state}, not published")
    return rule._replace(standing=PAUSED)


def _resumed(rule: Rule, _: ProgramChange) -> Rule | Refused:
    if rule.standing != PAUSED:
        return Refused(NOT_NOW, f"the rule is {rule.state}, not paused")
    return rule._replace(standing=PUBLISHED)


def _ended(rule: Rule, _: ProgramChange) -> Rule | Refused:
    if not rule.standing:
        return Refused(NOT_NOW, f"the rule is {rule.state}: it has not begun")
    return rule._replace(standing=ENDED)


def _in_status(rule: Rule, change: ProgramChange, status: str) -> RuleVersion | Refused:
    newest = rule.newest
    if newest is None or newest.status != status:
        found = newest.status if newest else "as the program's document has it"
        return Refused(NOT_NOW, f"the newest version is {found}, not {status}")
    if change.version not in (0, newest.number):
        return Refused(NOT_NOW, f"the newest version is {newest.number}")
    return newest


def _renewed(rule: Rule, newest: RuleVersion) -> Rule:
    return rule._replace(versions=(*rule.versions[:-1], newest))


STEPS: Final[dict[str, Callable[[Rule, ProgramChange], Rule | Refused]]] = {
    DRAFTED: _drafted,
    SUBMITTED: _submitted,
    APPROVED: _approved,
    REJECTED: _rejected,
    PUBLISHED: _published,
    PAUSED: _paused,
    RESUMED: _resumed,
    ENDED: _ended,
}
