"""
What the fault runs came to: a table for people, JSON for machines.

`python -m tests.faults.summary [--note TEXT] RESULTS...` reads the XML of pytest runs and writes
`docs/faults.md` and `docs/faults.json`; exit code 1 when a row did not hold, or when a
test failed that is of no row. Runs of
several days and of several shares of the full counts may be given: the table says which.
With `--onto docs/faults.json` tests that were not run now keep what came of them before.
"""

import argparse
import json
import sys
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from functools import reduce
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import yaml

ROOT = Path(__file__).parents[2]
ROWS = Path(__file__).parent / "rows.yaml"
PAGE = ROOT / "docs" / "faults.md"
DOCUMENT = ROOT / "docs" / "faults.json"
PASSED, FAILED, NOT_RUN = "passed", "failed", "not run"
WORST_FIRST = (FAILED, NOT_RUN, PASSED)
# The property of a test that had only a share of its counts.
SHARE_NAME = "share"
HEAD = """\
# Faults

{about}

Made by `make faults` from `tests/faults/rows.yaml` and what its tests came to. A row holds when all of its tests passed in
that run; *not run* is not a pass. *=> fold*: an independent fold over the topics gives the same members, ledger, balances,
dead letters, and the same in Redis and ClickHouse.

What one machine without another one cannot show is not here: brokers that disagree, and disks that turn read-only.
"""


class Row(NamedTuple):
    """A fault, what must come of it, and the tests that show it."""

    id: str
    do: str
    expect: str
    tests: tuple[str, ...]


class Outcome(NamedTuple):
    """
    What came of a test or of a row.

    `share` is the part of the full counts that it ran with; `day` is when, empty where
    it did not run.
    """

    result: str
    seconds: float
    share: float
    day: str


MISSED = Outcome(NOT_RUN, 0.0, 1.0, "")


def rows() -> list[Row]:
    """Every row of the catalogue."""
    found = yaml.safe_load(ROWS.read_text())
    return [Row(x["id"], x["do"], x["expect"], tuple(x["tests"])) for x in found]


def outcomes(files: list[Path]) -> dict[str, Outcome]:
    """What came of each test, its parameters and its runs taken together."""
    found: dict[str, Outcome] = {}
    for file in files:
        for suite in ET.parse(file).getroot().iter("testsuite"):  # noqa: S314 - our own file
            day = suite.attrib.get("timestamp", "")[:10]
            # What pytest says of itself has no class.
            for case in suite.iterfind("testcase[@classname]"):
                path = case.attrib["classname"].replace(".", "/") + ".py"
                name = f"{path}::{case.attrib['name'].partition('[')[0]}"
                found[name] = _both(found.get(name), _outcome(case, day))
    return found


def kept_of(file: Path) -> dict[str, Outcome]:
    """What a former document says of each test that had run."""
    rows_before = json.loads(file.read_text())["rows"]
    return {
        test: Outcome(**told)
        for row in rows_before
        for test, told in row["outcomes"].items()
        if told["day"]
    }


def _outcome(case: ET.Element, day: str) -> Outcome:
    if any(case.find(kind) is not None for kind in ("failure", "error")):
        result = FAILED
    else:
        result = PASSED if case.find("skipped") is None else NOT_RUN
    shares = [
        float(one.attrib["value"])
        for one in case.iter("property")
        if one.attrib["name"] == SHARE_NAME
    ]
    return Outcome(result, float(case.attrib["time"]), min(shares, default=1.0), day)


def _both(known: Outcome | None, more: Outcome) -> Outcome:
    """The worst of two outcomes, the smallest share, the oldest day, all seconds."""
    if known is None:
        return more
    return Outcome(
        min(known.result, more.result, key=WORST_FIRST.index),
        known.seconds + more.seconds,
        min(known.share, more.share),
        min(known.day, more.day),
    )


def of_row(row: Row, known: dict[str, Outcome]) -> Outcome:
    """What came of a row: of all its tests together."""
    return reduce(_both, (known.get(test, MISSED) for test in row.tests))


def verdict(row: Row, known: dict[str, Outcome]) -> str:
    """Result of a row, and the share of its counts when that is not all of them."""
    came = of_row(row, known)
    return came.result if came.share == 1 else f"{came.result}, share {came.share:g}"


def about(known: dict[str, Outcome]) -> str:
    """When the runs were, and how much of the counts they had."""
    days = sorted({one.day for one in known.values() if one.day})
    results = [of_row(row, known) for row in rows()]
    parts = [one for one in results if one.share < 1]
    counts = ", ".join(
        f"{sum(one.result == which for one in results)} {which}"
        for which in reversed(WORST_FIRST)
    )
    text = f"Runs of {' to '.join(sorted({days[0], days[-1]}))}. " if days else ""
    text += f"Rows: {counts}. "
    if parts:
        text += (
            f"{len(parts)} of them had a share of their counts (0.2 is a fifth of the"
            " kills, stalls and records that the row names), as they say."
        )
    else:
        text += "Each with the whole of its counts."
    return text


def page(
    known: dict[str, Outcome],
    note: str = "",
    remarks: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """The table for people; a note, and remarks on rows, of whoever ran it."""
    lines = [HEAD.format(about=f"{about(known)} {note}".strip())]
    lines.append("| row | do | expected | shown by | seconds | result |")
    lines.append("| --- | --- | --- | --- | --- | --- |")
    for row in rows():
        tests = "<br>".join(f"`{test.rpartition('::')[2]}`" for test in row.tests)
        seconds = of_row(row, known).seconds
        remark = f": {remarks[row.id]}" if row.id in remarks else ""
        lines.append(
            f"| {row.id} | {row.do} | {row.expect} | {tests} | {seconds:.0f}"
            f" | {verdict(row, known)}{remark} |"
        )
    return "\n".join(lines) + "\n"


def document(known: dict[str, Outcome]) -> list[dict[str, Any]]:
    """The same for machines."""
    return [
        {
            **row._asdict(),
            **of_row(row, known)._asdict(),
            "outcomes": {test: known.get(test, MISSED)._asdict() for test in row.tests},
        }
        for row in rows()
    ]


def main(arguments: list[str]) -> int:
    """Write both; 1 when a row did not hold."""
    parser = argparse.ArgumentParser(prog="tests.faults.summary")
    parser.add_argument("files", nargs="+", type=Path, help="XML of pytest runs")
    parser.add_argument("--note", default="", help="a sentence for the top of the page")
    parser.add_argument(
        "--remarks", type=Path, help="YAML: what to add to a row's result"
    )
    parser.add_argument(
        "--onto", type=Path, help="a former document, for tests not run now"
    )
    chosen = parser.parse_args(arguments)
    kept = kept_of(chosen.onto) if chosen.onto else {}
    known = kept | outcomes(chosen.files)
    remarks = yaml.safe_load(chosen.remarks.read_text()) if chosen.remarks else {}
    PAGE.write_text(page(known, chosen.note, remarks))
    found = {
        "about": about(known),
        "note": chosen.note,
        "remarks": remarks,
        "rows": document(known),
    }
    DOCUMENT.write_text(json.dumps(found, indent=2) + "\n")
    print(about(known))
    failed = sorted(test for test, one in known.items() if one.result == FAILED)
    for test in failed:
        print(f"failed: {test}")
    return int(
        bool(failed) or {of_row(row, known).result for row in rows()} != {PASSED}
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
