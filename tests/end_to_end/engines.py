"""Engines beside the stack's own, to be killed and started again."""

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from local import processes
from local.parts import part_named
from local.ports import ports_in_a_row
from local.stack import PROJECT, Stack


class Worker:
    """An engine, under a name that it keeps over restarts; `module` runs it."""

    def __init__(
        self,
        stack: Stack,
        name: str,
        module: Sequence[str],
        *,
        environment: Mapping[str, str] | None = None,
        before: Sequence[str] = (),
        count: int = 1,
    ) -> None:
        """`before` is a command that runs ours; `count` is how many engines it has."""
        self._before = before
        self._stack = stack
        self._environment = environment or {}
        self._name = name
        self._module = module
        self.identity: dict[str, Any] = {}
        self.metrics_port = ports_in_a_row(count)
        self._started_at = 0.0

    def start(self) -> None:
        self._started_at = time.monotonic()
        self.identity = processes.start(
            [*self._before, sys.executable, "-m", *self._module],
            log=Path(self._stack.root) / f"{self._name}.log",
            environment=self._stack.environment()
            | {
                "REGULARS_WORKER_ID": self._name,
                "REGULARS_METRICS_PORT": str(self.metrics_port),
                **self._environment,
            },
            folder=PROJECT,
        )

    def kill(self) -> None:
        if self.identity:
            processes.kill(self.identity)

    def terminate(self) -> None:
        processes.stop(self.identity)

    def wait_until_ready(self, timeout_seconds: float = 180.0) -> float:
        """
        Wait until it has partitions, all in memory.

        Returns how long after its start that was, 0 if it was so already.
        Raises: NotHealthy.
        """
        if self.is_ready():
            return 0.0
        processes.wait_until(
            self.is_ready,
            name=self._name,
            identity=self.identity,
            log=Path(self._stack.root) / f"{self._name}.log",
            timeout_seconds=timeout_seconds,
        )
        return time.monotonic() - self._started_at

    def is_ready(self) -> bool:
        return part_named("worker").is_healthy({"metrics": self.metrics_port})


@contextmanager
def workers(
    stack: Stack, count: int, module: Sequence[str] = ("streams", "engine")
) -> Iterator[list[Worker]]:
    """So many engines, killed at the end."""
    running = [Worker(stack, f"engine-{number}", module) for number in range(count)]
    for worker in running:
        worker.start()
    try:
        yield running
    finally:
        for worker in running:
            worker.kill()
