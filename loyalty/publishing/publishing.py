"""Changes folded, one after the other, into rules, programs and the audit log."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from loyalty.document import InvalidProgram
from loyalty.limits import LEAD_MS_MIN, PROGRAM_VERSIONS_MAX, RULES_MAX
from loyalty.publishing.changes import (
    DOCUMENT,
    DRAFTED,
    FULL,
    INVALID,
    NO_PROGRAM,
    NO_RULE,
    PUBLISHED,
    RESUMED,
    RULE_EXISTS,
    RUNNING_KINDS,
    SECTIONS,
    STALE,
    Document,
    ProgramChange,
    Refused,
    Taken,
    Verdict,
)
from loyalty.publishing.rule import Rule
from loyalty.publishing.rule_life import after_step
from loyalty.publishing.timeline import (
    Build,
    Move,
    Timeline,
    begun,
    build_version,
    moved,
    rule_in,
    sections_by_id,
)

FIRST_VERSION: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Publishing:
    """
    All that came of the changes so far.

    `rules` are those with a life of their own, by id; what nobody has touched
    stands in the program's document only. `documents` counts whole documents.
    """

    timeline: Timeline = ()
    rules: Mapping[str, Rule] = field(default_factory=dict)
    documents: int = 0

    @property
    def latest_document(self) -> Document:
        """Document of the version with the latest start."""
        return self.timeline[-1].document

    def rule(self, rule_id: str) -> Rule | None:
        """Rule by its id, also one that stands in the program's document only."""
        known = self.rules.get(rule_id)
        if known is not None or not self.timeline:
            return known
        section = sections_by_id(self.timeline[-1].base).get(rule_id)
        return None if section is None else _of_document(rule_id, section)

    def all_rules(self) -> list[Rule]:
        """Every rule by id, also those that stand in the program's document only."""
        base = self.timeline[-1].base if self.timeline else {}
        found = {
            rule_id: _of_document(rule_id, section)
            for rule_id, section in sections_by_id(base).items()
        }
        return sorted({**found, **self.rules}.values(), key=lambda r: r.rule_id)


def _of_document(rule_id: str, section: str) -> Rule:
    """Rule that nobody has touched: it runs as the document has it."""
    return Rule(rule_id, section, standing=PUBLISHED, of_document=True)


EMPTY: Final = Publishing()


def fold(
    known: Publishing, change: ProgramChange, build: Build
) -> tuple[Publishing, Verdict]:
    """
    What a change makes of what is known, and whether it is taken.

    The same changes in the same order come to the same, whoever folds them:
    that is what decides between two who change one rule at a time.
    """
    effective_from = max(
        change.effective_from, change.recorded_at + max(change.lead_ms, LEAD_MS_MIN)
    )
    if change.kind == DOCUMENT:
        return _with_document(known, change, effective_from, build=build)
    if not known.timeline:
        return known, Refused(NO_PROGRAM, "there is no program yet")
    rule = known.rule(change.rule_id)
    if rule is None:
        if change.kind != DRAFTED:
            return known, Refused(NO_RULE, f"there is no rule {change.rule_id!r}")
        rule = Rule(change.rule_id, change.section)
    fault = _unfit(known, rule, change)
    if fault is not None:
        return known, fault
    after = after_step(rule, change, effective_from)
    if isinstance(after, Refused):
        return known, after
    timeline = known.timeline
    if change.kind in RUNNING_KINDS:
        move = _move_of(known, after, change)
        found = _moved(timeline, move, build)
        if isinstance(found, Refused):
            return known, found
        timeline = found
    rules = {**known.rules, rule.rule_id: after}
    taken = Taken(after.revision, after.effective_from)
    return replace(known, timeline=timeline, rules=rules), taken


def _unfit(known: Publishing, rule: Rule, change: ProgramChange) -> Refused | None:
    """Why a change cannot be about this rule at all."""
    if change.section and change.section not in SECTIONS:
        return Refused(INVALID, f"there is no section {change.section!r}")
    if change.section and change.section != rule.section:
        detail = f"{rule.rule_id!r} is a rule of {rule.section}"
        return Refused(RULE_EXISTS, detail)
    if not rule.section:
        return Refused(INVALID, "a rule is of a section")
    if change.document is not None and change.document.get("id") != rule.rule_id:
        return Refused(INVALID, f"the rule's own id is not {rule.rule_id!r}")
    is_new = rule.rule_id not in known.rules
    if is_new and len(known.rules) >= RULES_MAX:
        return Refused(FULL, f"there are {RULES_MAX} rules, the most")
    return None


def _move_of(known: Publishing, rule: Rule, change: ProgramChange) -> Move:
    """What a step makes run: a version of the rule, or nothing of it."""
    document: Document | None = None
    if change.kind in (PUBLISHED, RESUMED):
        version = rule.version(rule.running)
        base = known.timeline[-1].base
        document = (
            version.document
            if version is not None
            else rule_in(base, rule.section, rule.rule_id)
        )
    return Move(
        rule.effective_from,
        change.change_id,
        change.author,
        change.recorded_at,
        rule.rule_id,
        rule.section,
        document,
        change.why,
    )


def _with_document(
    known: Publishing, change: ProgramChange, effective_from: int, *, build: Build
) -> tuple[Publishing, Verdict]:
    if change.expected != known.documents:
        detail = f"there are {known.documents} documents, not {change.expected}"
        return known, Refused(STALE, detail)
    if change.document is None:
        return known, Refused(INVALID, "there is no document")
    move = Move(
        effective_from,
        change.change_id,
        change.author,
        change.recorded_at,
        "",
        "",
        change.document,
        change.why,
    )
    if not known.timeline:
        found = _begun(move, build)
    else:
        found = _moved(known.timeline, move, build)
    if isinstance(found, Refused):
        return known, found
    documents = known.documents + 1
    after = replace(known, timeline=found, documents=documents)
    return after, Taken(documents, effective_from if known.timeline else 0)


def _begun(move: Move, build: Build) -> Timeline | Refused:
    assert move.document is not None, "checked by the caller"
    try:
        program = build(move.document)
    except InvalidProgram as invalid:
        return _invalid(invalid)
    return begun(move, program.version)


def _moved(timeline: Timeline, move: Move, build: Build) -> Timeline | Refused:
    """Timeline after a move, if every program that it changes is sound."""
    if len(timeline) >= PROGRAM_VERSIONS_MAX:
        detail = f"the program has had {PROGRAM_VERSIONS_MAX} versions, the most"
        return Refused(FULL, detail)
    after, index = moved(timeline, move)
    for version in after[index:]:
        try:
            build_version(version, build)
        except InvalidProgram as invalid:
            return _invalid(invalid)
    return after


def _invalid(invalid: InvalidProgram) -> Refused:
    detail = f"the program would have {len(invalid.faults)} fault(s)"
    return Refused(INVALID, detail, tuple(invalid.faults))
