"""`python -m local up|down|status|servers|settings`: the stack, in the background."""

import argparse
import shlex
import sys
from pathlib import Path
from typing import Final

from local.kafka import KafkaNotInstalled, is_installed
from local.processes import NotHealthy
from local.stack import ALL_PARTS, JobFailed, Stack

EXIT_FAILED: Final = 1
ROOT: Final = Path(".local")
ACTIONS: Final = ("up", "down", "status", "servers", "settings")


def main(arguments: list[str]) -> int:
    """Do what is asked; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m local", description=__doc__)
    parser.add_argument("action", choices=ACTIONS)
    parser.add_argument("--root", type=Path, default=ROOT)
    chosen = parser.parse_args(arguments)
    stack = Stack(chosen.root.resolve(), say=say)
    try:
        if chosen.action == "down":
            stack.stop()
            return 0
        if chosen.action == "settings":
            show_settings(stack)
            return 0
        if chosen.action in ("up", "servers") and not is_installed():
            say("fetching Kafka, once for this machine (about 40 seconds)")
        if chosen.action == "up":
            stack.start_all()
        elif chosen.action == "servers":
            stack.start_servers()
    except (NotHealthy, JobFailed, KafkaNotInstalled) as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_FAILED
    show(stack)
    return 0


def say(text: str) -> None:
    """Tell of progress on a line."""
    sys.stdout.write(f"  {text}\n")
    sys.stdout.flush()


def show_settings(stack: Stack) -> None:
    """Tell a shell what points its commands at the stack."""
    for name, value in sorted(stack.settings().items()):
        sys.stdout.write(f"export {name}={shlex.quote(value)}\n")


def show(stack: Stack) -> None:
    """Tell what runs where."""
    pids = stack.pids()
    sys.stdout.write("\n")
    for part in ALL_PARTS:
        state = f"pid {pids[part.name]}" if stack.is_running(part.name) else "stopped"
        sys.stdout.write(f"  {part.name:<16} {state}\n")
    sys.stdout.write("\n")
    for name, address in stack.addresses().items():
        sys.stdout.write(f"  {name:<18} {address}\n")
    sys.stdout.write("\n  `make down` stops it.\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
