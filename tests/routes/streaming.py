"""A real server over the stores' twins, and a reader of its events."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import httpx
import uvicorn

from api.timed_protocol import TimedProtocol
from loyalty.events import OrderEvent
from schemas.events import EventCodec
from schemas.topics import ORDERS
from tests.builders import NOON, an_order
from tests.routes.client import Client

PATIENCE_SECONDS = 20


class Event(NamedTuple):
    """One event as a browser would see it."""

    name: str
    data: Any
    event_id: str | None


class Reader:
    """Reads the events of an answer, one after the other."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self.lines = answer.aiter_lines()
        self.comments: list[str] = []

    async def next(self) -> Event | None:
        """Next event; None at the end."""
        name, data, event_id = "message", "", None
        async for line in self.lines:
            if not line and data:
                return Event(name, json.loads(data), event_id)
            field, _, value = line.partition(": ")
            if line.startswith(":"):
                self.comments.append(line)
            elif field == "event":
                name = value
            elif field == "data":
                data += value
            elif field == "id":
                event_id = value
        return None


class Served(NamedTuple):
    """An API that listens, and whoever asks it."""

    client: Client
    http: httpx.AsyncClient
    server: uvicorn.Server
    port: int

    @asynccontextmanager
    async def stream(
        self, path: str, last_event_id: str | None = None, **headers: str
    ) -> AsyncIterator[Reader]:
        """Open a stream."""
        if last_event_id is not None:
            headers["last-event-id"] = last_event_id
        headers = self.client.headers() | headers
        async with self.http.stream("GET", path, headers=headers) as answer:
            yield Reader(answer)

    async def earn(self, order_id: str, dollars: int = 45, **more: Any) -> None:
        """Let a member place an order."""
        await self.give(an_order(order_id, subtotal_minor=dollars * 100, **more))

    async def give(self, order: OrderEvent) -> None:
        """Let the engine have an order."""
        value = EventCodec().encode_order(order)
        await self.client.publisher.publish(
            ORDERS.name, key=order.member_id.encode(), value=value
        )


def served(client: Client, talk: Callable[[Served], Awaitable[None]]) -> None:
    """Talk to a server, in its own loop."""

    async def inside() -> None:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            port = listening.getsockname()[1]
            config = uvicorn.Config(
                client.app, http=TimedProtocol, ws="none", log_config=None
            )
            config.timeout_graceful_shutdown = 5
            server = uvicorn.Server(config)
            serving = asyncio.create_task(server.serve([listening]))
            address = f"http://127.0.0.1:{port}"
            async with (
                asyncio.timeout(PATIENCE_SECONDS),
                httpx.AsyncClient(base_url=address, timeout=5) as http,
            ):
                await talk(Served(client, http, server, port))
                server.should_exit = True
                await serving

    asyncio.run(inside())


def noon(number: int) -> dict[str, Any]:
    """Time and member of an order."""
    return {"member_id": "member-1", "occurred_at": NOON + number}
