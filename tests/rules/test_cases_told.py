"""The page of vendors' own examples and the tests under their ids are one list."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.tracked import ROOT, tracked

PAGE = (ROOT / "docs" / "cases.md").read_text()
ID = re.compile(r"(?:\b|_)ex[-_](\d+)", re.IGNORECASE)


def ids_in(text: str) -> set[str]:
    """Ids of cases, as the page writes them."""
    return {f"EX-{number}" for number in ID.findall(text)}


def ids_of_tests(source: str) -> Iterator[str]:
    """Ids that tests bear: in a name, or in a text within; not a module's docstring."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.Expr):
            continue
        for inner in ast.walk(node):
            if isinstance(inner, ast.FunctionDef):
                yield from ids_in(inner.name)
            elif isinstance(inner, ast.Constant) and isinstance(inner.value, str):
                yield from ids_in(inner.value)


def ids_tested() -> set[str]:
    """Ids that the tests of the repository bear."""
    files = [
        Path(name) for name in tracked() if re.match(r"tests/.*test_\w+\.py", name)
    ]
    here = Path(__file__).name
    return {
        found
        for path in files
        if path.name != here
        for found in ids_of_tests((ROOT / path).read_text())
    }


def test_every_case_of_the_page_is_a_test_and_none_is_untold() -> None:
    told = re.findall(r"^\| (EX-\d+) \|", PAGE, re.MULTILINE)

    assert len(told) == len(set(told)) >= 50
    assert ids_tested() == set(told)


def test_every_source_that_a_case_names_is_told() -> None:
    cases, _, sources = PAGE.partition("\n## Sources\n")
    listed = "\n".join(re.findall(r"^\| ([^|]+) \|", sources, re.MULTILINE))
    spans = re.findall(r"([A-Z]+)(\d+)(?: … [A-Z]+(\d+))?", listed)
    known = {
        f"{letters}{number}"
        for letters, first, last in spans
        for number in range(int(first), int(last or first) + 1)
    }
    named = set(re.findall(r"\[([A-Z]+\d+)\]", cases))

    assert named
    assert named <= known


def test_a_mention_at_the_head_of_a_module_is_no_test() -> None:
    text = '"""EX-901 to EX-903."""\n\n\ndef test_ex_902_is() -> None:\n    "EX-904 too."\n'

    assert set(ids_of_tests(text)) == {"EX-902", "EX-904"}
