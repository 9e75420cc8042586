"""Spans of traced records: begun when they are judged, ended when it is committed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from opentelemetry.context import Context
from opentelemetry.trace import Span

from runtime import tracing
from runtime.tracing import Headers
from streams.batches import RecordBatch

# Of one transaction or write; the records beyond it are applied all the same.
SPANS_MAX: Final = 256


class RecordSpans:
    """The traced records of one transaction; none of them in most."""

    def __init__(self) -> None:
        """Begin with none."""
        self._open: list[Span] = []
        self._headers: dict[str, Headers] = {}
        self._contexts: list[Context] = []

    @property
    def headers(self) -> dict[str, Headers]:
        """Headers of the updates of members whose last change is traced."""
        return self._headers

    def begin(
        self, place: tuple[str, int, int], record_headers: Headers, fallback: str
    ) -> Span | None:
        """Begin the span of a record at (topic, partition, offset) if it is traced."""
        context = tracing.traced(record_headers, fallback)
        if context is None or len(self._open) >= SPANS_MAX:
            return None
        span = tracing.begin_span(f"process {place[0]}", context, _attributes(place))
        self._open.append(span)
        self._contexts.append(context)
        return span

    def follow(self, span: Span, member_id: str) -> None:
        """Let the update of a member carry a span on."""
        self._headers[member_id] = tracing.headers_of(span)

    def end(self, partition: int, records: int) -> None:
        """
        End all of them, now that they are committed; and tell of the transaction.

        It is in the trace of its first record, and links to the others.
        """
        if not self._open:
            return
        whole = tracing.begin_span(
            "transaction",
            self._contexts[0],
            {"regulars.partition": partition, "messaging.batch.message_count": records},
            links=tuple(self._contexts),
        )
        for span in self._open:
            span.end()
        whole.end()


@contextmanager
def write_spans(sink: str, batches: list[RecordBatch]) -> Iterator[None]:
    """Spans of the traced records of one write, ended when it is done."""
    if not tracing.is_on():
        yield
        return
    found = list(_traced(batches))[:SPANS_MAX]
    spans = [
        tracing.begin_span(f"write {sink}", context, _attributes(place))
        for place, context in found
    ]
    try:
        yield
    finally:
        for span in spans:
            span.end()


def _traced(
    batches: list[RecordBatch],
) -> Iterator[tuple[tuple[str, int, int], Context]]:
    for batch in batches:
        for record in batch.records:
            context = tracing.traced(record.headers) if record.headers else None
            if context is not None:
                yield (batch.topic, batch.partition, record.offset), context


def _attributes(place: tuple[str, int, int]) -> dict[str, str | int]:
    topic, partition, offset = place
    return {
        "messaging.system": "kafka",
        "messaging.destination.name": topic,
        "messaging.destination.partition.id": str(partition),
        "messaging.kafka.offset": offset,
        "messaging.operation.type": "process",
    }
