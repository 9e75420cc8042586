"""What the benchmarks of deliveries send through: a real Valkey and a real receiver."""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

import redis.asyncio as redis

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
from streams.dispatching.attempts import Attempt
from streams.dispatching.building import Senders
from streams.dispatching.dispatcher import Dispatcher
from streams.dispatching.pacing import Pacing
from streams.dispatching.senders import InboxSender, Sender

APP: Final = "bench"
CAMPAIGN: Final = "spring"
PUT_MAX: Final = 1_000
TARGET: Final = "ep_bench"
TARGETS: Final = {"inbox": INBOX_TARGET, "push": TARGET}
BODY: Final = json.dumps(
    {
        "template_id": "near",
        "title": "Almost there",
        "body": "30 points to a dessert " * 5,
        "values": {"points": "30"},
    },
    separators=(",", ":"),
)


class Sends:
    """When how many were begun, as whoever sends sees it."""

    def __init__(self) -> None:
        """None yet."""
        self.begun: list[tuple[float, int]] = []

    def between(self, start: float, end: float) -> int:
        """How many were begun in a time."""
        return sum(count for at, count in self.begun if start <= at < end)


class _Watched:
    """A sender that notes when it begins."""

    def __init__(self, sender: Sender, sends: Sends) -> None:
        """Watch one."""
        self.batch_max = sender.batch_max
        self._sender = sender
        self._sends = sends

    async def send(self, deliveries: Sequence[Delivery]) -> list[Attempt]:
        """Send, and note it."""
        self._sends.begun.append((time.monotonic(), len(deliveries)))
        return await self._sender.send(deliveries)


class World(NamedTuple):
    """Everything that a benchmark needs."""

    outbox: RedisOutbox
    controls: RedisDeliveryControls
    dispatcher: Dispatcher
    sends: Sends
    store: Any

    async def queue(self, channel: str, count: int) -> float:
        """Queue messages of a campaign; return how many seconds that took."""
        started = time.perf_counter()
        target, now = TARGETS[channel], int(time.time() * 1_000)
        for start in range(0, count, PUT_MAX):
            some = [
                _delivery(channel, number, target, now=now)
                for number in range(start, min(start + PUT_MAX, count))
            ]
            await self.outbox.put(some, now)
        return time.perf_counter() - started

    async def waiting(self) -> int:
        """How many wait."""
        return sum(depth.waiting for depth in await self.outbox.depths(limit=10))

    async def emptied(self) -> None:
        """Wait until nothing waits."""
        while await self.waiting():  # noqa: ASYNC110 - another task empties it
            await asyncio.sleep(0.05)

    async def store_mib(self) -> float:
        """Memory that the store uses."""
        told = await self.store.info("memory")
        return round(float(told["used_memory"]) / 2**20, 1)


@asynccontextmanager
async def a_world(concurrency: int) -> AsyncIterator[World]:
    """Have a Valkey, a receiver in a process of its own, and a dispatcher."""
    with tempfile.TemporaryDirectory() as folder:
        stack = Stack(Path(folder))
        receiver = subprocess.Popen(  # noqa: ASYNC220 - nothing else runs yet
            [sys.executable, "-m", "benchmarks.receiver"],
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            stack.start("valkey")
            assert receiver.stdout is not None
            address = f"http://127.0.0.1:{int(receiver.stdout.readline())}/hook"
            url = stack.addresses()["redis_url"]
            async with _parts(url, address, concurrency) as world:
                yield world
        finally:
            receiver.kill()
            receiver.wait()
            stack.stop()


@asynccontextmanager
async def _parts(url: str, address: str, concurrency: int) -> AsyncIterator[World]:
    outbox, endpoints = RedisOutbox(url, APP), RedisEndpoints(url, APP)
    controls, sends, key = (
        RedisDeliveryControls(url, APP),
        Sends(),
        DeliveryKey("k" * 32),
    )
    secrets = (SealedSecret(key.seal(new_secret()), 0),)
    await endpoints.add(Endpoint(TARGET, address, ("message.push",), secrets, 0))
    rules = TargetRules(allows_http=True, networks=networks_of("127.0.0.0/8"))
    client = SafeClient(rules, timeout_ms=15_000)
    found = Senders({INBOX_TARGET: InboxSender(RedisInbox(url, APP))}, client, key)

    def find(target: str, known: Mapping[str, Endpoint]) -> Sender | None:
        sender = found(target, known)
        return None if sender is None else _Watched(sender, sends)

    dispatcher = Dispatcher(
        outbox,
        controls,
        endpoints=endpoints,
        find_sender=find,
        pacing=Pacing(concurrency),
    )
    yield World(outbox, controls, dispatcher, sends, redis.Redis.from_url(url))
    await dispatcher.stop(5)
    await client.close()


def _delivery(channel: str, number: int, target: str, *, now: int) -> Delivery:
    return Delivery(
        f"msg_{channel}_{number}:{target}",
        f"msg_{channel}_{number}",
        target,
        CAMPAIGN,
        channel,
        f"message.{channel}",
        f"member-{number}",
        BODY,
        now,
    )
