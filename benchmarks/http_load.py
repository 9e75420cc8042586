"""
Requests at a fixed rate, whatever the answers do: a process of its own.

Each request has a time at which it is due, and its wait is counted from then: a server
that stalls is told all the waits of those that would have come (no coordinated
omission). Of the HTTP clients at hand none sends so many without a core of its own; so
this one speaks HTTP/1.1 over connections that are kept, with the server's own parser.
"""

import asyncio
import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit

import httptools
import uvloop
from hdrh.histogram import HdrHistogram

CONNECTIONS: Final = 64
MICROSECONDS_MAX: Final = 60_000_000
DRAIN_SECONDS: Final = 15.0
MEMBERS: Final = 5_000
OK: Final = 200


class Connection(asyncio.Protocol):
    """One request at a time; `answered` is done with the status of its answer."""

    def __init__(self) -> None:
        """Wait for the connection."""
        self.answered: asyncio.Future[int] | None = None
        self._parser = httptools.HttpResponseParser(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Be ready."""
        self.transport: Any = transport

    def data_received(self, data: bytes) -> None:
        """Read some of an answer."""
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        """Tell the status; the next answer has a parser of its own."""
        status = self._parser.get_status_code()
        self._parser = httptools.HttpResponseParser(self)
        self._settle(status)

    def connection_lost(self, _: Exception | None) -> None:
        """Tell that no answer comes: status 0."""
        self._settle(0)

    def _settle(self, status: int) -> None:
        if self.answered is not None and not self.answered.done():
            self.answered.set_result(status)


class Load:
    """Sends requests when they are due over connections that are free."""

    def __init__(self, address: str, requests: Iterator[bytes]) -> None:
        """`requests` are whole, one after another."""
        parts = urlsplit(address)
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or 80
        self._requests = requests
        self._free: asyncio.LifoQueue[Connection] = asyncio.LifoQueue()
        self.waits = HdrHistogram(1, MICROSECONDS_MAX, 3)
        self.statuses: Counter[int] = Counter()

    async def run(self, rate: int, seconds: int) -> None:
        """Send `rate` requests each second."""
        for _ in range(CONNECTIONS):
            self._free.put_nowait(await self._connected())
        begun = time.perf_counter()
        running = set()
        for number in range(rate * seconds):
            due = begun + number / rate
            ahead = due - time.perf_counter()
            if ahead > 0:
                await asyncio.sleep(ahead)
            task = asyncio.create_task(self._send(next(self._requests), due))
            running.add(task)
            task.add_done_callback(running.discard)
        if running:
            await asyncio.wait(running, timeout=DRAIN_SECONDS)
        self.statuses[0] += len(running)

    async def _send(self, request: bytes, due: float) -> None:
        connection = await self._free.get()
        if connection.transport.is_closing():
            connection = await self._connected()
        connection.answered = asyncio.get_running_loop().create_future()
        connection.transport.write(request)
        status = await connection.answered
        wait = (time.perf_counter() - due) * 1e6
        self.waits.record_value(min(max(int(wait), 1), MICROSECONDS_MAX))
        self.statuses[status] += 1
        self._free.put_nowait(connection)

    async def _connected(self) -> Connection:
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_connection(Connection, self._host, self._port)
        return connection


def offers(host: str, token: str) -> Iterator[bytes]:
    """Look at the offers of one member after another."""
    numbers = random.Random(1)
    while True:
        member = numbers.randrange(MEMBERS) + 1
        yield (
            f"GET /v1/members/member-{member}/offers HTTP/1.1\r\nhost: {host}\r\n"
            f"authorization: Bearer {token}\r\n\r\n"
        ).encode()


def redemptions(host: str, token: str) -> Iterator[bytes]:
    """Redeem a point of one member after another, each time under a new key."""
    numbers = random.Random(2)
    run = time.time_ns()
    body = b'{"points":1}'
    number = 0
    while True:
        number += 1
        member = numbers.randrange(MEMBERS) + 1
        head = (
            f"POST /v1/members/member-{member}/redemptions HTTP/1.1\r\nhost: {host}\r\n"
            f"authorization: Bearer {token}\r\nidempotency-key: {run}-{number}\r\n"
            f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        )
        yield head.encode() + body


KINDS: Final = {"offers": offers, "redemptions": redemptions}


def main(arguments: list[str]) -> None:
    """Send: kind, address, rate, seconds; the token is in TOKEN. Prints one object."""
    kind, address, rate, seconds = arguments
    requests = KINDS[kind](urlsplit(address).netloc, os.environ["TOKEN"])

    async def sent() -> Load:
        load = Load(address, requests)
        await load.run(int(rate), int(seconds))
        return load

    load = uvloop.run(sent())
    waits = load.waits
    figures = {
        "requests": sum(load.statuses.values()),
        "failures": sum(n for status, n in load.statuses.items() if status != OK),
        "statuses": {str(status): n for status, n in load.statuses.items()},
        **{
            f"p{share:g}_ms".replace(".", "_"): waits.get_value_at_percentile(share)
            / 1e3
            for share in (50, 90, 99, 99.9)
        },
        "longest_ms": waits.get_max_value() / 1e3,
    }
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
