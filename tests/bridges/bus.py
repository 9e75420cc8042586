"""
A stand-in for Service Bus: AMQP 1.0 on a socket, tokens, queues with peek-locks.

There is no real one to be had, and its own client insists on what no other broker has
(`$cbs`, `$management`, lock tokens as delivery tags). The frames are coded by the
client's own codec; what is sent when is the standard's.
"""

import socket
import time
import uuid
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from threading import RLock, Thread
from typing import Any

from azure.servicebus._pyamqp import performatives as frames
from azure.servicebus._pyamqp._decode import decode_frame, decode_payload
from azure.servicebus._pyamqp._encode import encode_frame, encode_payload
from azure.servicebus._pyamqp.endpoints import Source, Target
from azure.servicebus._pyamqp.message import Message, Properties
from azure.servicebus._pyamqp.outcomes import Accepted
from azure.servicebus._pyamqp.types import TYPE, VALUE, AMQPTypes

SASL_HEADER, AMQP_HEADER = b"AMQP\x03\x01\x00\x00", b"AMQP\x00\x01\x00\x00"
FRAME_BYTES_MAX = 1_048_576
WINDOW, CREDIT = 65_536, 1_000
LOCK_SECONDS = 60


def encoded(message: Message) -> bytes:
    output = bytearray()
    encode_payload(output, message)
    return bytes(output)


def made(kind: Any, **fields: Any) -> Any:
    """Frame of which all other fields are null."""
    return kind(**(dict.fromkeys(kind._fields) | fields))


class Bus:
    """Queues by name, on a port of its own."""

    def __init__(self) -> None:
        self.lock = RLock()
        self.queues: dict[str, deque[bytes]] = {}
        self.connections: list[_Connection] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        Thread(target=self._accept, daemon=True).start()

    def put(self, queue: str, payload: bytes, *, first: bool = False) -> None:
        with self.lock:
            waiting = self.queues.setdefault(queue, deque())
            (waiting.appendleft if first else waiting.append)(payload)
            for one in list(self.connections):
                one.deliver()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                Thread(target=_Connection(self, near).serve, daemon=True).start()


class _Link:
    """A link of a client: what it is called, and what it may still be sent."""

    def __init__(self, handle: int, address: str, channel: int) -> None:
        self.handle = handle
        self.channel = channel
        self.address = address
        self.credit = 0
        self.sent = 0


