"""
Traces: an order's way from the till's request to Redis and ClickHouse.

Off, as they are by default, each place that could begin a span asks one flag. A trace
says where time went, never whom it is about: no id of a member, no contact, no amount.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Link, Span, SpanContext, SpanKind, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from runtime.tracing_settings import TracingSettings

TRACEPARENT: Final = "traceparent"
TRACEPARENT_BYTES_MAX: Final = 128
# Of one span; what is beyond is still in a trace of its own.
LINKS_MAX: Final = 128
FLUSH_MS: Final = 1_000

Headers = list[tuple[str, bytes]]
Attributes = Mapping[str, str | int | bool]

_PROPAGATOR: Final = TraceContextTextMapPropagator()


class _Switch:
    """Whether this process traces; set once, where the process is put together."""

    tracer: Tracer | None = None
    flush: Callable[[int], object] | None = None


def is_on() -> bool:
    """Whether spans are made at all."""
    return _Switch.tracer is not None


def set_up_tracing(settings: TracingSettings, process: str, instance: str) -> None:
    """
    Begin to trace as the settings say; nothing is loaded while they say `off`.

    Raises: OSError when the folder for traces cannot be written.
    """
    if settings.tracing == "off":
        return
    from runtime.trace_exports import provider_of

    # Ours alone, not the global one: with that, the web framework would make spans of
    # its own, whose addresses and queries hold members' ids and contacts.
    provider = provider_of(settings, process, instance)
    _Switch.tracer = provider.get_tracer("regulars")
    _Switch.flush = provider.force_flush


def end_tracing() -> None:
    """Send what is ready, within a bound; nothing is traced afterwards."""
    flush, _Switch.flush, _Switch.tracer = _Switch.flush, None, None
    if flush is not None:
        flush(FLUSH_MS)


@contextmanager
def request_span(name: str, traceparent: bytes | None) -> Iterator[Span]:
    """Span of an HTTP request; the caller's trace goes on if it named one."""
    parent = _context_in(traceparent)
    tracer = _tracer()
    with tracer.start_as_current_span(name, parent, SpanKind.SERVER) as span:
        yield span


@contextmanager
def publish_span(topic: str) -> Iterator[Headers]:
    """Span of a record that is published; yields the headers that carry it on."""
    current = trace.get_current_span().get_span_context()
    if not is_on() or not current.trace_flags.sampled:
        yield []
        return
    attributes: Attributes = {
        "messaging.system": "kafka",
        "messaging.destination.name": topic,
        "messaging.operation.type": "send",
    }
    with _tracer().start_as_current_span(
        f"send {topic}", kind=SpanKind.PRODUCER, attributes=attributes
    ) as span:
        yield headers_of(span)


def traced(headers: Iterable[tuple[str, bytes]], fallback: str = "") -> Context | None:
    """
    Trace that a record belongs to; None for one that is not traced.

    `fallback` is a traceparent that the record itself holds.
    """
    value: bytes | None = next(
        (value for name, value in headers if name == TRACEPARENT), None
    )
    context = _context_in(fallback.encode() if value is None else value)
    if context is None:
        return None
    return context if _of(context).trace_flags.sampled else None


def begin_span(
    name: str,
    parent: Context | None,
    attributes: Attributes,
    *,
    links: tuple[Context, ...] = (),
) -> Span:
    """Span of a record that is processed, to be ended by whoever began it."""
    return _tracer().start_span(
        name,
        parent,
        SpanKind.CONSUMER,
        attributes,
        [Link(_of(context)) for context in links[:LINKS_MAX]],
    )


def headers_of(span: Span) -> Headers:
    """Headers that let a record's readers go on with a span."""
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier, trace.set_span_in_context(span))
    value = carrier.get(TRACEPARENT)
    return [] if value is None else [(TRACEPARENT, value.encode())]


def exemplar(headers: Iterable[tuple[str, bytes]]) -> dict[str, str] | None:
    """Exemplar of a histogram's bucket: the trace of a record, if it has one."""
    context = traced(headers) if headers else None
    return None if context is None else _named(_of(context))


def exemplar_here() -> dict[str, str] | None:
    """Exemplar of what goes on around here; None where nothing is traced."""
    span = trace.get_current_span().get_span_context()
    return _named(span) if span.trace_flags.sampled else None


def _named(span: SpanContext) -> dict[str, str]:
    return {"trace_id": trace.format_trace_id(span.trace_id)}


def _tracer() -> Tracer:
    return _Switch.tracer or trace.NoOpTracer()


def _of(context: Context) -> SpanContext:
    return trace.get_current_span(context).get_span_context()


def _context_in(value: bytes | None) -> Context | None:
    if not value or len(value) > TRACEPARENT_BYTES_MAX:
        return None
    # An empty context: what goes on around here is no parent.
    carrier = {TRACEPARENT: value.decode("ascii", "replace")}
    context = _PROPAGATOR.extract(carrier, Context())
    return context if _of(context).is_valid else None
