"""
What the fault runs came to: a table for people, JSON for machines.

`python -m tests.faults.summary RESULTS...` reads the XML of pytest runs and writes
`docs/faults.md` and `.faults/faults.json`; exit code 1 when a row did not hold.
"""

import json
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any, NamedTuple

import yaml

ROOT = Path(__file__).parents[2]
ROWS = Path(__file__).parent / "rows.yaml"
PAGE = ROOT / "docs" / "faults.md"
DOCUMENT = ROOT / ".faults" / "faults.json"
PASSED, FAILED, NOT_RUN = "passed", "failed", "not run"
HEAD = """\
# Faults

Made by `make faults` from `tests/faults/rows.yaml` and what its tests came to. A row holds when all of its tests passed in
that run; *not run* is not a pass. *=> fold*: an independent fold over the topics gives the same members, ledger, balances,
dead letters, and the same in Redis and ClickHouse.

What one machine without another one cannot show is not here: brokers that disagree, disks that fill up or turn read-only,
a wall clock that jumps under a process (no decision reads one: ticks do, and C10 lets them jump), networks that split.
"""


class Row(NamedTuple):
    """A fault, what must come of it, and the tests that show it."""

    id: str
    do: str
    expect: str
    tests: tuple[str, ...]


def rows() -> list[Row]:
    """Every row of the catalogue."""
    found = yaml.safe_load(ROWS.read_text())
    return [Row(x["id"], x["do"], x["expect"], tuple(x["tests"])) for x in found]


def outcomes(files: list[Path]) -> dict[str, tuple[str, float]]:
    """Outcome and seconds by test, its parameters taken together: the worst counts."""
    found: dict[str, tuple[str, float]] = {}
    for file in files:
        for case in ET.parse(file).getroot().iter("testcase"):  # noqa: S314 - our own file
            path = case.attrib["classname"].replace(".", "/") + ".py"
            name = f"{path}::{case.attrib['name'].partition('[')[0]}"
            failed = any(case.find(kind) is not None for kind in ("failure", "error"))
            missed = case.find("skipped") is not None
            outcome = FAILED if failed else NOT_RUN if missed else PASSED
            known, seconds = found.get(name, (PASSED, 0.0))
            worst = known if known == FAILED else outcome
            found[name] = worst, seconds + float(case.attrib["time"])
    return found


def verdict(row: Row, known: dict[str, tuple[str, float]]) -> str:
    """What came of a row."""
    came = {known.get(test, (NOT_RUN, 0.0))[0] for test in row.tests}
    return next((one for one in (FAILED, NOT_RUN) if one in came), PASSED)


def page(known: dict[str, tuple[str, float]]) -> str:
    """The table for people."""
    lines = [HEAD, "| row | do | expected | shown by | seconds | result |"]
    lines.append("| --- | --- | --- | --- | --- | --- |")
    for row in rows():
        tests = "<br>".join(f"`{test.rpartition('::')[2]}`" for test in row.tests)
        seconds = sum(known.get(test, ("", 0.0))[1] for test in row.tests)
        result = verdict(row, known)
        lines.append(
            f"| {row.id} | {row.do} | {row.expect} | {tests} | {seconds:.0f} | {result} |"
        )
    return "\n".join(lines) + "\n"


def document(known: dict[str, tuple[str, float]]) -> list[dict[str, Any]]:
    """The same for machines."""
    return [
        {
            **row._asdict(),
            "result": verdict(row, known),
            "outcomes": {test: known.get(test, (NOT_RUN, 0.0)) for test in row.tests},
        }
        for row in rows()
    ]


def main(files: list[str]) -> int:
    """Write both; 1 when a row did not hold."""
    known = outcomes([Path(file) for file in files])
    PAGE.write_text(page(known))
    DOCUMENT.parent.mkdir(exist_ok=True)
    DOCUMENT.write_text(json.dumps(document(known), indent=2) + "\n")
    came = [verdict(row, known) for row in rows()]
    print(", ".join(f"{came.count(one)} {one}" for one in (PASSED, FAILED, NOT_RUN)))
    return int(set(came) != {PASSED})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
