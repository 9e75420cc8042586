"""How long anybody is waited for, and what a browser is told over https."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import uvicorn

from api.timed_protocol import CONNECTIONS_MAX, TimedProtocol
from tests.routes.client import Client

MEMBER = "/v1/members/member-1"


def test_only_over_https_a_browser_is_told_to_stay_there() -> None:
    client = Client()
    plain = client.call("GET", "/health/live")
    secure = client.call("GET", "/health/live", base="https://test")

    assert "strict-transport-security" not in plain.headers
    assert secure.headers["strict-transport-security"].startswith("max-age=31536000")


def test_a_store_that_hangs_is_503_when_the_time_is_over() -> None:
    client = Client(request_seconds_max=0.1)

    async def hang(_: str) -> None:
        await asyncio.sleep(60)

    client.views.get = hang  # type: ignore[method-assign, assignment] # no answer
    answer = client.call("GET", MEMBER)

    assert answer.status_code == 503
    assert answer.json()["type"] == "/problems/unavailable"
    assert answer.headers["retry-after"]


def test_a_body_that_does_not_come_is_408_and_the_connection_ends_e10() -> None:
    client = Client(request_seconds_max=0.1)

    async def body() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.sleep(60)

    headers = {"content-type": "application/json"}
    answer = client.call("POST", "/v1/orders", content=body(), headers=headers)

    assert answer.status_code == 408
    assert answer.headers["connection"] == "close"
    assert answer.json()["type"] == "/problems/took-too-long"


def _served(
    talk: Callable[[Any, Any], Awaitable[None]], most: int = CONNECTIONS_MAX
) -> None:
    """Talk to a server that waits 0.3 s for a head, over `most` connections."""

    class Hasty(TimedProtocol):
        head_seconds_max = 0.3
        connections_max = most

    async def inside() -> None:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            port = listening.getsockname()[1]
            config = uvicorn.Config(
                Client().app, http=Hasty, ws="none", log_config=None, lifespan="off"
            )
            server = uvicorn.Server(config)
            serving = asyncio.create_task(server.serve([listening]))
            async with asyncio.timeout(10):
                while not server.started:  # noqa: ASYNC110 - the server tells no other way
                    await asyncio.sleep(0.01)
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                await talk(reader, writer)
                writer.close()
            finally:
                server.should_exit = True
                await serving

    asyncio.run(inside())


@pytest.mark.parametrize("sent", [b"", b"GET / HT"], ids=["nothing", "half a line"])
def test_a_connection_whose_head_never_comes_is_ended_e10(sent: bytes) -> None:
    async def talk(reader: Any, writer: Any) -> None:
        writer.write(sent)
        with contextlib.suppress(ConnectionError):
            assert await asyncio.wait_for(reader.read(), 3) == b""

    _served(talk)


def test_bytes_now_and_then_buy_no_more_time_e10() -> None:
    async def talk(reader: Any, writer: Any) -> None:
        ended = asyncio.create_task(reader.read())
        sent = 0
        for byte in b"GET /health/live HTTP/1.1\r\nhost: t\r\nx: " + b"y" * 60:
            if ended.done():
                break
            writer.write(bytes([byte]))
            sent += 1
            await asyncio.sleep(0.05)
        assert sent < 15
        with contextlib.suppress(ConnectionError):
            await ended

    _served(talk)


def test_one_connection_too_many_is_told_to_come_again_e10() -> None:
    async def talk(reader: Any, writer: Any) -> None:
        writer.write(b"GET /health/live HTTP/1.1\r\nhost: t\r\n\r\n")
        head, _, body = (await asyncio.wait_for(reader.read(), 3)).partition(
            b"\r\n\r\n"
        )
        assert head.startswith(b"HTTP/1.1 503")
        assert b"retry-after: " in head
        assert b"application/problem+json" in head
        assert json.loads(body)["type"] == "/problems/unavailable"

    _served(talk, most=0)


def test_a_head_that_comes_in_time_is_answered_again_and_again() -> None:
    async def talk(reader: Any, writer: Any) -> None:
        for _ in range(3):
            writer.write(b"GET /health/live HTTP/1.1\r\nhost: t\r\n\r\n")
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 3)
            assert head.startswith(b"HTTP/1.1 200")
            assert await reader.readexactly(17) == b'{"status":"live"}'
            await asyncio.sleep(0.4)

    _served(talk)
