"""A real broker, Redis and receiver: each message arrives, whatever is killed."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from standardwebhooks import Webhook

from delivery.sealing import DeliveryKey
from delivery.signing import new_secret
from local.stack import Stack
from loyalty.decision import Decision
from loyalty.member import NEW_MEMBER
from loyalty.messages import Message, MessageValue
from loyalty.view import view_of
from schemas.deliveries import DeliveryCodec
from schemas.topics import CLOCK, DELIVERIES, MEMBER_UPDATES
from schemas.updates import Source, UpdateCodec, change_record
from stores.delivery_controls import RedisDeliveryControls
from stores.delivery_controls_contract import Stop
from stores.endpoints import RedisEndpoints
from stores.endpoints_contract import ACTIVE, DISABLED, Endpoint, SealedSecret
from stores.inbox import RedisInbox
from stores.outbox import RedisOutbox
from stores.outbox_contract import Pace
from streams.dispatching.planning import webhook_id
from tests.builders import A_FULL_PROGRAM
from tests.end_to_end.conftest import PROGRAM_FILE
from tests.end_to_end.engines import Worker
from tests.end_to_end.oracle import dump
from tests.end_to_end.receiver import Receiver, receiving
from tests.end_to_end.settled import a_producer

APP = "regulars"
SECRET = new_secret()
CODEC = UpdateCodec()
TEMPLATES = [
    {
        "id": "hello",
        "purpose": "marketing",
        "texts": {
            channel: {"title": "Hello", "body": "{{ name }}, come in"}
            for channel in ("push", "webhook", "inbox")
        },
    }
]


class World(NamedTuple):
    """Everything that a test needs."""

    stack: Stack
    receiver: Receiver
    worker: Worker

    def use(self, something: Callable[[str], Awaitable[Any]]) -> Any:
        async def inside() -> Any:
            return await something(self.stack.addresses()["redis_url"])

        return asyncio.run(inside())

    def listen(self, name: str, path: str, *kinds: str) -> None:
        key = DeliveryKey(self.stack.environment()["REGULARS_DELIVERY_KEY"])
        endpoint = Endpoint(
            f"ep_{name}",
            self.receiver.url(path),
            kinds,
            (SealedSecret(key.seal(SECRET), 0),),
            created_at=int(time.time() * 1_000) - 1_000,
        )
        assert self.use(lambda url: RedisEndpoints(url, APP).add(endpoint))

    def send(self, name: str, count: int, *, channel: str = "webhook") -> set[str]:
        """Updates with one message each; the ids that receivers see."""
        producer = a_producer(self.stack)
        ids = set()
        for number in range(count):
            member_id = f"member-{number % 40}"
            # Ids of messages are their member's own: others have the same.
            message = a_message(f"{name}-{number // 40}", channel, name)
            value = an_update(member_id, message)
            producer.produce(MEMBER_UPDATES.name, value, member_id.encode())
            ids.add(webhook_id(member_id, message.message_id))
        assert producer.flush(30) == 0
        assert len(ids) == count
        return ids


def a_message(message_id: str, channel: str, campaign_id: str) -> Message:
    now = int(time.time() * 1_000)
    values = (MessageValue("name", "Ann"),)
    return Message(message_id, campaign_id, channel, "marketing", "hello", values, now)


def an_update(member_id: str, message: Message) -> bytes:
    member = NEW_MEMBER._replace(version=1)
    decision = Decision(member, (), (), (), "", "", "", messages=(message,))
    change = change_record(
        decision,
        Source(CLOCK.name, 1, int(time.time() * 1_000)),
        event_id=message.message_id,
        event_kind="tick",
        occurred_at=message.created_at,
        order_id="",
    )
    return CODEC.encode(member_id, view_of(member_id, member, A_FULL_PROGRAM), [change])


@contextmanager
def a_world(folder: Path, more: Mapping[str, str]) -> Iterator[World]:
    """Servers, a receiver and a dispatcher that has some more settings."""
    program = yaml.safe_load(Path(PROGRAM_FILE).read_text())
    program["templates"] += TEMPLATES
    (folder / "program.yaml").write_text(yaml.safe_dump(program))
    stack = Stack(folder)
    worker = Worker(
        stack,
        "dispatcher-1",
        ("streams", "dispatcher"),
        environment={
            "REGULARS_PROGRAM_FILE": str(folder / "program.yaml"),
            "REGULARS_WEBHOOK_HTTP": "true",
            "REGULARS_WEBHOOK_NETWORKS": "127.0.0.0/8",
            "REGULARS_WEBHOOK_TIMEOUT_MS": "3000",
            **more,
        },
    )
    try:
        stack.start("valkey")
        stack.start("kafka")
        stack.run_job("create-topics")
        worker.start()
        with receiving() as receiver:
            yield World(stack, receiver, worker)
    finally:
        worker.kill()
        stack.stop()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with a_world(tmp_path_factory.mktemp("delivery"), {}) as made:
        yield made


@pytest.fixture(autouse=True)
def quiet(world: World) -> Iterator[None]:
    """Nobody listens to what another test sends."""
    yield

    async def remove(url: str) -> None:
        endpoints = RedisEndpoints(url, APP)
        for endpoint in await endpoints.all():
            await endpoints.remove(endpoint.endpoint_id)

    world.receiver.before_answer = lambda _hit, _count: None
    world.receiver.status = 200
    world.use(remove)


def test_after_kills_between_sending_and_recording_every_id_was_seen(
    world: World,
) -> None:
    world.listen("all", "/all", "message.push")
    kills: list[float] = []

    def kill(_hit: object, _count: int) -> None:
        # The receiver has it, and nobody has recorded that.
        if len(world.receiver.of("/all")) in (20, 120) and len(kills) < 2:
            kills.append(time.monotonic())
            world.worker.kill()
            world.worker.start()

    world.receiver.before_answer = kill
    ids = world.send("killed", 200, channel="push")

    assert world.receiver.wait(
        lambda: {hit.webhook_id for hit in world.receiver.of("/all")} == ids, 120
    )
    hits = world.receiver.of("/all")
    assert len(kills) == 2
    assert len(hits) > len(ids)
    for hit in hits:
        told = Webhook(SECRET).verify(hit.body, hit.headers)
        assert told["data"]["body"] == "Ann, come in"
    # One id has one body, however often it comes.
    assert len({(hit.webhook_id, hit.body) for hit in hits}) == len(ids)
    assert world.receiver.wait(lambda: told_as_sent(world, "killed") == ids, 60)


def told_as_sent(world: World, campaign_id: str) -> set[str]:
    """Ids that the topic of outcomes says were sent."""
    servers = world.stack.addresses()["bootstrap_servers"]
    codec = DeliveryCodec()
    events = [codec.decode(m.value()) for m in dump(servers, DELIVERIES.name)]
    return {
        event.message_id
        for event in events
        if event.campaign_id == campaign_id and event.status == "sent"
    }


def test_a_dead_and_a_slow_endpoint_delay_no_other(world: World) -> None:
    world.listen("dead", "/dead", "message.webhook")
    world.listen("slow", "/slow", "message.webhook")
    world.listen("fine", "/fine", "message.webhook")
    started = time.monotonic()
    ids = world.send("mixed", 100)

    assert world.receiver.wait(
        lambda: {hit.webhook_id for hit in world.receiver.of("/fine")} == ids, 60
    )
    # One after the other, the dead and the slow would take minutes.
    assert time.monotonic() - started < 30
    # Ten failures open a breaker, and the slow take their time to fail.
    for path in ("/dead", "/slow"):
        assert world.receiver.wait(
            lambda path=path: len(world.receiver.of(path)) >= 10, 60
        )
        # Hardly any of the hundred were tried there.
        assert len(world.receiver.of(path)) < 60


def test_a_stop_holds_within_a_second_and_a_start_sends_the_rest(world: World) -> None:
    world.listen("paced", "/paced", "message.webhook")
    stop = Stop("campaign:flood", "ann", 0)
    world.use(
        lambda url: RedisDeliveryControls(url, APP).set_pace(Pace("campaign:flood", 40))
    )
    ids = world.send("flood", 150)
    assert world.receiver.wait(lambda: len(world.receiver.of("/paced")) > 20, 30)
    world.use(lambda url: RedisDeliveryControls(url, APP).stop(stop))
    stopped = time.monotonic()
    time.sleep(3)
    seen = world.receiver.of("/paced")

    assert len(seen) < len(ids)
    assert max(hit.at for hit in seen) <= stopped + 1
    world.use(lambda url: RedisDeliveryControls(url, APP).start("campaign:flood"))
    assert world.receiver.wait(
        lambda: {hit.webhook_id for hit in world.receiver.of("/paced")} == ids, 60
    )
    hits = sorted(hit.at for hit in world.receiver.of("/paced"))
    # 40 a second, and a second's worth at once.
    assert max(sum(a <= b < a + 1 for b in hits) for a in hits) <= 85


def test_gone_disables_and_what_is_dead_can_be_replayed(world: World) -> None:
    world.listen("gone", "/gone", "message.webhook")
    # An endpoint that is disabled gets nothing new: all must wait before the first
    # goes.
    hold = Stop("campaign:goners", "ann", 0)
    world.use(lambda url: RedisDeliveryControls(url, APP).stop(hold))
    ids = world.send("goners", 30)

    async def waiting(url: str) -> int:
        depths = await RedisOutbox(url, APP).depths(limit=100)
        return sum(depth.waiting for depth in depths if depth.lane.target == "ep_gone")

    async def status(url: str) -> str:
        endpoint = await RedisEndpoints(url, APP).find("ep_gone")
        return endpoint.status if endpoint else ""

    async def dead(url: str) -> list[Any]:
        return await RedisOutbox(url, APP).page("ep_gone", dead=True, limit=100)

    assert world.receiver.wait(lambda: world.use(waiting) == len(ids), 30)
    world.use(lambda url: RedisDeliveryControls(url, APP).start("campaign:goners"))
    assert world.receiver.wait(lambda: world.use(status) == DISABLED, 30)
    assert world.receiver.wait(lambda: len(world.use(dead)) == len(ids), 30)
    assert len(world.receiver.of("/gone")) < len(ids)

    async def replay(url: str) -> int:
        endpoints, outbox = RedisEndpoints(url, APP), RedisOutbox(url, APP)
        endpoint = await endpoints.find("ep_gone")
        assert endpoint is not None
        await endpoints.change(
            endpoint._replace(
                url=world.receiver.url("/again"),
                status=ACTIVE,
                revision=endpoint.revision + 1,
            )
        )
        now = int(time.time() * 1_000)
        # As the API does: who is switched on again is tried at once.
        await RedisDeliveryControls(url, APP).note("ep_gone", succeeded=True, now=now)
        found = await outbox.page("ep_gone", dead=True, limit=100)
        return await outbox.replay(found, now)

    assert world.use(replay) == len(ids)
    assert world.receiver.wait(
        lambda: {hit.webhook_id for hit in world.receiver.of("/again")} == ids, 60
    )


def test_inbox_messages_are_there_once(world: World) -> None:
    world.send("inbox", 80, channel="inbox")

    async def count(url: str) -> int:
        inbox = RedisInbox(url, APP)
        pages = [await inbox.get(f"member-{number}") for number in range(40)]
        return sum(len(page.messages) for page in pages)

    assert world.receiver.wait(lambda: world.use(count) == 80, 30)
    message = world.use(lambda url: RedisInbox(url, APP).get("member-0")).messages[0]
    assert (message.title, message.body) == ("Hello", "Ann, come in")
