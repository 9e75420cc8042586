"""Makes a program's file the program that runs, from a moment soon to come."""

import argparse
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from jobs.errors import JobRefused
from jobs.plan import planned, told
from loyalty.limits import ID_LENGTH_MAX, REASON_LENGTH_MAX
from loyalty.publishing.changes import DOCUMENT, Document, ProgramChange, Refused
from runtime.settings import Settings
from schemas.program_changes import plain
from schemas.topics import SOURCE_BYTES_MAX
from stores.program_reader import read_program, write_changes
from stores.programs import load_document

SUMMARY: Final = "make a program's file the program that runs"
# The record has more than the document.
DOCUMENT_BYTES_MAX: Final = SOURCE_BYTES_MAX - 8_192


def run(settings: Settings, arguments: list[str]) -> None:
    """
    Apply a file and print from when it holds.

    Raises: JobRefused for rules that have a life of their own, or when somebody
    was faster; InvalidProgram; what reading the log raises.
    """
    parser = argparse.ArgumentParser("apply", description=SUMMARY)
    parser.add_argument("file", type=Path, help="the program as it should be")
    parser.add_argument("--author", default="jobs", help="who does it")
    parser.add_argument("--why", default="", help="what for")
    chosen = parser.parse_args(arguments)
    if not 0 < len(chosen.author) <= ID_LENGTH_MAX:
        raise JobRefused(f"an author has 1 to {ID_LENGTH_MAX} characters")
    if len(chosen.why) > REASON_LENGTH_MAX:
        raise JobRefused(f"a reason has at most {REASON_LENGTH_MAX} characters")
    snapshot = read_program(settings)
    document, plan = planned(settings, chosen.file, snapshot)
    print(told(plan))
    if plan.conflicts:
        raise JobRefused("change these rules through /v1/rules, or export them first")
    if not plan.changes and snapshot.is_recorded:
        return
    changes = []
    documents = snapshot.publishing.documents if snapshot.is_recorded else 0
    if not snapshot.is_recorded:
        # What has judged so far is the first version, whatever comes now.
        first = plain(load_document(Path(settings.program_file)))
        changes.append(_change(first, 0, author=chosen.author, why="before apply"))
        documents = 1
    if plan.changes:
        change = _change(document, documents, author=chosen.author, why=chosen.why)
        changes.append(change._replace(lead_ms=settings.publish_lead_ms))
    for verdict in write_changes(settings, changes):
        if isinstance(verdict, Refused):
            faults = "; ".join(f"{f.pointer}: {f.message}" for f in verdict.faults)
            raise JobRefused(f"not taken: {verdict.detail} {faults}".strip())
        print(
            f"document {verdict.revision} holds from {_shown(verdict.effective_from)}"
        )


def _change(
    document: Document, documents: int, *, author: str, why: str
) -> ProgramChange:
    size = len(str(document).encode())
    if size > DOCUMENT_BYTES_MAX:
        raise JobRefused(f"the file has {size} bytes, at most {DOCUMENT_BYTES_MAX}")
    return ProgramChange(
        uuid.uuid4().hex,
        DOCUMENT,
        author,
        int(time.time() * 1000),
        documents,
        version=document.get("version") or 1,
        document=document,
        why=why,
    )


def _shown(at: int) -> str:
    if not at:
        return "the beginning"
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds")
