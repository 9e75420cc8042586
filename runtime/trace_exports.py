"""Where spans go: loaded only by a process that traces."""

import os
from pathlib import Path
from typing import Final

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import (
    BatchSpanProcessor,
    ConsoleSpanExporter,
    SpanExporter,
)
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased

from runtime.releases import release
from runtime.tracing_settings import TracingSettings

# Spans that wait to be sent; beyond it they are dropped, and orders are not.
QUEUE_SPANS_MAX: Final = 8_192
EXPORT_EVERY_MS: Final = 1_000


def provider_of(
    settings: TracingSettings, process: str, instance: str
) -> TracerProvider:
    """
    Build what makes spans and sends them, in a thread of its own.

    Raises: OSError when the folder for traces cannot be written.
    """
    resource = Resource.create(
        {
            "service.name": f"regulars-{process}",
            "service.version": release(),
            "service.instance.id": instance,
        }
    )
    ratio = settings.tracing_samples_per_million / 1_000_000
    provider = TracerProvider(
        resource=resource, sampler=ParentBased(TraceIdRatioBased(ratio))
    )
    provider.add_span_processor(
        BatchSpanProcessor(
            _exporter(settings, process),
            max_queue_size=QUEUE_SPANS_MAX,
            schedule_delay_millis=EXPORT_EVERY_MS,
        )
    )
    return provider


def _exporter(settings: TracingSettings, process: str) -> SpanExporter:
    if settings.tracing == "otlp":
        return OTLPSpanExporter(endpoint=settings.tracing_target)
    folder = Path(settings.tracing_target)
    folder.mkdir(parents=True, exist_ok=True)
    # Open as long as the process lives.
    lines = (folder / f"{process}-{os.getpid()}.jsonl").open("a", encoding="utf-8")
    return ConsoleSpanExporter(out=lines, formatter=_line)


def _line(span: ReadableSpan) -> str:
    return f"{span.to_json(indent=None)}\n"
