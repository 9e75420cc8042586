"""A measurement in a process of its own: it prints figures on its last line."""

import signal
import subprocess
import sys
from types import FrameType
from typing import Final, NamedTuple

from local.stack import PROJECT

STEP_SECONDS_MAX: Final = 400


class Cost(NamedTuple):
    """How long so many records took, and how much CPU time."""

    records: float
    seconds: float
    cpu_seconds: float

    @property
    def rate(self) -> float:
        """Records a second."""
        return self.records / self.seconds

    @property
    def cpu_microseconds(self) -> float:
        """CPU time of one record."""
        return self.cpu_seconds / self.records * 1e6


def end_in_order() -> None:
    """Let whoever is told to end (SIGTERM) stop its servers, as Ctrl-C does."""
    signal.signal(signal.SIGTERM, _end)


def _end(number: int, _: FrameType | None) -> None:
    sys.exit(128 + number)


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
