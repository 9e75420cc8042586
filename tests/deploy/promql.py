"""Names that a PromQL expression asks of, found by Prometheus' own grammar."""

from collections.abc import Iterator
from typing import Any

import promql_parser
from prometheus_client.metrics import MetricWrapperBase

import runtime.metrics

PARTS = ("expr", "lhs", "rhs", "args", "param")
# Prometheus makes them itself.
BUILT_IN = {"up", "ALERTS"}
SUFFIXES = {
    "counter": ("_total",),
    "gauge": ("",),
    "histogram": ("_bucket", "_sum", "_count"),
}


def known_metrics() -> set[str]:
    """Every series name that our processes serve."""
    return {
        metric.name + suffix
        for collector in vars(runtime.metrics).values()
        if isinstance(collector, MetricWrapperBase)
        for metric in collector.describe()
        for suffix in SUFFIXES[metric.type]
    }


def selectors(expression: str) -> set[str]:
    """Metrics that an expression reads."""
    return set(_names(promql_parser.parse(expression)))


def _names(node: Any) -> Iterator[str]:
    if isinstance(node, promql_parser.MatrixSelector):
        node = node.vector_selector
    if isinstance(node, promql_parser.VectorSelector):
        yield node.name
        return
    for part in PARTS:
        inner = getattr(node, part, None)
        for one in inner if isinstance(inner, list) else [inner]:
            if one is not None and not isinstance(one, str | int | float):
                yield from _names(one)
