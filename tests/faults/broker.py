"""What an operator's supervisor does after the broker was away."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from local.processes import NotHealthy
from local.stack import Stack


def up_again(stack: Stack) -> None:
    """Start whatever ended itself while the broker was away."""
    for name in ("worker", "redis-sink", "clickhouse-sink"):
        for _ in range(3):
            try:
                stack.start(name)
            except NotHealthy:
                continue
            break


@contextmanager
def supervised(stack: Stack) -> Iterator[None]:
    """Go on doing so, for whoever ends itself later: once all that was away is back."""
    is_over = Event()

    def supervise() -> None:
        while not is_over.wait(2):
            up_again(stack)

    thread = Thread(target=supervise, name="supervisor")
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()
