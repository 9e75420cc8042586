"""Write the pages of `docs/` that are made from code: schemas, settings and more."""

import argparse
import json
from pathlib import Path
from typing import Any

from prometheus_client import REGISTRY

# Importing the module registers every metric.
import runtime.metrics
from jobs.asyncapi import asyncapi_page
from runtime.edge_settings import PREFIX
from runtime.settings import Settings
from schemas.framing import SCHEMA_DIRECTORY
from schemas.topics import all_topics, broker_config

SUMMARY = "write the pages of docs/ that are made from the code"
assert runtime.metrics
FRAMING = (
    "Values are Avro in [single-object encoding]"
    "(https://avro.apache.org/docs/1.12.0/specification/#single-object-encoding):"
    " `C3 01`, the schema's CRC-64-AVRO, the record. With a schema registry"
    " configured they are written in Confluent framing instead; both are read."
)


def run(settings: Settings, arguments: list[str]) -> None:
    """Write the pages into a folder."""
    parser = argparse.ArgumentParser(prog="write-docs", description=SUMMARY)
    parser.add_argument("--into", type=Path, default=Path("docs"))
    into = parser.parse_args(arguments).into
    for name, text in pages(settings.app_id).items():
        (into / name).write_text(text)


def pages(app_id: str = "regulars") -> dict[str, str]:
    """Every generated page by file name."""
    return {
        "schemas.md": schemas_page(app_id),
        "settings.md": settings_page(),
        "metrics.md": metrics_page(),
        "asyncapi.yaml": asyncapi_page(app_id),
    }


def schemas_page(app_id: str) -> str:
    """Topics, then every record with every field."""
    lines = [
        "# Topics and records",
        "",
        "Made from `schemas/` by `make jobs NAME=write-docs`; a test keeps it current.",
        "",
        FRAMING,
        "",
        "| topic | record | key | partitions | kept |",
        "| --- | --- | --- | --- | --- |",
    ]
    for spec in all_topics(app_id):
        config = broker_config(spec)
        days = spec.retention_ms // 86_400_000
        kept = "compacted" if spec.compacted else f"{days} days"
        count = "`REGULARS_PARTITIONS`" if spec.partitioned else "1"
        stamp = ", stamped by the broker" if "message.timestamp.type" in config else ""
        cells = (f"`{spec.name}`", f"`{spec.schema}`", spec.key, count, kept + stamp)
        lines.append(f"| {' | '.join(cells)} |")
    for path in sorted(SCHEMA_DIRECTORY.glob("*.avsc")):
        lines.extend(_record(json.loads(path.read_text()), 2))
    return "\n".join(lines) + "\n"


def settings_page() -> str:
    """Every environment variable."""
    lines = [
        "# Settings",
        "",
        "Made from `runtime/settings.py` by `make jobs NAME=write-docs`.",
        f"A process refuses to start on a `{PREFIX}` variable that is not listed.",
        "",
        "| variable | default | meaning |",
        "| --- | --- | --- |",
    ]
    for name, field in Settings.model_fields.items():
        default = f"`{field.default}`" if str(field.default) else "none"
        lines.append(f"| `{PREFIX}{name.upper()}` | {default} | {field.description} |")
    return "\n".join(lines) + "\n"


def metrics_page() -> str:
    """Every metric of our own."""
    lines = [
        "# Metrics",
        "",
        "Made from `runtime/metrics.py` by `make jobs NAME=write-docs`.",
        "Each process serves them at `/metrics`.",
        "",
        "| metric | kind | labels | meaning |",
        "| --- | --- | --- | --- |",
    ]
    for metric in _our_metrics():
        labels = ", ".join(f"`{label}`" for label in metric._labelnames) or "none"
        name = metric._name + ("_total" if metric._type == "counter" else "")
        lines.append(
            f"| `{name}` | {metric._type} | {labels} | {metric._documentation} |"
        )
    return "\n".join(lines) + "\n"


def _our_metrics() -> list[Any]:
    found = {
        id(collector): collector
        for name, collector in REGISTRY._names_to_collectors.items()
        if name.startswith("regulars_")
    }
    return sorted(found.values(), key=lambda metric: str(metric._name))


def _record(schema: dict[str, Any], depth: int) -> list[str]:
    lines = [
        "",
        f"{'#' * depth} {schema['name']}",
        "",
        schema["doc"],
        "",
        "| field | type | default | meaning |",
        "| --- | --- | --- | --- |",
    ]
    nested = []
    for field in schema["fields"]:
        name, inner = _type(field["type"])
        nested.extend(inner)
        default = f"`{json.dumps(field['default'])}`" if "default" in field else ""
        lines.append(f"| `{field['name']}` | {name} | {default} | {field['doc']} |")
    for one in nested:
        lines.extend(_record(one, depth + 1))
    return lines


def _type(kind: Any) -> tuple[str, list[dict[str, Any]]]:
    """Readable name of an Avro type, and the records inside it."""
    if isinstance(kind, list):
        parts = [_type(part) for part in kind]
        return " or ".join(name for name, _ in parts), [
            r for _, rs in parts for r in rs
        ]
    if isinstance(kind, str):
        return kind, []
    if kind["type"] == "record":
        return kind["name"], [kind]
    if kind["type"] == "enum":
        return "one of " + ", ".join(kind["symbols"]), []
    if kind["type"] == "array":
        name, inner = _type(kind["items"])
        return f"list of {name}", inner
    if kind["type"] == "map":
        name, inner = _type(kind["values"])
        return f"map of {name}", inner
    return kind.get("logicalType", kind["type"]), []
