"""Programs that may be, from the documents of a request."""

from collections.abc import Mapping
from typing import Any

from api.backtest_requests import CandidateRuleIn
from api.errors import FAULTS_MAX, POINTER_LENGTH_MAX
from api.problems import InvalidRequest
from loyalty.document import InvalidProgram
from loyalty.program import Program
from loyalty.program_document import program_from
from stores.programs import EDGE_CALENDARS


def candidate_of(
    document: Any, pointer: str, *, moved: tuple[str, str] = ("", "")
) -> Program:
    """
    Program of a document that stands at a pointer of the body.

    `moved` names a part that stands elsewhere in the body: where it is, and where.

    Raises: InvalidRequest with a pointer to each fault.
    """
    try:
        return program_from(document, EDGE_CALENDARS)
    except InvalidProgram as invalid:
        faults = [
            {
                "pointer": _moved(pointer + fault.pointer, moved)[:POINTER_LENGTH_MAX],
                "detail": fault.message,
            }
            for fault in invalid.faults[:FAULTS_MAX]
        ]
        detail = f"{len(invalid.faults)} fault(s), see errors"
        raise InvalidRequest(detail, errors=faults) from invalid


def _moved(pointer: str, moved: tuple[str, str]) -> str:
    here, there = moved
    if here and f"{pointer}/".startswith(f"{here}/"):
        return there + pointer.removeprefix(here)
    return pointer


def with_rule(
    document: Mapping[str, Any], rule: CandidateRuleIn
) -> tuple[dict[str, Any], int]:
    """Document with a rule in the place of its namesake, or last; and that place."""
    rules = list(document.get(rule.kind) or ())
    named = [one.get("id") if isinstance(one, Mapping) else None for one in rules]
    place = len(rules)
    if rule.document.get("id") in named:
        place = named.index(rule.document.get("id"))
    rules[place : place + 1] = [rule.document]
    return dict(document) | {rule.kind: rules}, place
