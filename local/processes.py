"""Child processes that outlive us: started, found again, stopped, never mistaken."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import psutil

POLL_SECONDS: Final = 0.1
TAIL_LINES: Final = 15
# Whoever ends is seen at once; this is for whoever has a twentieth of a processor.
READY_SECONDS_MAX: Final = 180.0


class NotHealthy(Exception):
    """A process did not come up; the message says where to look."""


def start(
    command: Sequence[str],
    *,
    log: Path,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> dict[str, Any]:
    """
    Start a process of its own session, so that Ctrl-C here does not reach it.

    Returns its identity: pid and start time, which no recycled pid shares.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as out:
        child = subprocess.Popen(  # noqa: S603 - our own commands
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env=dict(environment) if environment is not None else None,
            cwd=folder,
            start_new_session=True,
        )
    return {"pid": child.pid, "started": psutil.Process(child.pid).create_time()}


def is_running(identity: Mapping[str, Any] | None) -> bool:
    """Whether the very process that was started still runs."""
    return _process(identity) is not None


def stop(identity: Mapping[str, Any], timeout_seconds: float = 15.0) -> None:
    """SIGTERM, and SIGKILL when that does not help in time."""
    process = _process(identity)
    if process is None:
        return
    # A stopped process takes no signal but these.
    for number, seconds in (
        (signal.SIGCONT, 0.0),
        (signal.SIGTERM, timeout_seconds),
        (signal.SIGKILL, 10.0),
    ):
        send(identity, number)
        if seconds and _gone(process, seconds):
            return


def kill(identity: Mapping[str, Any], timeout_seconds: float = 10.0) -> None:
    """SIGKILL, and wait until the process is gone."""
    process = _process(identity)
    if process is not None:
        process.kill()
        _gone(process, timeout_seconds)


def send(identity: Mapping[str, Any], number: int) -> None:
    """Send a signal to the very process that was started, if it still runs."""
    process = _process(identity)
    if process is not None:
        os.kill(process.pid, number)


def wait_until(
    is_healthy: Callable[[], bool],
    *,
    name: str,
    identity: Mapping[str, Any],
    log: Path,
    timeout_seconds: float = READY_SECONDS_MAX,
) -> None:
    """
    Wait for a process to be healthy.

    Raises: NotHealthy with what was expected, and the end of the log.
    """
    deadline = time.monotonic() + timeout_seconds
    while time.monotonic() < deadline:
        if is_healthy():
            return
        if not is_running(identity):
            raise NotHealthy(f"{name} ended while starting; {_tail(log)}")
        time.sleep(POLL_SECONDS)
    raise NotHealthy(
        f"{name} is not healthy after {timeout_seconds:.0f} s; {_tail(log)}"
    )


def is_listening(port: int) -> bool:
    """Whether anybody accepts connections on a port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _process(identity: Mapping[str, Any] | None) -> psutil.Process | None:
    if not identity:
        return None
    try:
        process = psutil.Process(int(identity["pid"]))
        same = abs(process.create_time() - float(identity["started"])) < 1.0
        running = same and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return None
    return process if running else None


def _gone(process: psutil.Process, seconds: float) -> bool:
    try:
        process.wait(seconds)
    except psutil.TimeoutExpired:
        return process.status() == psutil.STATUS_ZOMBIE
    return True


def _tail(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines()[-TAIL_LINES:]
    return f"the log is {log}, it ends:\n" + "\n".join(f"    {line}" for line in lines)
