"""Each system that a bridge leads to, as the contract's tests need it."""

import json
import os
import threading
import uuid
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Protocol

import aio_pika
import boto3
from azure.servicebus._pyamqp._decode import decode_payload
from azure.servicebus._pyamqp.message import Message, Properties

from delivery.targets import TargetRules, networks_of
from delivery.web import SafeClient
from jobs.bridging.amqp import AmqpSource, AmqpTarget
from jobs.bridging.aws import (
    EventBridgeTarget,
    SnsTarget,
    SqsSource,
    SqsTarget,
    client_of,
)
from jobs.bridging.http_events import HttpTarget
from jobs.bridging.memory import MemoryQueue
from jobs.bridging.ports import Source, Target
from jobs.bridging.service_bus import Place as Entity
from jobs.bridging.service_bus import ServiceBusSource, ServiceBusTarget
from tests.bridges.bus import Bus, encoded
from tests.bridges.rabbit import Rabbit
from tests.bridges.relay import Relay

if TYPE_CHECKING:
    from moto.server import ThreadedMotoServer

REGION = "us-east-1"
HELD_MAX = 50


class Place(Protocol):
    """A system with one queue for us to read and one that we write to."""

    def source(self) -> Source: ...

    def target(self) -> Target: ...

    async def put(
        self, body: bytes, content_type: str = "", headers: Mapping[str, str] = {}
    ) -> None:
        """Put a message where the source reads."""
        ...

    async def arrived(self) -> list[dict[str, Any]]:
        """Events that the target has put there, in their order, each once."""
        ...

    def cut(self) -> None: ...

    def mend(self) -> None: ...


class MemoryPlace:
    def __init__(self) -> None:
        self._queue = MemoryQueue()
        self._sent = MemoryQueue()

    def source(self) -> Source:
        return self._queue

    def target(self) -> Target:
        return self._sent

    async def put(
        self, body: bytes, content_type: str = "", headers: Mapping[str, str] = {}
    ) -> None:
        self._queue.put(body, content_type=content_type, headers=dict(headers))

    async def arrived(self) -> list[dict[str, Any]]:
        found = await self._sent.receive(1_000, 0)
        await self._sent.acknowledge(found)
        return [json.loads(one.body) for one in found]

    def cut(self) -> None:
        self._queue.is_available = self._sent.is_available = False

    def mend(self) -> None:
        self._queue.is_available = self._sent.is_available = True


class _Relayed:
    def __init__(self, port: int) -> None:
        self._relay = Relay(port)

    def cut(self) -> None:
        self._relay.cut()

    def mend(self) -> None:
        self._relay.mend()


class RabbitPlace(_Relayed):
    def __init__(self, rabbit: Rabbit) -> None:
        super().__init__(rabbit.port)
        self._url = rabbit.url
        self._relayed = f"amqp://guest:guest@127.0.0.1:{self._relay.port}/"
        self._in, self._out = f"in-{uuid.uuid4()}", f"out-{uuid.uuid4()}"

    async def prepare(self) -> None:
        async with await aio_pika.connect(self._url) as connection:
            channel = await connection.channel()
            for name in (self._in, self._out):
                await channel.declare_queue(name, durable=True)

    def addresses(self) -> dict[str, str]:
        """Settings of a bridge that reads and writes here."""
        return {
            "REGULARS_BRIDGE_SOURCE": f"{self._relayed}?queue={self._in}",
            "REGULARS_BRIDGE_TARGET": f"{self._relayed}?routing_key={self._out}",
        }

    def source(self) -> Source:
        return AmqpSource(self._relayed, self._in, messages_max=HELD_MAX)

    def target(self) -> Target:
        return AmqpTarget(self._relayed, "", self._out)

    async def put(
        self, body: bytes, content_type: str = "", headers: Mapping[str, str] = {}
    ) -> None:
        async with await aio_pika.connect(self._url) as connection:
            channel = await connection.channel()
            message = aio_pika.Message(
                body, content_type=content_type, headers=dict(headers)
            )
            await channel.default_exchange.publish(message, self._in)

    async def arrived(self) -> list[dict[str, Any]]:
        found = []
        async with await aio_pika.connect(self._url) as connection:
            channel = await connection.channel()
            queue = await channel.declare_queue(self._out, passive=True)
            while (one := await queue.get(fail=False)) is not None:
                await one.ack()
                found.append(json.loads(one.body))
        return found