class _Connection:
    def __init__(self, bus: Bus, near: socket.socket) -> None:
        self._bus = bus
        self._near = near
        self._to_client: dict[int, _Link] = {}
        self._from_client: dict[int, _Link] = {}
        self._held: dict[int, tuple[str, bytes]] = {}
        self._deliveries = 0
        self._answers: dict[int, Callable[[int, list[Any]], None]] = {
            0x10: self._open,
            0x11: self._begin,
            0x12: self._attach,
            0x13: self._flow,
            0x14: self._transfer,
            0x15: self._disposition,
            0x16: self._detach,
            0x17: lambda channel, _: self._send(channel, made(frames.EndFrame)),
            0x18: lambda channel, _: self._send(channel, made(frames.CloseFrame)),
            0x41: lambda channel, _: self._send(
                channel, made(frames.SASLOutcome, code=0), b"\x01"
            ),
        }

    def serve(self) -> None:
        with self._bus.lock:
            self._bus.connections.append(self)
        with suppress(OSError, EOFError):
            while True:
                self._answer(self._read(8))
        with self._bus.lock:
            self._bus.connections.remove(self)
            held, self._held = self._held, {}
        # A lock that nobody holds any more ends, here at once.
        for queue, payload in reversed(held.values()):
            self._bus.put(queue, payload, first=True)
        self._near.close()

    def deliver(self) -> None:
        """Send what waits to links that may be sent to."""
        for link in self._to_client.values():
            waiting = self._bus.queues.get(link.address, deque())
            while link.credit > 0 and waiting:
                payload = waiting.popleft()
                self._held[self._deliveries] = (link.address, payload)
                self._give(link, payload)

    def _answer(self, header: bytes) -> None:
        if header == SASL_HEADER:
            self._near.sendall(SASL_HEADER)
            self._send(
                0,
                made(frames.SASLMechanism, sasl_server_mechanisms=[b"ANONYMOUS"]),
                b"\x01",
            )
            return
        if header == AMQP_HEADER:
            self._near.sendall(AMQP_HEADER)
            return
        body = self._read(int.from_bytes(header[:4]) - 8)
        if body:
            kind, fields = decode_frame(memoryview(body))
            with self._bus.lock:
                self._answers[kind](int.from_bytes(header[6:8]), fields)

    def _open(self, channel: int, _: list[Any]) -> None:
        self._send(
            channel,
            made(frames.OpenFrame, container_id="bus", max_frame_size=FRAME_BYTES_MAX),
        )

    def _begin(self, channel: int, _: list[Any]) -> None:
        begin = made(
            frames.BeginFrame,
            remote_channel=channel,
            next_outgoing_id=0,
            incoming_window=WINDOW,
            outgoing_window=WINDOW,
        )
        self._send(channel, begin)

    def _attach(self, channel: int, fields: list[Any]) -> None:
        name, handle, client_receives = fields[0], fields[1], fields[2]
        address = fields[5 if client_receives else 6][0].decode()
        link = _Link(handle, address.rpartition("/")[2], channel)
        (self._to_client if client_receives else self._from_client)[handle] = link
        attach = made(
            frames.AttachFrame,
            name=name.decode(),
            handle=handle,
            role=not client_receives,
            send_settle_mode=fields[3],
            rcv_settle_mode=fields[4],
            source=Source(address=address),
            target=Target(address=address),
            initial_delivery_count=0 if client_receives else None,
            max_message_size=FRAME_BYTES_MAX,
        )
        self._send(channel, attach)
        if not client_receives:
            self._send(channel, self._flow_of(link, CREDIT))

    def _flow(self, channel: int, fields: list[Any]) -> None:
        link = self._to_client.get(fields[4]) if fields[4] is not None else None
        if link is None:
            return
        link.credit = (fields[5] or 0) + (fields[6] or 0) - link.sent
        self.deliver()
        if fields[8]:
            link.sent += link.credit
            link.credit = 0
            self._send(channel, self._flow_of(link, 0))

    def _transfer(self, channel: int, fields: list[Any]) -> None:
        link, payload = self._from_client[fields[0]], bytes(fields[-1])
        accepted = made(
            frames.DispositionFrame,
            role=True,
            first=fields[1],
            last=fields[1],
            settled=True,
            state=Accepted(),
        )
        if link.address.startswith("$"):
            self._send(channel, accepted)
            self._tell(link.address, decode_payload(memoryview(payload)))
        else:
            # It is there before anybody is told so.
            self._bus.put(link.address, payload)
            self._send(channel, accepted)

    def _tell(self, address: str, request: Message) -> None:
        """Accept a token, or prolong a lock."""
        until = int((time.time() + LOCK_SECONDS) * 1_000)
        message = Message(
            properties=Properties(correlation_id=request.properties[0]),
            application_properties={
                "status-code": 202,
                "status-description": "Accepted",
                "statusCode": 200,
                "statusDescription": "OK",
            },
            value={"expirations": [{TYPE: AMQPTypes.timestamp, VALUE: until}]},
        )
        for link in self._to_client.values():
            if link.address == address:
                self._give(link, encoded(message))

    def _give(self, link: _Link, payload: bytes) -> None:
        transfer = made(
            frames.TransferFrame,
            handle=link.handle,
            delivery_id=self._deliveries,
            delivery_tag=uuid.uuid4().bytes,
            message_format=0,
            settled=False,
            more=False,
            payload=payload,
        )
        self._deliveries += 1
        link.credit -= 1
        link.sent += 1
        self._send(link.channel, transfer)

    def _disposition(self, channel: int, fields: list[Any]) -> None:
        first, last, settled, state = fields[1], fields[2], fields[3], fields[4]
        for number in range(first, (first if last is None else last) + 1):
            held = self._held.pop(number, None)
            if held is not None and "accepted" not in (state or {}):
                self._bus.put(*held, first=True)
        if not settled:
            said = made(
                frames.DispositionFrame,
                role=False,
                first=first,
                last=last,
                settled=True,
                state=Accepted(),
            )
            self._send(channel, said)

    def _detach(self, channel: int, fields: list[Any]) -> None:
        self._to_client.pop(fields[0], None)
        self._from_client.pop(fields[0], None)
        self._send(channel, made(frames.DetachFrame, handle=fields[0], closed=True))

    def _flow_of(self, link: _Link, credit: int) -> Any:
        return made(
            frames.FlowFrame,
            next_incoming_id=0,
            incoming_window=WINDOW,
            next_outgoing_id=self._deliveries,
            outgoing_window=WINDOW,
            handle=link.handle,
            delivery_count=link.sent,
            link_credit=credit,
        )

    def _send(self, channel: int, frame: Any, kind: bytes = b"\x00") -> None:
        header, body = encode_frame(frame, kind)
        self._near.sendall(header + channel.to_bytes(2) + bytes(body or b""))

    def _read(self, size: int) -> bytes:
        read = b""
        while len(read) < size:
            some = self._near.recv(size - len(read))
            if not some:
                raise EOFError
            read += some
        return read
