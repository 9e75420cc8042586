"""The pages made from the code say what the code says."""

from pathlib import Path

import pytest

from jobs.write_docs import pages

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", sorted(pages()))
def test_the_page_is_current(name: str) -> None:
    """Run `make jobs NAME=write-docs` when this fails."""
    assert (DOCS / name).read_text() == pages()[name]
