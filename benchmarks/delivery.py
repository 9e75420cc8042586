"""`python -m benchmarks.delivery`: deliveries a second, by a real Valkey."""

import argparse
import asyncio
import json
import tempfile
import time
from pathlib import Path
from typing import Final

from delivery.sealing import DeliveryKey
from delivery.signing import new_secret
from delivery.targets import TargetRules, networks_of
from delivery.web import SafeClient
from local.stack import Stack
from stores.delivery_controls import RedisDeliveryControls
from stores.endpoints import RedisEndpoints
from stores.endpoints_contract import Endpoint, SealedSecret
from stores.inbox import RedisInbox
from stores.outbox import RedisOutbox
from stores.outbox_contract import INBOX_TARGET, Delivery
from streams.dispatching.building import Senders
from streams.dispatching.dispatcher import Dispatcher, Pacing
from streams.dispatching.senders import InboxSender

APP: Final = "bench"
PUT_MAX: Final = 1_000
TARGET: Final = "ep_bench"
BODY: Final = json.dumps(
    {
        "template_id": "near",
        "title": "Almost there",
        "body": "30 points to a dessert " * 5,
        "values": {"points": "30"},
    }
)
ANSWER: Final = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"


def main() -> None:
    """Measure queueing, inboxes and webhooks, and print a line each."""
    parser = argparse.ArgumentParser(prog="benchmarks.delivery", description=__doc__)
    parser.add_argument("--count", type=int, default=20_000)
    count = parser.parse_args().count
    with tempfile.TemporaryDirectory() as folder:
        stack = Stack(Path(folder))
        try:
            stack.start("valkey")
            asyncio.run(_measure(stack.addresses()["redis_url"], count))
        finally:
            stack.stop()


async def _measure(url: str, count: int) -> None:
    outbox, inbox = RedisOutbox(url, APP), RedisInbox(url, APP)
    endpoints, key = RedisEndpoints(url, APP), DeliveryKey("k" * 32)
    server = await asyncio.start_server(_receive, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    secrets = (SealedSecret(key.seal(new_secret()), 0),)
    address = f"http://127.0.0.1:{port}/hook"
    await endpoints.add(Endpoint(TARGET, address, ("message.push",), secrets, 0))
    rules = TargetRules(allows_http=True, networks=networks_of("127.0.0.0/8"))
    client = SafeClient(rules, timeout_ms=15_000)
    dispatcher = Dispatcher(
        outbox,
        RedisDeliveryControls(url, APP),
        endpoints=endpoints,
        find_sender=Senders({INBOX_TARGET: InboxSender(inbox)}, client, key),
        pacing=Pacing(concurrency=32),
    )
    running = asyncio.create_task(dispatcher.run())
    for target, channel in ((INBOX_TARGET, "inbox"), (TARGET, "push")):
        started = time.perf_counter()
        await _put(outbox, target, channel, count=count)
        queued = time.perf_counter()
        while await outbox.depths(limit=1):  # noqa: ASYNC110 - another task empties it
            await asyncio.sleep(0.05)
        done = time.perf_counter()
        print(f"{channel}: queued at {count / (queued - started):,.0f}/s")
        print(
            f"{channel}: sent at {count / (done - started):,.0f}/s, queueing included"
        )
    await dispatcher.stop(5)
    running.cancel()
    await client.close()
    server.close()


async def _put(outbox: RedisOutbox, target: str, channel: str, *, count: int) -> None:
    now = int(time.time() * 1_000)
    for start in range(0, count, PUT_MAX):
        some = [
            Delivery(
                f"msg_{channel}_{number}:{target}",
                f"msg_{channel}_{number}",
                target,
                "spring",
                channel,
                f"message.{channel}",
                f"member-{number}",
                BODY,
                now,
            )
            for number in range(start, min(start + PUT_MAX, count))
        ]
        await outbox.put(some, now)


async def _receive(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Read requests, answer 200, keep the connection."""
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            length = int(head.partition(b"content-length: ")[2].split(b"\r\n")[0])
            await reader.readexactly(length)
            writer.write(ANSWER)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


if __name__ == "__main__":
    main()
