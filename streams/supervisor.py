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


def run(roles: list[str], settings: Settings) -> int:
    """
    Start a child for each role and wait; when one ends, or at SIGTERM, end all.

    Returns the exit code of the child that ended first, 0 after a signal.
    """
    children = [_start(role, settings, index) for index, role in enumerate(roles)]
    stopped: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _: stopped.append(number))
    while not stopped and all(child.poll() is None for child in children):
        time.sleep(POLL_SECONDS)
    codes = [child.poll() for child in children]
    _end(children)
    return 0 if stopped else next((code for code in codes if code is not None), 0)


def _start(role: str, settings: Settings, index: int) -> subprocess.Popen[bytes]:
    environment = dict(os.environ)
    if settings.metrics_port:
        environment["REGULARS_METRICS_PORT"] = str(settings.metrics_port + index)
    return subprocess.Popen(  # noqa: S603 - our own module, in our own interpreter
        [sys.executable, "-m", "streams", role],
        env=environment,
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
