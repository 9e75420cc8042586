"""What a process of the worker runs."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

import faust

from runtime.health import Readiness
from runtime.settings import Settings
from streams.sink import Sink


class Role(NamedTuple):
    """What a process runs, and how it is asked about."""

    app: faust.App
    readiness: Readiness
    positions: Callable[[], dict[tuple[str, int], int]]
    progress_at: Callable[[int], float]
    stop: Callable[[float], Awaitable[bool]]


Build = Callable[[Settings], Role]


def sink_role(sink: Sink, app: faust.App) -> Role:
    """Role that runs a sink."""
    return Role(app, sink.readiness, sink.positions, sink.progress_at, sink.stop)
