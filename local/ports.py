"""Ports for servers that start a little later."""

import itertools
import random
import socket
from collections.abc import Iterator
from typing import Final

# Below those that the kernels of Linux (32,768) and macOS (49,152) give to
# connections, or somebody who connects would take one before its server listens.
_PORTS: Final = range(20_000, 30_000)


def _from_somewhere() -> Iterator[int]:
    """Every port again and again; each process begins elsewhere."""
    first = random.randrange(len(_PORTS))  # noqa: S311 - no secret
    return itertools.cycle([*_PORTS[first:], *_PORTS[:first]])


_untold: Final = _from_somewhere()


def free_port() -> int:
    """Port on 127.0.0.1 that nobody uses, and that was not told lately."""
    return ports_in_a_row(1)


def ports_in_a_row(count: int) -> int:
    """First of some ports on 127.0.0.1 of which the same holds."""
    while True:
        row = list(itertools.islice(_untold, count))
        if row[-1] - row[0] == count - 1 and all(_is_free(port) for port in row):
            return row[0]


def _is_free(port: int) -> bool:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True
