"""Programs that share rules are built faster, and come to the same."""

from pathlib import Path
from typing import Any

import pytest

from loyalty.document import InvalidProgram
from loyalty.program_document import KnownRules, program_from
from schemas.program_changes import plain
from stores.programs import EDGE_CALENDARS, ProgramBuilder, load_document

PROGRAMS = sorted((Path(__file__).parents[2] / "programs").glob("*.yaml"))


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_a_shared_rule_is_the_rule(path: Path) -> None:
    document = plain(load_document(path))
    known: KnownRules = {}
    first = program_from(document, EDGE_CALENDARS, known=known)
    again = program_from(dict(document), EDGE_CALENDARS, known=known)

    assert first == again == program_from(document, EDGE_CALENDARS)
    assert again.earn_rules[0] is first.earn_rules[0]


def faults_of(document: Any, known: KnownRules) -> list[str]:
    """Pointers to all faults."""
    with pytest.raises(InvalidProgram) as caught:
        program_from(document, EDGE_CALENDARS, known=known)
    return [fault.pointer for fault in caught.value.faults]


def test_a_fault_is_told_each_time_and_where_it_is_then() -> None:
    sound = {"id": "a", "points": 1}
    broken = {"id": "b", "points": 1, "colour": "red"}
    head = {"program": "p", "currency": "USD"}
    known: KnownRules = {}

    assert faults_of(head | {"earn": [sound, broken]}, known) == ["/earn/1/colour"]
    assert faults_of(head | {"earn": [broken, sound]}, known) == ["/earn/0/colour"]


def test_rules_of_another_zone_are_built_anew() -> None:
    rule = {"id": "a", "points": 1, "when": {"from": "2026-03-01"}}
    head = {"program": "p", "currency": "USD", "earn": [rule]}
    known: KnownRules = {}
    utc = program_from(head, EDGE_CALENDARS, known=known)
    tokyo = program_from(
        head | {"time_zone": "Asia/Tokyo"}, EDGE_CALENDARS, known=known
    )

    hours = (
        utc.earn_rules[0].when.from_at - tokyo.earn_rules[0].when.from_at
    ) // 3_600_000
    assert hours == 9


def test_a_builder_keeps_the_latest_few() -> None:
    builder = ProgramBuilder(kept_max=2)
    documents = [{"program": "p", "currency": "USD", "version": n} for n in (1, 2, 3)]
    built = [builder(document) for document in documents]

    assert builder(documents[2]) is built[2]
    assert builder(documents[0]) is not built[0]
    assert builder(documents[0]) == built[0]
