"""Panels of Grafana: what one shows, and the document that it becomes."""

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from stores.questions import DAY, MONTH, QUESTIONS, SHARE, UNUSUAL, Column

PROMETHEUS: Final = {"type": "prometheus", "uid": "regulars-prometheus"}
CLICKHOUSE: Final = {
    "type": "grafana-clickhouse-datasource",
    "uid": "regulars-clickhouse",
}
GRID_COLUMNS: Final = 24
ROWS_SHOWN: Final = 200
_PARAMETER: Final = re.compile(r"\{(\w+):([\w()]+)\}")
# What a question must be told, in Grafana's words: the span that is looked at, and the
# variables at the top of a dashboard.
_TOLD: Final[Mapping[str, str]] = {
    "from_at": "toInt64($__from)",
    "until_at": "toInt64($__to)",
    "zone": "'$zone'",
    "wallet": "'$wallet'",
    "tiers": "splitByChar(',', '$tiers')",
    "store": "''",
    "channel": "''",
    "limit": str(ROWS_SHOWN),
    **{name: str(value) for name, value in UNUSUAL.items()},
}
_TABLE_FORMAT: Final = 1


class Line(NamedTuple):
    """One expression of PromQL and what it is called."""

    expression: str
    legend: str


class Metrics(NamedTuple):
    """A panel over Prometheus; `unit` in Grafana's words, `width` of 24."""

    title: str
    lines: tuple[Line, ...]
    unit: str = "short"
    width: int = 12
    kind: str = "timeseries"
    says: str = ""


class Asked(NamedTuple):
    """A panel over ClickHouse: a named question, the same as the console's."""

    title: str
    question: str
    kind: str = "table"
    width: int = 12
    says: str = ""


Panel = Metrics | Asked


def sql_of(question: str) -> str:
    """
    The SQL of a question with Grafana's macros where it must be told something.

    Raises: KeyError for a parameter that no dashboard can tell.
    """
    return _PARAMETER.sub(
        lambda found: f"CAST({_TOLD[found[1]]}, '{found[2]}')",
        QUESTIONS[question].statement,
    )


def document(
    panel: Panel, number: int, *, x: int, y: int, height: int
) -> dict[str, Any]:
    """The panel as Grafana reads it, at a place."""
    body = _metrics(panel) if isinstance(panel, Metrics) else _asked(panel)
    return {
        "id": number,
        "title": panel.title,
        "description": panel.says,
        "gridPos": {"h": height, "w": panel.width, "x": x, "y": y},
        **body,
    }


def _metrics(panel: Metrics) -> dict[str, Any]:
    targets = [
        {
            "refId": chr(ord("A") + number),
            "datasource": PROMETHEUS,
            "expr": line.expression,
            "legendFormat": line.legend,
            # A dot for a trace that fell into a bucket, and a way to it.
            "exemplar": "_bucket[" in line.expression,
            "instant": panel.kind == "stat",
        }
        for number, line in enumerate(panel.lines)
    ]
    return {
        "type": panel.kind,
        "datasource": PROMETHEUS,
        "targets": targets,
        "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0}, "overrides": []},
        "options": {"legend": {"displayMode": "list", "placement": "bottom"}}
        if panel.kind == "timeseries"
        else {},
    }


def _asked(panel: Asked) -> dict[str, Any]:
    target = {
        "refId": "A",
        "datasource": CLICKHOUSE,
        "editorType": "sql",
        "queryType": "table",
        "format": _TABLE_FORMAT,
        "rawSql": sql_of(panel.question),
    }
    columns = QUESTIONS[panel.question].columns
    overrides = [_override(column) for column in columns if column.kind == SHARE]
    dates = [one.name for one in columns if one.kind in {DAY, MONTH}]
    conversions = [{"targetField": name, "destinationType": "time"} for name in dates]
    return {
        "type": panel.kind,
        "datasource": CLICKHOUSE,
        "targets": [target],
        "fieldConfig": {"defaults": {}, "overrides": overrides},
        "transformations": [
            {"id": "convertFieldType", "options": {"conversions": conversions}}
        ]
        if conversions
        else [],
    }


def _override(column: Column) -> dict[str, Any]:
    """Basis points say what they are."""
    return {
        "matcher": {"id": "byName", "options": column.name},
        "properties": [{"id": "unit", "value": "suffix: bp"}],
    }


def quantiles(histogram: str, by: str = "") -> tuple[Line, ...]:
    """The median and the slowest hundredth of a histogram."""
    within = f"le, {by}" if by else "le"
    legend = f" {{{{{by}}}}}" if by else ""
    rate = f"sum by ({within}) (rate({histogram}_bucket[$__rate_interval]))"
    return (
        Line(f"histogram_quantile(0.5, {rate})", f"p50{legend}"),
        Line(f"histogram_quantile(0.99, {rate})", f"p99{legend}"),
    )


def each(metric: str, by: str) -> tuple[Line, ...]:
    """The rate of a counter, a line for each value of a label."""
    return (Line(f"sum by ({by}) (rate({metric}[$__rate_interval]))", f"{{{{{by}}}}}"),)
