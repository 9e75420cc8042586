"""The processes of a backtest: each folds a shard at a time, and dies with us."""

import multiprocessing
from collections import deque
from collections.abc import Iterator
from multiprocessing import forkserver
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerProcess
from typing import Final, Self

from jobs.backtesting.sources import Task
from jobs.backtesting.worker import Failed, Message, Progress, Setup, work

# A worker that ends by itself (no memory, killed) is replaced so often.
REPLACED_MAX: Final = 3
LOOK_SECONDS: Final = 0.5
# What processes begin with: all that every source needs.
PRELOADED: Final = ["jobs.backtesting.worker", "jobs.backtesting.raw_events"]


def make_ready() -> None:
    """
    Start the process from which workers are forked, if it does not run yet.

    It has imported what they need, and nothing else: forked from us they would have
    the threads' locks of Kafka's client. It ends with us.
    """
    forkserver.set_forkserver_preload(PRELOADED)
    forkserver.ensure_running()


class Pool:
    """Workers with a pipe each; use it as a context, so that none stays behind."""

    def __init__(self, setup: Setup, processes: int) -> None:
        """Start nothing yet."""
        self._setup = setup
        self._count = processes
        make_ready()
        self._context = multiprocessing.get_context("forkserver")
        self._workers: dict[Connection, ForkServerProcess] = {}
        self._work: dict[Connection, Task] = {}
        self._replaced = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for pipe, process in self._workers.items():
            process.kill()
            process.join()
            pipe.close()
        self._workers.clear()

    def run(self, tasks: list[Task]) -> Iterator[Message | None]:
        """Fold all tasks; give what the workers say, and None when none says much."""
        waiting = deque(tasks)
        while waiting or self._work:
            while waiting and len(self._workers) < min(self._count, len(tasks)):
                self._start()
            for pipe in self._workers:
                if waiting and pipe not in self._work:
                    self._work[pipe] = waiting.popleft()
                    pipe.send(self._work[pipe])
            ready = wait(list(self._work), LOOK_SECONDS)
            if not ready:
                yield None
            for one in ready:
                assert isinstance(one, Connection)
                message = self._heard(one, waiting)
                if message is not None:
                    yield message

    def _start(self) -> None:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(
            target=work, args=(theirs, self._setup), daemon=True
        )
        process.start()
        # Theirs alone: so each side hears when the other is gone.
        theirs.close()
        self._workers[ours] = process

    def _heard(self, pipe: Connection, waiting: deque[Task]) -> Message | None:
        try:
            message: Message = pipe.recv()
        except (EOFError, ConnectionResetError):
            return self._lost(pipe, waiting)
        if not isinstance(message, Progress):
            self._work.pop(pipe)
        return message

    def _lost(self, pipe: Connection, waiting: deque[Task]) -> Message | None:
        """Give a dead worker's shard to another."""
        process, task = self._workers.pop(pipe), self._work.pop(pipe)
        process.join(1)
        pipe.close()
        self._replaced += 1
        if self._replaced > REPLACED_MAX:
            code = process.exitcode
            return Failed(
                task.shards[0].number, f"workers ended by themselves, with {code}"
            )
        waiting.appendleft(task)
        return None
