"""Traces: off costs a flag, on they reach a collector, and they have limits."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
)

from runtime import tracing
from runtime.settings import InvalidSettings, Settings, load_settings
from schemas.topics import ORDERS
from streams.record_spans import SPANS_MAX, RecordSpans

TRACE, PARENT = "5" * 32, "00f067aa0ba902b7"
SAMPLED = f"00-{TRACE}-{PARENT}-01"
HEADERS = [("traceparent", SAMPLED.encode())]


class Collector:
    """An OTLP collector over HTTP that keeps what it is sent."""

    def __init__(self) -> None:
        self.spans: list[Any] = []
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                sent = ExportTraceServiceRequest.FromString(body)
                for resource in sent.resource_spans:
                    for scope in resource.scope_spans:
                        collector.spans.extend(scope.spans)
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None: ...

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/v1/traces"


@pytest.fixture
def collector() -> Iterator[Collector]:
    made = Collector()
    settings = Settings(
        tracing="otlp", tracing_target=made.address, tracing_samples_per_million=0
    )
    tracing.set_up_tracing(settings, "engine", "worker-1")
    yield made
    tracing.end_tracing()
    made.server.shutdown()


def test_spans_reach_a_collector_and_the_transaction_links_to_its_records(
    collector: Collector,
) -> None:
    spans = RecordSpans()
    begun = spans.begin((ORDERS.name, 3, 41), HEADERS, "")
    assert begun is not None
    spans.follow(begun, "ann")
    spans.end(3, 1_000)
    tracing.end_tracing()

    by_name = {span.name: span for span in collector.spans}
    record, whole = by_name["process orders"], by_name["transaction"]
    assert record.trace_id.hex() == TRACE
    assert record.parent_span_id.hex() == PARENT
    assert [link.trace_id.hex() for link in whole.links] == [TRACE]
    assert (
        spans.headers["ann"][0][1].decode() == f"00-{TRACE}-{record.span_id.hex()}-01"
    )
    assert "ann" not in str(collector.spans)


def test_a_transaction_has_no_more_spans_than_its_limit(collector: Collector) -> None:
    spans = RecordSpans()
    made = [
        spans.begin((ORDERS.name, 0, number), HEADERS, "")
        for number in range(SPANS_MAX + 5)
    ]
    spans.end(0, len(made))
    tracing.end_tracing()

    assert made.count(None) == 5
    assert len([s for s in collector.spans if s.name != "transaction"]) == SPANS_MAX


@pytest.mark.parametrize(
    ("headers", "fallback", "is_traced"),
    [
        ([], "", False),
        (HEADERS, "", True),
        ([], SAMPLED, True),
        ([("traceparent", SAMPLED[:-1].encode() + b"0")], SAMPLED, False),
        ([("traceparent", b"\xff\xfe")], "", False),
        ([("traceparent", b"")], "", False),
        ([("traceparent", SAMPLED.encode() * 9)], "", False),
        ([("tracestate", b"a=b"), *HEADERS], "", True),
        ([], "what a till thought up", False),
    ],
    ids=[
        "nothing",
        "header",
        "in-the-order",
        "header-says-no",
        "no-text",
        "empty",
        "too-long",
        "among-others",
        "no-trace",
    ],
)
def test_a_record_is_traced_when_somebody_asked_for_it(
    collector: Collector, headers: Any, fallback: str, is_traced: bool
) -> None:
    span = RecordSpans().begin((ORDERS.name, 0, 0), headers, fallback)

    assert collector.spans == []
    assert (span is not None) == is_traced


def test_nothing_is_published_with_a_trace_while_traces_are_off() -> None:
    with tracing.publish_span(ORDERS.name) as headers:
        assert headers == []
    assert not tracing.is_on()


def test_traces_need_a_place_to_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGULARS_TRACING", "otlp")

    with pytest.raises(InvalidSettings, match="REGULARS_TRACING_TARGET"):
        load_settings()
