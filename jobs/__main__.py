"""The command line of the jobs: `python -m jobs NAME [arguments]`."""

import ast
import importlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final, cast

from jobs.errors import JobFailed, JobRefused
from loyalty.document import InvalidProgram
from runtime.clock_watch import EXIT_CLOCK_SET_BACK, ClockWatch
from runtime.settings import InvalidSettings, Settings, load_settings
from stores.unavailable import StoreUnavailable

FAILED: Final = 1
REFUSED: Final = 2
INTERRUPTED: Final = 130
# They stay: killed at any moment they begin anew where they were.
STAYING: Final = ("bridge", "run-backtests", "run-campaigns", "send-ticks")
# What the user can put right: told in a line, without a stack trace.
REFUSALS: Final = (JobRefused, InvalidSettings, InvalidProgram, StoreUnavailable)

Run = Callable[[Settings, list[str]], None]


def main(arguments: list[str]) -> int:
    """Run one job; return 0 done, 1 something differs, 2 refused, 130 interrupted."""
    jobs = summaries()
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(listing(jobs))
        return 0 if arguments else REFUSED
    name, *rest = arguments
    if name not in jobs:
        complain(f"there is no job {name!r}; there are {', '.join(jobs)}")
        return REFUSED
    if name in STAYING:
        ClockWatch(lambda: os._exit(EXIT_CLOCK_SET_BACK)).start()
    try:
        load(name)(load_settings(), rest)
    except JobFailed as failure:
        complain(str(failure))
        return FAILED
    except REFUSALS as refusal:
        complain(str(refusal))
        return REFUSED
    except KeyboardInterrupt:
        complain(f"{name} was interrupted")
        return INTERRUPTED
    return 0


def summaries() -> dict[str, str]:
    """Each job's name and what it does, in a line."""
    # Read, not imported: one job's missing extra must not hide all the others.
    found = {}
    for path in sorted(Path(__file__).parent.glob("*.py")):
        summary = _summary(path)
        if summary:
            found[path.stem.replace("_", "-")] = summary
    return found


def listing(jobs: dict[str, str]) -> str:
    """Help page: every job with its line."""
    width = max(len(name) for name in jobs)
    lines = [f"  {name:<{width}}  {summary}" for name, summary in jobs.items()]
    usage = "usage: python -m jobs NAME [arguments]; NAME --help tells its arguments"
    return "\n".join([usage, "", *lines])


def load(name: str) -> Run:
    """
    Import a job and return its `run`.

    Raises: JobRefused when a package that the job needs is not installed.
    """
    try:
        module = importlib.import_module("jobs." + name.replace("-", "_"))
    except ModuleNotFoundError as missing:
        raise JobRefused(
            f"{name} needs the package {missing.name!r}, which is not installed"
        ) from missing
    return cast("Run", module.run)


def complain(message: str) -> None:
    """Tell the user on standard error."""
    print(f"jobs: {message}", file=sys.stderr)


def _summary(path: Path) -> str:
    for node in ast.parse(path.read_text()).body:
        match node:
            case ast.Assign(targets=[ast.Name("SUMMARY")], value=ast.Constant(text)):
                return str(text)
            case ast.AnnAssign(target=ast.Name("SUMMARY"), value=ast.Constant(text)):
                return str(text)
    return ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
