"""A schema registry over real HTTP: known ids, unknown ids, and none at all."""

import json
import socket
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from schemas.confluent import ConfluentRegistry
from schemas.events import EventCodec
from schemas.framing import MalformedRecord, RegistryUnavailable
from tests.builders import NOON, an_order

# The least that settings allow a worker to be silent for.
SESSION_TIMEOUT_SECONDS_MIN = 6.0


class _Registry(BaseHTTPRequestHandler):
    """As much of a registry as the client asks for."""

    schemas: list[str]
    # What an id leads to besides our own schemas.
    others: dict[int, dict[str, object]]
    asked: list[int]

    def do_POST(self) -> None:
        size = int(self.headers["content-length"])
        schema = json.loads(self.rfile.read(size))["schema"]
        if schema not in self.schemas:
            self.schemas.append(schema)
        self._answer(200, {"id": self.schemas.index(schema) + 1})

    def do_GET(self) -> None:
        number = int(self.path.split("?")[0].rsplit("/", 1)[1])
        self.asked.append(number)
        if number in self.others:
            self._answer(200, self.others[number])
        elif 0 < number <= len(self.schemas):
            self._answer(200, {"schema": self.schemas[number - 1]})
        else:
            self._answer(404, {"error_code": 40403, "message": "Schema not found"})

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _answer(self, status: int, body: dict[str, object]) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/vnd.schemaregistry.v1+json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@pytest.fixture
def url() -> Iterator[str]:
    """Address of a registry that knows nothing yet."""
    _Registry.schemas, _Registry.others, _Registry.asked = [], {}, []
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Registry)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_orders_in_confluent_framing_are_read_by_their_id(url: str) -> None:
    writer = EventCodec(ConfluentRegistry(url))
    reader = EventCodec(ConfluentRegistry(url))
    order = an_order()

    value = writer.encode_order(order)

    assert value[:1] == b"\x00"
    assert reader.decode_order(b"member-1", value, NOON) == order


def test_both_framings_are_read_by_one_codec(url: str) -> None:
    order = an_order()
    plain = EventCodec().encode_order(order)

    assert plain[:2] == b"\xc3\x01"
    codec = EventCodec(ConfluentRegistry(url))
    assert codec.decode_order(b"member-1", plain, NOON) == order


def test_an_id_that_nobody_registered_is_a_dead_letter(url: str) -> None:
    codec = EventCodec(ConfluentRegistry(url))
    value = b"\x00\x00\x00\x03\xe7" + codec.encode_order(an_order())[5:]

    with pytest.raises(MalformedRecord) as caught:
        codec.decode_order(b"member-1", value, NOON)

    assert caught.value.reason == "unknown-schema"


def test_known_schemas_work_while_the_registry_is_away(url: str) -> None:
    registry = ConfluentRegistry(url)
    codec = EventCodec(registry)
    value = codec.encode_order(an_order())
    assert codec.decode_order(b"member-1", value, NOON) == an_order()
    registry._client = ConfluentRegistry("http://127.0.0.1:1")._client
    with pytest.raises(MalformedRecord, match="9"):
        registry.schema_of(9)

    assert codec.decode_order(b"member-1", value, NOON) == an_order()


def test_a_registry_that_is_away_keeps_nobody_waiting_for_long() -> None:
    registry = ConfluentRegistry("http://127.0.0.1:1")
    reasons = []
    for _ in range(100):
        with pytest.raises(MalformedRecord) as caught:
            registry.schema_of(7)
        reasons.append(caught.value.reason)

    assert set(reasons) == {"registry-unavailable"}


def test_a_process_that_needs_a_registry_says_that_it_is_away() -> None:
    with pytest.raises(RegistryUnavailable):
        EventCodec(ConfluentRegistry("http://127.0.0.1:1"))


@pytest.mark.parametrize(
    "found",
    [
        {"schemaType": "PROTOBUF", "schema": 'syntax = "proto3";'},
        {"schemaType": "JSON", "schema": '{"type": "object"}'},
        {"schema": '{"type": "recrd"}'},
        {"schema": "["},
        {},
    ],
    ids=["protobuf", "json schema", "no avro", "no json", "nothing"],
)
def test_an_id_that_leads_to_no_avro_schema_is_a_dead_letter(
    url: str, found: dict[str, object]
) -> None:
    _Registry.others[9] = found

    with pytest.raises(MalformedRecord) as caught:
        ConfluentRegistry(url).schema_of(9)

    assert caught.value.reason == "unknown-schema"


def test_an_unknown_id_is_asked_for_once_however_many_records_name_it(
    url: str,
) -> None:
    registry = ConfluentRegistry(url)

    for _ in range(50):
        with pytest.raises(MalformedRecord, match=r"no Avro schema|has no schema"):
            registry.schema_of(999)

    assert _Registry.asked == [999]


def test_a_schema_is_fetched_without_its_logical_types(url: str) -> None:
    text = '{"type": "long", "logicalType": "timestamp-millis"}'
    _Registry.others[4] = {"schema": text}

    assert ConfluentRegistry(url).schema_of(4) in ({"type": "long"}, "long")


def test_a_registry_that_hangs_costs_less_than_a_session_timeout() -> None:
    with socket.create_server(("127.0.0.1", 0)) as hanging:
        registry = ConfluentRegistry(f"http://127.0.0.1:{hanging.getsockname()[1]}")
        started = time.monotonic()

        for _ in range(100):
            with pytest.raises(MalformedRecord):
                registry.schema_of(7)

        assert time.monotonic() - started < SESSION_TIMEOUT_SECONDS_MIN
