"""Engines beside the stack's own, to be killed and started again."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from local import processes
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
    ) -> None:
        self._stack = stack
        self._environment = environment or {}
        self._name = name
        self._module = module
        self.identity: dict[str, Any] = {}

    def start(self) -> None:
        self.identity = processes.start(
            [sys.executable, "-m", *self._module],
            log=Path(self._stack.root) / f"{self._name}.log",
            environment=self._stack.environment()
            | {"REGULARS_WORKER_ID": self._name, **self._environment},
            folder=PROJECT,
        )

    def kill(self) -> None:
        if self.identity:
            processes.kill(self.identity)

    def terminate(self) -> None:
        processes.stop(self.identity)


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
