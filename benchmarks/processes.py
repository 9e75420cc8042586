"""A measurement in a process of its own: it prints figures on its last line."""

import subprocess
import sys
from typing import Final

from local.stack import PROJECT

STEP_SECONDS_MAX: Final = 400


def run_measurement(
    name: str, *arguments: str, python: str = sys.executable
) -> list[float]:
    """Run `benchmarks.<name>` and return its figures."""
    done = subprocess.run(
        [python, "-m", f"benchmarks.{name}", *arguments],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=STEP_SECONDS_MAX,
        check=False,
    )
    lines = done.stdout.strip().splitlines()
    assert lines, f"{name} said nothing: {done.stderr[-1500:]}"
    return [float(figure) for figure in lines[-1].split()]
