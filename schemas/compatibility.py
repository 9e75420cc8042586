"""Whether today's schemas read what was written with every older one."""

from pathlib import Path
from typing import Any, Final

from schemas.framing import HISTORY_DIRECTORY, SCHEMA_DIRECTORY, Schema, load

# Avro's promotions: what a reader of the second may read of the first.
PROMOTIONS: Final = {
    ("int", "long"),
    ("int", "float"),
    ("int", "double"),
    ("long", "float"),
    ("long", "double"),
    ("float", "double"),
    ("string", "bytes"),
    ("bytes", "string"),
}


def faults(name: str) -> list[str]:
    """What keeps the current schema from reading each kept version of it."""
    reader = load(SCHEMA_DIRECTORY / f"{name}.avsc")
    found: list[str] = []
    for path in versions(name):
        found.extend(f"{name} {path.stem}: {x}" for x in unreadable(load(path), reader))
    return found


def versions(name: str) -> list[Path]:
    """Kept versions of a schema, oldest first; the newest equals the current one."""
    return sorted((HISTORY_DIRECTORY / name).glob("*.avsc"))


def unreadable(writer: Schema, reader: Schema, where: str = "") -> list[str]:
    """Faults of a reader schema for data written with another one, by Avro's rules."""
    if isinstance(writer, list):
        return [f for branch in writer for f in unreadable(branch, reader, where)]
    if isinstance(reader, list):
        tries = [unreadable(writer, branch, where) for branch in reader]
        return [] if not all(tries) else [f"{where}: {_kind(writer)} has no branch"]
    writer_kind, reader_kind = _kind(writer), _kind(reader)
    if writer_kind != reader_kind:
        if (writer_kind, reader_kind) in PROMOTIONS:
            return []
        return [f"{where}: {writer_kind} cannot be read as {reader_kind}"]
    match writer_kind:
        case "record":
            found = _unreadable_record(writer, reader, where)
        case "array":
            found = unreadable(writer["items"], reader["items"], f"{where}[]")
        case "map":
            found = unreadable(writer["values"], reader["values"], f"{where}{{}}")
        case "enum":
            found = _unreadable_enum(writer, reader, where)
        case "fixed" if writer["size"] != reader["size"]:
            found = [f"{where}: fixed size {writer['size']} became {reader['size']}"]
        case _:
            found = []
    return found


def _unreadable_record(
    writer: dict[str, Any], reader: dict[str, Any], where: str
) -> list[str]:
    written = {field["name"]: field["type"] for field in writer["fields"]}
    found: list[str] = []
    for field in reader["fields"]:
        path = f"{where}/{field['name']}"
        if field["name"] in written:
            found.extend(unreadable(written[field["name"]], field["type"], path))
        elif "default" not in field:
            found.append(f"{path}: new field without a default")
    return found


def _unreadable_enum(
    writer: dict[str, Any], reader: dict[str, Any], where: str
) -> list[str]:
    missing = set(writer["symbols"]) - set(reader["symbols"])
    if missing and "default" not in reader:
        return [f"{where}: symbols {sorted(missing)} are gone without a default"]
    return []


def _kind(schema: Schema) -> str:
    return str(schema["type"] if isinstance(schema, dict) else schema)
