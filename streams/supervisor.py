"""Several roles under one command: a child process each, ended together."""

import os
import signal
import subprocess
import sys
import time
from functools import partial
from typing import Final

from runtime.orphans import end_with_parent
from runtime.settings import Settings

POLL_SECONDS: Final = 0.2
KILL_AFTER_SECONDS: Final = 15.0
# The only role of which a machine gains by several: each has a processor to itself.
ENGINE: Final = "engine"


def processes_of(roles: list[str], engines: int) -> list[str]:
    """Roles of the processes to start: as many engines as there should be."""
    return [role for role in roles for _ in range(engines if role == ENGINE else 1)]


def environment_of(roles: list[str], index: int, settings: Settings) -> dict[str, str]:
    """What differs for a child: its port of metrics, and an engine's own name."""
    own = {"REGULARS_ENGINE_PROCESSES": "1"}
    if settings.metrics_port:
        own["REGULARS_METRICS_PORT"] = str(settings.metrics_port + index)
    number = roles[: index + 1].count(ENGINE)
    if roles[index] == ENGINE and number > 1:
        own["REGULARS_WORKER_ID"] = f"{settings.worker_id}-{number}"
    return own


def run(roles: list[str], settings: Settings) -> int:
    """
    Start a child for each role and wait; when one ends, or at SIGTERM, end all.

    Returns the exit code of the child that ended first, 0 after a signal.
    """
    children = [
        _start(role, environment_of(roles, index, settings))
        for index, role in enumerate(roles)
    ]
    stopped: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _: stopped.append(number))
    while not stopped and all(child.poll() is None for child in children):
        time.sleep(POLL_SECONDS)
    codes = [child.poll() for child in children]
    _end(children)
    return 0 if stopped else next((code for code in codes if code is not None), 0)


def _start(role: str, own: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own module, in our own interpreter
        [sys.executable, "-m", "streams", role],
        env={**os.environ, **own},
        # kill -9 of the parent must not leave a second owner of its partitions.
        preexec_fn=partial(end_with_parent, signal.SIGKILL, os.getpid()),  # noqa: PLW1509 - the parent has no threads
    )


def _end(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + KILL_AFTER_SECONDS
    for child in children:
        try:
            child.wait(max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
