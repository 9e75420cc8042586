"""Words that people read stand in the catalogue, and nowhere else."""

import re
from pathlib import Path

import pytest

CONSOLE = Path(__file__).parents[2] / "console"
TEMPLATES = sorted((CONSOLE / "templates").glob("*.html"))
MADE = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
ENTITY = re.compile(r"&[a-z]+;")
BETWEEN_TAGS = re.compile(r">([^<]*[A-Za-z]{2,}[^<]*)<")
SPOKEN = re.compile(
    r"""(?:aria-label|title|placeholder|alt)="([^"]*[A-Za-z]{2,}[^"]*)\""""
)
SAID_BY_SCRIPT = re.compile(r"""(?:textContent|innerText|title|alt)\s*[:=]\s*["'`]\w""")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_a_template_has_no_words_of_its_own(path: Path) -> None:
    text = ENTITY.sub(" ", MADE.sub(" ", path.read_text()))

    assert [found.strip() for found in BETWEEN_TAGS.findall(text)] == []
    assert SPOKEN.findall(text) == []


def test_the_script_has_no_words_of_its_own() -> None:
    assert SAID_BY_SCRIPT.findall((CONSOLE / "static" / "console.js").read_text()) == []
