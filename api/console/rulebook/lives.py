"""One rule on its page: what it says, what was done to it, what may be done now."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from api.console.journeys import drawn_steps
from api.console.rulebook.listing import document_of, state_of
from api.console.rulebook.unshown import place_name
from api.console.showing import NOTHING
from api.console.viewers import APPROVE_RULES, WRITE_RULES, Viewer
from api.rule_steps import RuleDesk
from loyalty.campaigns import is_of_campaign
from loyalty.publishing.changes import (
    APPROVED,
    ENDED,
    PAUSED,
    PUBLISHED,
    SUBMITTED,
    Document,
)
from loyalty.publishing.differences import Difference, differences, escaped
from loyalty.publishing.findings import Finding
from loyalty.publishing.rule import DRAFT, OF_DOCUMENT, Rule, RuleVersion
from loyalty.publishing.sentences import sentence
from loyalty.publishing.timeline import rule_in

STEPS_SHOWN: Final = 100
VERSIONS_SHOWN: Final = 50


class FieldRow(NamedTuple):
    """A place of a document, its value, and what is said about it."""

    name: str
    value: str
    findings: list[Finding]


class VersionRow(NamedTuple):
    """A version, its sentence, and what it changes against the one before."""

    version: RuleVersion
    text: str
    changes: list[Difference]


def actions_of(rule: Rule, viewer: Viewer) -> list[str]:
    """Steps that may be taken now by the viewer, in the order of a rule's life."""
    if rule.standing == ENDED:
        return []
    writes, approves = viewer.may(WRITE_RULES), viewer.may(APPROVE_RULES)
    status = rule.newest.status if rule.newest else ""
    found = ["edit"] * (writes and status != SUBMITTED)
    found += ["submit"] * (writes and status == DRAFT)
    if approves and status == SUBMITTED:
        found += ["approve"] * (not had_a_hand(rule, viewer)) + ["reject"]
    if writes or approves:
        found += ["publish"] * bool(publishable(rule))
        found += ["pause"] * (rule.standing == PUBLISHED)
        found += ["resume"] * (rule.standing == PAUSED)
        found += ["end"] * bool(rule.standing)
    return found


def had_a_hand(rule: Rule, viewer: Viewer) -> bool:
    """Whether the viewer wrote or submitted the newest version."""
    return rule.newest is not None and viewer.subject in rule.newest.authors


def publishable(rule: Rule) -> list[int]:
    """Numbers of versions that may be published, the newest first; 0 is the file's."""
    found = [one.number for one in rule.versions if one.status == APPROVED][::-1]
    found += [OF_DOCUMENT] * rule.of_document
    # What is paused is resumed, not published.
    runs = rule.running if rule.standing else None
    return [number for number in found if number != runs]


def fields_of(document: Document, findings: tuple[Finding, ...]) -> list[FieldRow]:
    """Document as rows, each with what the analysis says about it."""
    rows = []
    left = list(findings)
    for pointer, value in _leaves(document, "/rule"):
        said = [one for one in left if _is_about(one.pointer, pointer)]
        left = [one for one in left if one not in said]
        rows.append(FieldRow(_named(pointer), told(value), said))
    # What is missing, or concerns the rule as a whole.
    return rows + [FieldRow(_named(one.pointer), "", [one]) for one in left]


def versions_of(desk: RuleDesk, rule: Rule) -> list[VersionRow]:
    """Versions, the newest first, each against the one before it."""
    return list(_versions(desk, rule))[::-1][:VERSIONS_SHOWN]


def page_of(desk: RuleDesk, rule: Rule, viewer: Viewer, *, now: int) -> dict[str, Any]:
    """What the page of a rule shows."""
    newest = rule.newest
    runs = document_of(desk, rule)
    document = newest.document if newest else runs
    findings = desk.findings(rule)
    return {
        "here": "rules",
        "rule": rule,
        "state": state_of(rule, now),
        "pending": rule.pending if rule.standing else "",
        "text": sentence(rule.section, document, desk.currency),
        "running_text": sentence(rule.section, runs, desk.currency),
        "drawn": drawn_steps(rule.section, document, desk.currency),
        "fields": fields_of(document, findings),
        "findings": findings,
        "versions": versions_of(desk, rule),
        "steps": rule.steps[::-1][:STEPS_SHOWN],
        "actions": actions_of(rule, viewer),
        "publishable": publishable(rule),
        "had_a_hand": had_a_hand(rule, viewer),
        "is_of_campaign": is_of_campaign(str(document.get("activity", ""))),
        "told_value": told,
    }


def told(value: Any) -> str:
    """Value of a document in words: lists with commas, objects by their names."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {told(one)}" for name, one in value.items())
    if isinstance(value, list):
        parts = [told(one) for one in value]
        return (" / " if any(": " in one for one in parts) else ", ").join(parts)
    return str(value)


def _is_about(said: str, pointer: str) -> bool:
    """Whether something is said of a place, of what is in it, or of its part."""
    is_of_part = said != "/rule" and f"{pointer}/".startswith(f"{said}/")
    return is_of_part or f"{said}/".startswith(f"{pointer}/")


def _leaves(value: Any, pointer: str) -> Iterator[tuple[str, Any]]:
    """Values that are no objects, and where they stand."""
    if isinstance(value, Mapping):
        for name, one in value.items():
            yield from _leaves(one, f"{pointer}/{escaped(str(name))}")
    elif isinstance(value, list) and any(isinstance(one, Mapping) for one in value):
        for number, one in enumerate(value):
            yield from _leaves(one, f"{pointer}/{number}")
    else:
        yield pointer, value


def _named(pointer: str) -> str:
    """Place as people read it."""
    parts = pointer.removeprefix("/rule").strip("/").split("/")
    return place_name([int(one) if one.isdecimal() else one for one in parts if one])


def _versions(desk: RuleDesk, rule: Rule) -> Iterator[VersionRow]:
    base = desk.publishing.timeline[-1].base
    before: Document = rule_in(base, rule.section, rule.rule_id) or {}
    for version in rule.versions:
        text = sentence(rule.section, version.document, desk.currency)
        changes = differences(before, version.document) if before else ()
        yield VersionRow(version, text, list(changes))
        before = version.document
