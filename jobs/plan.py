"""Says what a program's file would change of the program that runs."""

import argparse
import json
from pathlib import Path
from typing import Any, Final

from loyalty.publishing.analysis import program_findings
from loyalty.publishing.changes import Document
from loyalty.publishing.planning import Plan, plan_of
from runtime.settings import Settings
from schemas.program_changes import plain
from stores.program_log_contract import Snapshot
from stores.program_reader import read_program
from stores.programs import ProgramBuilder, load_catalogue, load_document

SUMMARY: Final = "say what a program's file would change of the program that runs"
SHOWN_MAX: Final = 100
VALUE_LENGTH_MAX: Final = 60


def run(settings: Settings, arguments: list[str]) -> None:
    """Print the plan; raises InvalidProgram, and what reading the log raises."""
    parser = argparse.ArgumentParser("plan", description=SUMMARY)
    parser.add_argument("file", type=Path, help="the program as it should be")
    chosen = parser.parse_args(arguments)
    _, plan = planned(settings, chosen.file, read_program(settings))
    print(told(plan))


def planned(
    settings: Settings, file: Path, snapshot: Snapshot
) -> tuple[Document, Plan]:
    """
    A file's document, and what it would change; doubts about its rules are printed.

    Raises: InvalidProgram with a pointer to each fault; FileNotFoundError.
    """
    read = load_document(file)
    program = ProgramBuilder()(read)
    catalogue = load_catalogue(settings.catalogue_file)
    for section, rule_id, finding in program_findings(program, catalogue=catalogue):
        print(f"{finding.severity} {section}/{rule_id}: {finding.detail}")
    document = plain(read)
    return document, plan_of(snapshot.publishing, document)


def told(plan: Plan) -> str:
    """Plan in lines, the first hundred changes of it."""
    lines = [
        f"{one.pointer}: {_short(one.before)} -> {_short(one.after)}"
        for one in plan.changes[:SHOWN_MAX]
    ]
    if len(plan.changes) > SHOWN_MAX:
        lines.append(f"and {len(plan.changes) - SHOWN_MAX} more")
    lines += [f"conflict: {one}" for one in plan.conflicts]
    lines.append(f"{len(plan.changes)} change(s), {len(plan.conflicts)} conflict(s)")
    return "\n".join(lines)


def _short(value: Any) -> str:
    if value is None:
        return "nothing"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= VALUE_LENGTH_MAX else text[:VALUE_LENGTH_MAX] + "…"
