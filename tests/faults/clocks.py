"""Wall clocks that jump under a process: `jumping_clock.c` comes before the system's."""

import asyncio
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest

from local.stack import Stack
from stores.worker_reports import RedisWorkerReports

# Fifty minutes: what a worker reports of an hour ago is forgotten.
JUMP_SECONDS = 3_000
# A report comes every five seconds.
SEEN_SECONDS_MAX = 120.0
SOURCE = Path(__file__).parent / "jumping_clock.c"


class JumpingClock:
    """The wall clock of whoever runs in its environment, off by so many seconds."""

    def __init__(self, folder: Path) -> None:
        """Compile it into a folder, and be right."""
        if sys.platform != "linux":
            pytest.skip("no clock can be put before this system's")
        self._library, self._file = folder / "jumping_clock.so", folder / "ahead"
        compiler = [sys.executable, "-m", "ziglang", "cc", "-shared", "-fPIC", "-O1"]
        subprocess.run([*compiler, SOURCE, "-o", self._library], check=True)
        self.seconds = 0
        self.jump(0)

    def jump(self, seconds: int) -> None:
        """Be so far ahead of the true time, or behind it, from now on."""
        self.seconds = seconds
        told = struct.pack("q", seconds)
        if not self._file.exists():
            self._file.write_bytes(told)
        # In its place: who has mapped it sees it.
        with self._file.open("r+b") as file:
            file.write(told)

    def environment(self) -> dict[str, str]:
        """What makes it the clock of a process."""
        return {"LD_PRELOAD": str(self._library), "JUMPING_CLOCK": str(self._file)}

    def reading(self) -> float:
        """How far ahead a process of its own finds it (seconds)."""
        done = subprocess.run(
            [sys.executable, "-c", "import time; print(time.time())"],
            env=self.environment(),
            capture_output=True,
            text=True,
            check=True,
        )
        return float(done.stdout) - time.time()

    def wait_until_told(self, stack: Stack, name: str) -> None:
        """Wait until a worker's own report is as far ahead."""
        deadline = time.monotonic() + SEEN_SECONDS_MAX
        while time.monotonic() < deadline:
            told = asyncio.run(_reported_at(stack, name))
            if abs(told - time.time() - self.seconds) < JUMP_SECONDS / 2:
                return
            time.sleep(0.5)
        raise AssertionError(f"{name} did not see its clock jump")


async def _reported_at(stack: Stack, name: str) -> float:
    """When a worker said last that it was there, by its own clock; seconds since 1970."""
    reports = RedisWorkerReports(stack.addresses()["redis_url"], "regulars")
    try:
        now = int(time.time() * 1_000)
        found = await reports.reports(now)
    finally:
        await reports.close()
    return max((r.reported_at / 1_000 for r in found if r.worker_id == name), default=0)