class AwsPlace(_Relayed):
    """SQS both ways; the target may be SNS or EventBridge, which lead to the queue."""

    def __init__(self, server: "ThreadedMotoServer", kind: str) -> None:
        os.environ |= {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
        _, port = server.get_host_and_port()
        super().__init__(port)
        self._kind = kind
        self._direct = f"http://127.0.0.1:{port}"
        self._relayed = f"http://127.0.0.1:{self._relay.port}"
        self._sqs = self._client("sqs")
        self._in, self._out = (self._queue(f"{name}-{uuid.uuid4()}") for name in "ab")
        self._name = f"name-{uuid.uuid4()}"
        arn = self._sqs.get_queue_attributes(
            QueueUrl=self._out, AttributeNames=["QueueArn"]
        )["Attributes"]["QueueArn"]
        if kind == "sns":
            sns = self._client("sns")
            self._name = sns.create_topic(Name=self._name)["TopicArn"]
            sns.subscribe(
                TopicArn=self._name,
                Protocol="sqs",
                Endpoint=arn,
                Attributes={"RawMessageDelivery": "true"},
            )
        elif kind == "eventbridge":
            events = self._client("events")
            events.create_event_bus(Name=self._name)
            events.put_rule(
                Name="all",
                EventBusName=self._name,
                EventPattern='{"source": ["regulars"]}',
            )
            events.put_targets(
                Rule="all",
                EventBusName=self._name,
                Targets=[{"Id": "queue", "Arn": arn}],
            )

    def source(self) -> Source:
        return SqsSource(client_of("sqs", self._relayed, REGION), self._in)

    def target(self) -> Target:
        if self._kind == "sns":
            return SnsTarget(client_of("sns", self._relayed, REGION), self._name)
        if self._kind == "eventbridge":
            client = client_of("events", self._relayed, REGION)
            return EventBridgeTarget(client, self._name)
        return SqsTarget(client_of("sqs", self._relayed, REGION), self._out)

    async def put(
        self, body: bytes, content_type: str = "", headers: Mapping[str, str] = {}
    ) -> None:
        named = dict(headers) | ({"content-type": content_type} if content_type else {})
        self._sqs.send_message(
            QueueUrl=self._in,
            MessageBody=body.decode(),
            MessageAttributes={
                name: {"DataType": "String", "StringValue": value}
                for name, value in named.items()
            },
        )

    async def arrived(self) -> list[dict[str, Any]]:
        source = SqsSource(self._sqs, self._out)
        found = await source.receive(1_000, 0)
        await source.acknowledge(found)
        documents = [json.loads(one.body) for one in found]
        return [one.get("detail", one) for one in documents]

    def _client(self, service: str) -> Any:
        return boto3.client(service, endpoint_url=self._direct, region_name=REGION)

    def _queue(self, name: str) -> str:
        return str(self._sqs.create_queue(QueueName=name)["QueueUrl"])


class BusPlace(_Relayed):
    def __init__(self) -> None:
        self._bus = Bus()
        super().__init__(self._bus.port)

    def source(self) -> Source:
        return ServiceBusSource(self._place("in"))

    def target(self) -> Target:
        return ServiceBusTarget(self._place("out"))

    async def put(
        self, body: bytes, content_type: str = "", headers: Mapping[str, str] = {}
    ) -> None:
        properties = Properties(message_id="1", content_type=content_type)
        message = Message(
            properties=properties, application_properties=dict(headers), data=[body]
        )
        self._bus.put("in", encoded(message))

    async def arrived(self) -> list[dict[str, Any]]:
        payloads = list(self._bus.queues["out"])
        self._bus.queues["out"].clear()
        messages = [decode_payload(memoryview(one)) for one in payloads]
        return [json.loads(b"".join(one.data)) for one in messages]

    def _place(self, queue: str) -> Entity:
        host = f"127.0.0.1:{self._relay.port}"
        return Entity(host, queue, policy="test", key="test", uses_tls=False)


class HttpPlace(_Relayed):
    """An address that takes events; what reads there is the API itself."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        bodies = self.bodies

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                is_event = self.headers["content-type"].endswith("/cloudevents+json")
                is_known = self.headers["aeg-sas-key"] == "key"
                if is_event and is_known:
                    bodies.append(body)
                self.send_response(200 if is_event and is_known else 400)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        super().__init__(self._server.server_address[1])

    def target(self) -> Target:
        rules = TargetRules(allows_http=True, networks=networks_of("127.0.0.0/8"))
        client = SafeClient(rules, timeout_ms=5_000)
        url = f"http://127.0.0.1:{self._relay.port}/api/events"
        return HttpTarget(client, url, {"aeg-sas-key": "key"})

    async def arrived(self) -> list[dict[str, Any]]:
        found = [json.loads(one) for one in self.bodies]
        self.bodies.clear()
        return found

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
