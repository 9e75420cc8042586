"""The worked examples load without a doubt, and every rule of them is a sentence."""

from pathlib import Path

import pytest

from loyalty.publishing.analysis import program_findings
from loyalty.publishing.changes import SECTIONS
from loyalty.publishing.planning import exported, plan_of
from loyalty.publishing.sentences import sentence
from schemas.program_changes import plain
from stores.memory_program_log import MemoryProgramLog
from stores.programs import ProgramBuilder, load_document
from tests.builders import NOON

FOLDER = Path(__file__).parents[2] / "programs"
EXAMPLES = ["coffee", "burgers", "pizza", "grocery", "miles"]
ALL = [*EXAMPLES, "demo", "points-only"]


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_loads_without_a_doubt(name: str) -> None:
    program = ProgramBuilder()(load_document(FOLDER / f"{name}.yaml"))

    assert program_findings(program) == ()


@pytest.mark.parametrize("name", ALL)
def test_every_rule_of_a_program_is_a_sentence(name: str) -> None:
    document = load_document(FOLDER / f"{name}.yaml")
    said = [
        sentence(section, rule, document["currency"])
        for section in SECTIONS
        for rule in document.get(section) or ()
    ]

    assert said
    assert all(text.endswith(".") and "  " not in text for text in said), said


@pytest.mark.parametrize("name", ALL)
def test_a_program_survives_its_export(name: str) -> None:
    document = load_document(FOLDER / f"{name}.yaml")
    log = MemoryProgramLog(document, lambda: NOON)
    publishing = log.snapshot.publishing

    assert ProgramBuilder()(exported(publishing)) == ProgramBuilder()(document)
    assert plan_of(publishing, plain(exported(publishing))) == ((), ())
