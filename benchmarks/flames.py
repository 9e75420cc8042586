"""
Where time goes, as flame graphs: `python -m benchmarks.flames [NAME …]`.

A plain Faust agent beside the engine, and the engine's twin in plain Python beside what
is compiled (of which Python sees only where it is called), on the same orders. Writes
`plots/flame-<name>.svg`, for a browser.
"""

import argparse
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks.engines import PROGRAM, servers
from benchmarks.orders import forget_updates, produce_orders
from benchmarks.plots import PLOTS
from local.stack import PROJECT, Stack

PARTITIONS: Final = 4
SAMPLES_A_SECOND: Final = 200
SECONDS_MAX: Final = 400


class Subject(NamedTuple):
    """A measurement that is looked at: its arguments, orders, and environment."""

    module: str
    orders: int
    environment: dict[str, str]


SUBJECTS: Final[dict[str, Subject]] = {
    "plain-faust": Subject("plain_faust", 20_000, {}),
    "engine-python": Subject("engine_run", 60_000, {"PURE_PYTHON": "1"}),
    "engine": Subject("engine_run", 200_000, {}),
}


def main(arguments: list[str]) -> int:
    """Draw the flame graphs named, all if none is."""
    parser = argparse.ArgumentParser(prog="flames", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*SUBJECTS, []], metavar="NAME")
    chosen = parser.parse_args(arguments)
    PLOTS.mkdir(exist_ok=True)
    for name in chosen.names or SUBJECTS:
        with servers(PARTITIONS) as stack:
            print(draw(name, SUBJECTS[name], stack), flush=True)
    return 0


def draw(name: str, subject: Subject, stack: Stack) -> Path:
    """Let py-spy look on from the first order to the last."""
    broker = stack.addresses()["bootstrap_servers"]
    produce_orders(broker, subject.orders)
    forget_updates(broker, PARTITIONS)
    wanted = [str(subject.orders)]
    if subject.module == "plain_faust":
        wanted = [broker, str(PARTITIONS), *wanted]
    file = PLOTS / f"flame-{name}.svg"
    subprocess.run(
        [
            *(str(Path(sys.executable).with_name("py-spy")), "record"),
            *("--output", str(file), "--rate", str(SAMPLES_A_SECOND)),
            # Who waits for work is no cost: only who has the interpreter's lock.
            *("--threads", "--gil"),
            *("--", sys.executable, "-m", f"benchmarks.{subject.module}", *wanted),
        ],
        cwd=PROJECT,
        env={
            **os.environ,
            **stack.environment(),
            **subject.environment,
            "REGULARS_PROGRAM_FILE": PROGRAM,
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=SECONDS_MAX,
        check=False,
    )
    assert file.exists(), f"py-spy drew nothing for {name}"
    entitle(file, f"{name}: {subject.orders:,} orders, by thread, with the lock held")
    return file


def entitle(file: Path, title: str) -> None:
    """Let the title of a flame graph say what it shows, not the command line."""
    drawn = re.sub(
        r"(<text id=\"title\"[^>]*>)[^<]*", rf"\g<1>{title}", file.read_text()
    )
    file.write_text(drawn.replace(f"{PROJECT}/", ""))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
