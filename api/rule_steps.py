"""Steps of a rule's life on their way to the log, and what its verdict means."""

import uuid
from collections.abc import Mapping
from typing import Any, Final, NoReturn

from api.errors import FAULTS_MAX
from api.problems import InvalidRequest, Problem
from api.rule_problems import (
    RevisionStale,
    RuleExists,
    RuleInvalid,
    RuleNotFound,
    RuleNotNow,
    SelfApproval,
)
from delivery.rendering import faults_of
from loyalty.document import Fault, InvalidProgram, Node
from loyalty.limits import RULE_DOCUMENT_BYTES_MAX
from loyalty.message_documents import message_template
from loyalty.publishing.analysis import findings_of
from loyalty.publishing.catalogue import Catalogue
from loyalty.publishing.changes import (
    FULL,
    INVALID,
    NO_PROGRAM,
    NO_RULE,
    NO_VERSION,
    NOT_NOW,
    RULE_EXISTS,
    SELF_APPROVAL,
    STALE,
    Document,
    Refused,
)
from loyalty.publishing.findings import ERROR, Finding
from loyalty.publishing.publishing import Publishing
from loyalty.publishing.rule import OF_DOCUMENT, Rule
from loyalty.publishing.timeline import composed, rule_in
from schemas.program_changes import written
from stores.program_log_contract import ProgramLog
from stores.programs import ProgramBuilder

BY_REASON: Final[dict[str, type[Problem]]] = {
    STALE: RevisionStale,
    SELF_APPROVAL: SelfApproval,
    NOT_NOW: RuleNotNow,
    NO_RULE: RuleNotFound,
    NO_VERSION: RuleNotFound,
    RULE_EXISTS: RuleExists,
    NO_PROGRAM: RuleNotNow,
    INVALID: RuleInvalid,
    FULL: RuleNotNow,
}


class RuleDesk:
    """The log of the program, as requests about rules see it."""

    def __init__(self, log: ProgramLog, lead_ms: int, catalogue: Catalogue) -> None:
        """Say which log, how long before its effect a publication comes, and names."""
        self.log = log
        self._catalogue = catalogue
        self.lead_ms = lead_ms

    @property
    def publishing(self) -> Publishing:
        """What is known of all rules."""
        return self.log.snapshot.publishing

    @property
    def currency(self) -> str:
        """Currency of the latest program."""
        return str(self.publishing.latest_document.get("currency", ""))

    def new_id(self) -> str:
        """Id for a change: nobody's so far."""
        return uuid.uuid4().hex

    def rule(self, rule_id: str) -> Rule:
        """Rule of an id; raises RuleNotFound."""
        rule = self.publishing.rule(rule_id)
        if rule is None:
            raise RuleNotFound(f"there is no rule {rule_id!r}")
        return rule

    def document(self, rule: Rule, number: int) -> Document:
        """
        Version of a rule; of one that the program's file lacks, 0 is nothing.

        Raises: RuleNotFound.
        """
        if number == OF_DOCUMENT:
            base = self.publishing.timeline[-1].base
            return rule_in(base, rule.section, rule.rule_id) or {}
        version = rule.version(number)
        if version is None:
            raise RuleNotFound(f"there is no version {number}")
        return version.document

    def findings(self, rule: Rule) -> tuple[Finding, ...]:
        """What the analysis says about the newest version of a rule."""
        newest = rule.newest
        if newest is None:
            return ()
        whole = with_rule(self.publishing, rule.section, newest.document)
        try:
            program = ProgramBuilder()(whole)
        except InvalidProgram as invalid:
            # Sound when it was written; what it names has gone meanwhile.
            return tuple(
                Finding("unsound", ERROR, fault.pointer, fault.message)
                for fault in invalid.faults[:FAULTS_MAX]
            )
        return findings_of(
            program, rule.section, rule.rule_id, catalogue=self._catalogue
        )


def rule_id_of(document: Document) -> str:
    """Id of a rule's document; raises RuleInvalid where there is none."""
    rule_id = document.get("id")
    if isinstance(rule_id, str) and rule_id:
        return rule_id
    raise RuleInvalid(
        "a rule needs an id", errors=[{"pointer": "/rule/id", "detail": "is no text"}]
    )


def check_rule(publishing: Publishing, section: str, document: Document) -> None:
    """
    Refuse a rule with which the latest program would not be sound.

    Raises: RuleInvalid with a pointer to each fault.
    """
    try:
        size = len(written(document).encode())
    except (UnicodeEncodeError, RecursionError) as error:
        # Half a character, or nested deeper than anybody reads.
        raise _invalid("1 fault(s)", [Fault("/rule", "cannot be written")]) from error
    if size > RULE_DOCUMENT_BYTES_MAX:
        detail = f"has {size} bytes as JSON, at most {RULE_DOCUMENT_BYTES_MAX}"
        raise _invalid("1 fault(s)", [Fault("/rule", detail)])
    rule_id = rule_id_of(document)
    whole = with_rule(publishing, section, document)
    try:
        ProgramBuilder()(whole)
    except InvalidProgram as invalid:
        index = next(n for n, r in enumerate(whole[section]) if r.get("id") == rule_id)
        faults = [_in_rule(fault, f"/{section}/{index}") for fault in invalid.faults]
        raise _invalid(f"{len(faults)} fault(s), see errors", faults) from invalid
    if section == "templates":
        _check_texts(document)


def _check_texts(document: Document) -> None:
    """Refuse a text that no message could be filled with."""
    template = message_template(Node(document, "/rule", []))
    faults = [
        Fault(f"/rule/texts/{text.channel}/{fault.part}", fault.message)
        for text in template.texts
        for fault in faults_of(text)
    ]
    if faults:
        raise _invalid(f"{len(faults)} fault(s), see errors", faults)


def with_rule(
    publishing: Publishing, section: str, document: Document
) -> dict[str, Any]:
    """Latest program with a rule in it, in the place that it has or would have."""
    latest = publishing.latest_document
    listed = latest.get(section) or []
    assert isinstance(listed, list), "a program that was built"
    return composed(latest, {str(document["id"]): (section, document)})


def refuse(refused: Refused) -> NoReturn:
    """Raise the problem that a verdict is."""
    kind = BY_REASON[refused.reason]
    if refused.faults:
        raise _invalid(refused.detail, list(refused.faults))
    raise kind(refused.detail)


def _in_rule(fault: Fault, where: str) -> Fault:
    if fault.pointer == where or fault.pointer.startswith(where + "/"):
        return Fault("/rule" + fault.pointer[len(where) :], fault.message)
    # The fault of another part, because of this rule.
    return Fault("/rule", f"{fault.pointer}: {fault.message}")


def _invalid(detail: str, faults: list[Fault]) -> RuleInvalid:
    errors: list[Mapping[str, str]] = [
        {"pointer": one.pointer, "detail": one.message} for one in faults[:FAULTS_MAX]
    ]
    return RuleInvalid(detail, errors=errors)


def checked_rule_id(document: Document, rule_id: str) -> None:
    """Refuse a version whose own id is another one; raises InvalidRequest."""
    if rule_id_of(document) != rule_id:
        detail = f"is {document['id']!r}, the path names {rule_id!r}"
        raise InvalidRequest(
            "the rule's id cannot change",
            errors=[{"pointer": "/rule/id", "detail": detail}],
        )
