"""A rule that somebody is writing: as fields or as text, and what is said about it."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import yaml

from api.console.doors import BadForm
from api.console.rulebook.entries import document_of_form
from api.console.rulebook.fields import Group
from api.console.rulebook.parts import form_of
from api.console.rulebook.turning import turned
from api.rule_problems import RuleExists, RuleInvalid
from api.rule_steps import RuleDesk, check_rule, checked_rule_id, rule_id_of
from loyalty.limits import RULE_DOCUMENT_BYTES_MAX
from loyalty.publishing.changes import SECTIONS
from loyalty.publishing.findings import Finding
from loyalty.publishing.rule import DRAFT, Rule, RuleVersion
from loyalty.publishing.sentences import sentence
from schemas.program_changes import plain, written

AS_FIELDS: Final = "fields"
AS_TEXT: Final = "text"
NUMBER_DIGITS: Final = 4
NOT_YAML: Final = "is neither YAML nor JSON"


class Said(NamedTuple):
    """A fault or a doubt, and where; faults keep the rule from being saved."""

    pointer: str
    detail: str
    is_fault: bool


class Sheet(NamedTuple):
    """
    A rule being written; `rule_id` and `revision` are of the one that is edited.

    `text` is there as it was typed; `document` is None when it is none. Of its steps
    the one whose number `is_open` has fields.
    """

    section: str
    mode: str
    document: dict[str, Any] | None
    text: str = ""
    rule_id: str = ""
    revision: str = ""
    why: str = ""
    is_open: int = 0

    @property
    def groups(self) -> tuple[Group, ...] | None:
        """Fields of the form; None when the rule is written as text only."""
        if self.document is None:
            return None
        return form_of(self.section, self.document)


class Judged(NamedTuple):
    """What a rule says in words (empty while it has faults), and what is said of it."""

    text: str
    said: list[Said]

    @property
    def is_sound(self) -> bool:
        """Whether it can be saved."""
        return not any(one.is_fault for one in self.said)


def sheet_of_rule(
    section: str, document: Mapping[str, Any], *, rule_id: str = "", revision: int = 0
) -> Sheet:
    """Sheet of a rule as it stands, as fields where there is a form for it."""
    known = dict(document)
    mode = AS_FIELDS if form_of(section, known) else AS_TEXT
    return Sheet(section, mode, known, text_of(known), rule_id, str(revision))


def sheet_of_form(form: Mapping[str, str], *, cents: int) -> Sheet:
    """
    Sheet as it was sent.

    Raises: BadForm for what no form of ours sends.
    """
    section = form.get("section", "")
    if section not in SECTIONS:
        raise BadForm(f"there is no section {section!r}")
    sheet = Sheet(
        section,
        AS_TEXT,
        None,
        rule_id=form.get("rule_id", ""),
        revision=form.get("revision", ""),
        why=form.get("why", ""),
        is_open=_number(form.get("open", "")),
    )
    if form.get("mode") == AS_TEXT:
        text = form.get("text", "")
        return sheet._replace(text=text, document=_read(text))
    before = _read(form.get("before", ""))
    groups = None if before is None else form_of(section, before)
    if before is None or groups is None:
        raise BadForm("the form has lost its rule")
    document = document_of_form(groups, form, before, cents=cents)
    document = turned(section, before, document)
    if not sheet.rule_id:
        document["id"] = form.get("f.id", "").strip()
    return sheet._replace(mode=AS_FIELDS, document=document, text=text_of(document))


def judged(desk: RuleDesk, sheet: Sheet) -> Judged:
    """What the API would say of a rule, without keeping it."""
    document = sheet.document
    if document is None:
        return Judged("", [Said("", NOT_YAML, is_fault=True)])
    try:
        checked(desk, sheet)
    except (RuleInvalid, RuleExists) as problem:
        return Judged("", faults_of(problem))
    version = RuleVersion(1, document, DRAFT, "", 0, frozenset())
    rule = Rule(str(document["id"]), sheet.section, versions=(version,))
    said = [_doubt(one) for one in desk.findings(rule)]
    return Judged(sentence(sheet.section, document, desk.currency), said)


def checked(desk: RuleDesk, sheet: Sheet) -> dict[str, Any]:
    """
    Document of a sheet, if it may be saved.

    Raises: RuleInvalid, RuleExists, InvalidRequest.
    """
    document = sheet.document
    if document is None:
        raise RuleInvalid(NOT_YAML, errors=[{"pointer": "", "detail": NOT_YAML}])
    rule_id = rule_id_of(document)
    if sheet.rule_id:
        checked_rule_id(document, sheet.rule_id)
    elif desk.publishing.rule(rule_id) is not None:
        detail = f"there is a rule {rule_id!r} already"
        fault = {"pointer": "/rule/id", "detail": detail}
        raise RuleExists(detail, errors=[fault])
    check_rule(desk.publishing, sheet.section, document)
    return document


def faults_of(problem: Any) -> list[Said]:
    """Faults that a problem names, or the problem itself."""
    errors = problem.extra.get("errors") or [
        {"pointer": "", "detail": problem.detail or problem.title}
    ]
    return [Said(one["pointer"], one["detail"], is_fault=True) for one in errors]


def text_of(document: Mapping[str, Any]) -> str:
    """Document as YAML, its properties in their own order."""
    return yaml.safe_dump(dict(document), sort_keys=False, allow_unicode=True)


def kept(document: Mapping[str, Any]) -> str:
    """Document as a form carries it along."""
    return written(document)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < NUMBER_DIGITS else 0


def _read(text: str) -> dict[str, Any] | None:
    """Document of a text in YAML or JSON; None when it is none, or far too long."""
    if len(text) > RULE_DOCUMENT_BYTES_MAX * 2:
        return None
    try:
        # An alias can stand for a document that no memory holds.
        if any(isinstance(one, yaml.AliasEvent) for one in yaml.parse(text)):
            return None
        found = yaml.safe_load(text)
        return plain(found) if isinstance(found, dict) else None
    except (yaml.YAMLError, ValueError, TypeError, RecursionError):
        return None


def _doubt(finding: Finding) -> Said:
    return Said(finding.pointer, finding.detail, is_fault=False)
