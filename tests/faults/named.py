"""
The tests that rows of the catalogue name, of some folders, a line each.

`python -m tests.faults.named FOLDER...` says them in the way that pytest wants them told:
a folder has many more that `make test` runs, and that show nothing of a row.
"""

import sys

from tests.faults.summary import ROOT, rows


def named_in(folders: list[str]) -> list[str]:
    """Names of the tests of some folders that a row names, each once, as they stand."""
    wanted = tuple(f"{folder.rstrip('/')}/" for folder in folders)
    found = {test for row in rows() for test in row.tests if test.startswith(wanted)}
    return sorted(found, key=_place)


def _place(test: str) -> tuple[str, int]:
    # Pytest runs them in the order in which it is told: those of a file that share
    # servers build on one another.
    path, _, name = test.partition("::")
    return path, (ROOT / path).read_text().index(f"def {name}(")


if __name__ == "__main__":
    print("\n".join(named_in(sys.argv[1:])))
