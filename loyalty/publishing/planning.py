"""A program's file against the program that runs: what would change, what may not."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from loyalty.publishing.changes import ENDED, SECTIONS, Document
from loyalty.publishing.differences import Difference, differences
from loyalty.publishing.publishing import Publishing
from loyalty.publishing.timeline import rule_in

# Whoever applies a file does not say which version it becomes, nor from when.
OF_THE_LOG: Final = ("version", "effective_from", "effective_from_ms")


class Plan(NamedTuple):
    """
    What a file changes of the latest program, and what stands in its way.

    `conflicts` are rules with a life of their own: they are changed through it.
    """

    changes: tuple[Difference, ...]
    conflicts: tuple[str, ...]


def plan_of(publishing: Publishing, document: Document) -> Plan:
    """Compare a file with the latest program."""
    latest = publishing.latest_document
    changes = tuple(differences(_told(latest), _told(document)))
    return Plan(changes, tuple(_conflicts(publishing, document)))


def exported(publishing: Publishing) -> dict[str, Any]:
    """Document of the latest program, as a file that can be applied."""
    document = dict(publishing.latest_document)
    document.pop("effective_from_ms", None)
    return document


def _told(document: Document) -> dict[str, Any]:
    return {
        name: value
        for name, value in document.items()
        # An empty list says as much as none.
        if name not in OF_THE_LOG and value != []
    }


def _conflicts(publishing: Publishing, document: Document) -> Iterator[str]:
    latest = publishing.latest_document
    for rule_id, rule in sorted(publishing.rules.items()):
        in_file = rule_in(document, rule.section, rule_id)
        runs = rule_in(latest, rule.section, rule_id)
        elsewhere = [
            section
            for section in SECTIONS
            if section != rule.section and rule_in(document, section, rule_id)
        ]
        if in_file != runs or elsewhere:
            how = "has ended" if rule.standing == ENDED else f"is {rule.state}"
            yield f"{rule.section}/{rule_id} {how} and has a life of its own"
