"""What git knows of this project, for checks of every file."""

import subprocess
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]


def tracked() -> list[str]:
    """Every file that git tracks, by its path from the root."""
    listed = subprocess.run(
        ["git", "ls-files"],  # noqa: S607 - whichever git made this folder
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return listed.stdout.splitlines()
