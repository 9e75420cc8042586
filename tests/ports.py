"""Ports for processes that take several in a row."""

import random
import socket


def ports_in_a_row(count: int) -> int:
    """
    First of some ports on 127.0.0.1 that nobody uses at this moment.

    They are below those that the kernel gives to connections, so nobody who connects
    takes one meanwhile.
    """
    while True:
        first = random.randrange(20_000, 30_000)
        try:
            for number in range(count):
                socket.create_server(("127.0.0.1", first + number)).close()
        except OSError:
            continue
        return first
