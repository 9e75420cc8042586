"""The catalogue of faults names tests that there are, and its page has every row."""

import ast
import json
import re
from functools import cache
from pathlib import Path

import pytest

from tests.faults.named import named_in
from tests.faults.summary import (
    DOCUMENT,
    FAILED,
    NOT_RUN,
    PAGE,
    PASSED,
    ROOT,
    Outcome,
    Row,
    kept_of,
    of_row,
    outcomes,
    rows,
    verdict,
)

ALL = rows()
BROKEN = '<testcase classname="tests.a" name="t[x]" time="1"><error/></testcase>'
SOUND = '<testcase classname="tests.a" name="t[y]" time="1"/>'


@pytest.mark.parametrize("row", ALL, ids=[row.id for row in ALL])
def test_a_row_names_tests_that_there_are(row: Row) -> None:
    for test in row.tests:
        path, _, name = test.partition("::")
        assert name in functions(path), test


def test_the_pieces_of_the_suite_run_every_test_that_a_row_names() -> None:
    recipes = (ROOT / "Makefile").read_text()
    folders = re.findall(r"tests/\w+", recipes[recipes.index("FAULT_NAMED =") :])

    pieces = named_in([one for one in folders if one != "tests/faults"])
    own = named_in(["tests/faults"])

    assert sorted(pieces + own) == sorted({test for row in ALL for test in row.tests})


@cache
def functions(path: str) -> set[str]:
    """Names of a module's functions."""
    tree = ast.parse((ROOT / path).read_text())
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_row_has_one_id_and_stands_on_the_page() -> None:
    ids = [row.id for row in ALL]
    page = PAGE.read_text()

    assert len(set(ids)) == len(ids)
    assert all(f"| {row.id} | {row.do} |" in page for row in ALL)
    found = json.loads(DOCUMENT.read_text())
    assert [one["id"] for one in found["rows"]] == ids


@pytest.mark.parametrize(
    ("cases", "expected"),
    [
        ("", NOT_RUN),
        ('<testcase classname="tests.a" name="t" time="1"/>', PASSED),
        ('<testcase classname="tests.a" name="t[x]" time="1"/>', PASSED),
        (
            '<testcase classname="tests.a" name="t" time="1"><failure/></testcase>',
            FAILED,
        ),
        (
            '<testcase classname="tests.a" name="t" time="1"><skipped/></testcase>',
            NOT_RUN,
        ),
        (
            f"{BROKEN}{SOUND}",
            FAILED,
        ),
    ],
    ids=["none", "passed", "a parameter", "failed", "skipped", "one of two failed"],
)
def test_a_row_is_as_good_as_the_worst_of_its_tests(
    tmp_path: Path, cases: str, expected: str
) -> None:
    row = Row("X1", "do", "expect", ("tests/a.py::t",))

    assert verdict(row, outcomes([a_run(tmp_path, cases)])) == expected


def a_run(folder: Path, cases: str, day: str = "2026-11-26") -> Path:
    """The XML of a run."""
    file = folder / f"{day}.xml"
    file.write_text(
        f'<testsuites><testsuite timestamp="{day}T01:02:03">{cases}</testsuite></testsuites>'
    )
    return file


def test_a_row_says_what_share_of_its_counts_it_had_and_when(tmp_path: Path) -> None:
    part = (
        '<testcase classname="tests.a" name="t" time="2"><properties>'
        '<property name="share" value="0.2"/></properties></testcase>'
    )
    whole = '<testcase classname="tests.a" name="u" time="3"/>'
    row = Row("X1", "do", "expect", ("tests/a.py::t", "tests/a.py::u"))

    known = outcomes([a_run(tmp_path, part), a_run(tmp_path, whole, day="2026-11-25")])

    assert verdict(row, known) == "passed, share 0.2"
    assert of_row(row, known) == Outcome(PASSED, 5.0, 0.2, "2026-11-25")


def test_what_was_not_run_now_keeps_what_came_of_it_before(tmp_path: Path) -> None:
    before = kept_of(DOCUMENT)
    ran = {one for one, told in before.items() if told.result == PASSED}
    some = min(ran)
    path, _, name = some.partition("::")
    case = (
        f'<testcase classname="{path[:-3].replace("/", ".")}" name="{name}" time="1">'
        "<failure/></testcase>"
    )

    known = before | outcomes([a_run(tmp_path, case)])

    assert known[some].result == FAILED
    assert all(known[one] == before[one] for one in ran - {some})
