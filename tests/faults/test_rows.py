"""The catalogue of faults names tests that there are, and its page has every row."""

import ast
from pathlib import Path

import pytest

from tests.faults.summary import (
    FAILED,
    NOT_RUN,
    PAGE,
    PASSED,
    ROOT,
    Row,
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
        tree = ast.parse((ROOT / path).read_text())
        names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
        assert name in names, test


def test_every_row_has_one_id_and_stands_on_the_page() -> None:
    ids = [row.id for row in ALL]
    page = PAGE.read_text()

    assert len(set(ids)) == len(ids)
    assert all(f"| {row.id} | {row.do} |" in page for row in ALL)


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
    file = tmp_path / "run.xml"
    file.write_text(f"<testsuites><testsuite>{cases}</testsuite></testsuites>")
    row = Row("X1", "do", "expect", ("tests/a.py::t",))

    assert verdict(row, outcomes([file])) == expected
