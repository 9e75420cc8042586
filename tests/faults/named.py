"""
The tests that rows of the catalogue name, of some folders, a line each.

`python -m tests.faults.named FOLDER...` says them in the way that pytest wants them told:
a folder has many more that `make test` runs, and that show nothing of a row.
"""

import sys

from tests.faults.summary import rows


def named_in(folders: list[str]) -> list[str]:
    """Names of the tests of some folders that a row names, each once, in order."""
    wanted = tuple(f"{folder.rstrip('/')}/" for folder in folders)
    return sorted(
        {test for row in rows() for test in row.tests if test.startswith(wanted)}
    )


if __name__ == "__main__":
    print("\n".join(named_in(sys.argv[1:])))
