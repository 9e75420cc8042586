"""Exemplars: a bucket of a latency leads to a trace that fell into it."""

import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from local.ports import free_port
from runtime import tracing
from runtime.health import metrics_page, serve_health
from runtime.settings import Settings
from schemas.topics import MEMBER_UPDATES
from streams.batches import RecordBatch, SourceRecord
from streams.latencies import observe_latency
from tests.builders import NOON
from tests.dispatching.updates import an_update

TRACE = "6" * 32
SAMPLED = f"00-{TRACE}-00f067aa0ba902b7-01".encode()
UNSAMPLED = f"00-{TRACE}-00f067aa0ba902b7-00".encode()
OPEN_METRICS = "application/openmetrics-text; version=1.0.0"
UPDATE = an_update(recorded_at=NOON)


@pytest.fixture
def traces(tmp_path: Path) -> Iterator[None]:
    settings = Settings(tracing="file", tracing_target=str(tmp_path))
    tracing.set_up_tracing(settings, "engine", "worker-1")
    yield
    tracing.end_tracing()


def exemplars(name: str) -> list[dict[str, str]]:
    """Labels of the exemplars of a histogram, as whoever scrapes reads them."""
    body, kind = metrics_page(OPEN_METRICS)
    assert kind.startswith("application/openmetrics-text")
    return [
        dict(sample.exemplar.labels)
        for family in text_string_to_metric_families(body.decode())
        for sample in family.samples
        if sample.name == f"{name}_bucket" and sample.exemplar
    ]


def test_the_latency_of_a_traced_order_names_its_trace(traces: None) -> None:
    record = SourceRecord(0, NOON, b"ann", b"", [("traceparent", SAMPLED)])
    batch = RecordBatch(MEMBER_UPDATES.name, 0, 0, 1, [record])

    observe_latency("redis", [UPDATE], [batch])

    assert {"trace_id": TRACE} in exemplars("regulars_sink_latency_seconds")


@pytest.mark.parametrize(
    ("header", "found"),
    [
        pytest.param(SAMPLED, {"trace_id": TRACE}, id="sampled"),
        pytest.param(UNSAMPLED, None, id="not sampled"),
        pytest.param(b"00-zz", None, id="broken"),
    ],
)
def test_only_a_trace_that_is_kept_is_an_example(
    header: bytes, found: dict[str, str] | None
) -> None:
    assert tracing.exemplar([("traceparent", header)]) == found


def test_outside_of_a_trace_there_is_no_example() -> None:
    assert tracing.exemplar([]) is None
    assert tracing.exemplar_here() is None


def test_a_request_is_an_example_of_its_time(traces: None) -> None:
    with tracing.request_span("GET", SAMPLED):
        assert tracing.exemplar_here() == {"trace_id": TRACE}


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        pytest.param("", "text/plain", id="Prometheus of old, or curl"),
        pytest.param(OPEN_METRICS, "application/openmetrics-text", id="OpenMetrics"),
    ],
)
def test_a_worker_answers_in_the_format_that_is_asked_for(
    accept: str, kind: str
) -> None:
    port = free_port()
    serve_health("127.0.0.1", port, lambda: {"restored": True})
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/metrics", headers={"accept": accept}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.headers["content-type"].startswith(kind)
        assert b"regulars_sink_latency_seconds" in answer.read()
