"""Several processes of the service on one socket: watched, replaced, ended together."""

import logging
import multiprocessing
import os
import signal
import socket
import time
from collections.abc import Callable
from multiprocessing.connection import wait
from multiprocessing.context import ForkProcess
from typing import Final

from runtime.orphans import end_with_parent

logger = logging.getLogger(__name__)

POLL_SECONDS: Final = 0.2
# A process that cannot stay is started no oftener than this.
RESTART_SECONDS: Final = 1.0
# Whoever ends by itself so soon after the very first start cannot serve here at all.
FIRST_SECONDS: Final = 60.0
# The server's own grace of 8 s, and some for what is on its way to the broker.
KILL_AFTER_SECONDS: Final = 9.5

Serve = Callable[[int], int]


class Processes:
    """
    Forks what was loaded once; the socket is the parent's, so nobody is turned away.

    A process that is killed is replaced while the others accept; the parent holds no
    client, no thread and no connection of its own.
    """

    def __init__(self, count: int, serve: Serve, *, listening: socket.socket) -> None:
        """`serve` takes the number of a process, and returns its exit code."""
        self._serve = serve
        self._listening = listening
        self._fork = multiprocessing.get_context("fork")
        self._running: dict[int, ForkProcess] = {}
        self._started_at = dict.fromkeys(range(count), float("-inf"))
        self._starts = dict.fromkeys(range(count), 0)
        self._is_stopped = False

    def run(self) -> int:
        """Keep all of them running until SIGTERM; return the exit code."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        code = 0
        while not self._is_stopped and not code:
            self._start_missing()
            wait([one.sentinel for one in self._running.values()], POLL_SECONDS)
            code = self._look()
        self._end()
        return code

    def _start_missing(self) -> None:
        now = time.monotonic()
        for number, started_at in self._started_at.items():
            if number in self._running or now < started_at + RESTART_SECONDS:
                continue
            self._started_at[number] = now
            self._starts[number] += 1
            process = self._fork.Process(
                target=_run, args=(self._serve, number, os.getpid())
            )
            process.start()
            self._running[number] = process

    def _look(self) -> int:
        """Note who has ended; the code of one that cannot serve here, else 0."""
        for number, process in tuple(self._running.items()):
            code = process.exitcode
            if code is None:
                continue
            del self._running[number]
            if self._is_stopped:
                continue
            lived_seconds = time.monotonic() - self._started_at[number]
            logger.warning(
                "a process of the API ended and is started anew",
                extra={"api_process": number, "exit_code": code},
            )
            is_first = self._starts[number] == 1 and lived_seconds < FIRST_SECONDS
            if code > 0 and is_first:
                return code
        return 0

    def _stop(self, *_: object) -> None:
        self._is_stopped = True

    def _end(self) -> None:
        """Let all of them end, within a bound."""
        # Nobody waits for whoever accepts no more.
        self._listening.close()
        for process in self._running.values():
            process.terminate()
        deadline = time.monotonic() + KILL_AFTER_SECONDS
        for process in self._running.values():
            process.join(max(deadline - time.monotonic(), 0.0))
            if process.exitcode is None:
                process.kill()
                process.join()


def _run(serve: Serve, number: int, parent_pid: int) -> None:
    end_with_parent(signal.SIGTERM, parent_pid)
    # Not the parent's: until the server has its own, a signal ends us.
    for signalled in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signalled, signal.SIG_DFL)
    raise SystemExit(serve(number))
