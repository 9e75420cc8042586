"""
How a record names the schema it was written with.

Single-object encoding (C3 01, then the CRC-64-AVRO of the schema) needs nobody;
Confluent framing (00, then a 4-byte id) needs a registry. A reader takes both.
"""

import io
import json
from pathlib import Path
from typing import Any, Final, Protocol

from fastavro import parse_schema, schemaless_reader, schemaless_writer
from fastavro.schema import fingerprint, to_parsing_canonical_form

SCHEMA_DIRECTORY: Final = Path(__file__).parent
HISTORY_DIRECTORY: Final = SCHEMA_DIRECTORY / "history"

SINGLE_OBJECT_MARKER: Final = b"\xc3\x01"
SINGLE_OBJECT_HEADER_BYTES: Final = 10
CONFLUENT_MARKER: Final = b"\x00"
CONFLUENT_HEADER_BYTES: Final = 5

Schema = Any
Record = dict[str, Any]


class MalformedRecord(ValueError):
    """Bytes that cannot be read: `reason` is a stable code."""

    def __init__(self, reason: str, detail: str) -> None:
        """Keep the stable code beside the sentence for people."""
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


class RegistryUnavailable(Exception):
    """The registry does not answer; nothing about the record is known."""


class Registry(Protocol):
    """Where Confluent schema ids lead to schemas, and back."""

    def schema_of(self, schema_id: int) -> Schema:
        """
        Writer schema of an id, from a bounded cache or the registry.

        Raises: MalformedRecord when the registry does not know the id.
        """

    def id_of(self, name: str) -> int:
        """Id under which our schema of this name is registered."""


class Framing:
    """
    Reads and writes the records of one schema.

    Everything is compiled once: our schema, and each older version of it that
    `schemas/history` keeps readable.
    """

    def __init__(self, name: str, registry: Registry | None = None) -> None:
        """Compile schema `name` and its history; a registry means Confluent framing."""
        self.schema = load(SCHEMA_DIRECTORY / f"{name}.avsc")
        self._name = name
        self._registry = registry
        own = SINGLE_OBJECT_MARKER + crc64(self.schema)
        self.header = own if registry is None else _confluent(registry.id_of(name))
        # A writer that equals the reader needs no resolution, which is faster.
        self._writers: dict[bytes, tuple[Schema, Schema | None]] = {
            own: (self.schema, None)
        }
        for path in sorted((HISTORY_DIRECTORY / name).glob("*.avsc")):
            old = load(path)
            header = SINGLE_OBJECT_MARKER + crc64(old)
            self._writers.setdefault(header, (old, self.schema))

    def encode(self, record: Record) -> bytes:
        """Write a record that our own code made."""
        out = io.BytesIO()
        out.write(self.header)
        schemaless_writer(out, self.schema, record)
        return out.getvalue()

    def decode(self, value: bytes | None) -> Record:
        """
        Read a record from anywhere.

        Raises: MalformedRecord for bytes that are not exactly one record of a
        schema that we know.
        """
        if not value:
            raise MalformedRecord("null-value", "the record has no value")
        known = self._writers.get(value[:SINGLE_OBJECT_HEADER_BYTES])
        if known is not None:
            return self._read(value, SINGLE_OBJECT_HEADER_BYTES, known)
        if value[:1] == CONFLUENT_MARKER and len(value) > CONFLUENT_HEADER_BYTES:
            writer = self._registered(int.from_bytes(value[1:5], "big"))
            return self._read(value, CONFLUENT_HEADER_BYTES, (writer, self.schema))
        if value[:2] == SINGLE_OBJECT_MARKER:
            detail = f"no schema has the fingerprint {value[2:10].hex()}"
            raise MalformedRecord("unknown-schema", detail)
        raise MalformedRecord(
            "wrong-magic", f"expected c301 or 00 at the start, found {value[:2].hex()}"
        )

    def check_header(self, value: bytes) -> None:
        """
        Refuse bytes that do not name one of our own schemas.

        Raises: MalformedRecord.
        """
        if value[:SINGLE_OBJECT_HEADER_BYTES] not in self._writers:
            raise MalformedRecord(
                "unknown-schema", f"begins with {value[:10].hex()}, not a {self._name}"
            )

    def _registered(self, schema_id: int) -> Schema:
        if self._registry is None:
            detail = f"schema id {schema_id}, but no schema registry is configured"
            raise MalformedRecord("unknown-schema", detail)
        return self._registry.schema_of(schema_id)

    def _read(
        self, value: bytes, start: int, schemas: tuple[Schema, Schema | None]
    ) -> Record:
        writer, reader = schemas
        source = io.BytesIO(value)
        source.seek(start)
        try:
            record: Record = schemaless_reader(source, writer, reader)
        # The reader raises whatever the broken bytes lead it to.
        except Exception as error:
            detail = f"not a whole {self._name}: {type(error).__name__}: {error}"
            raise MalformedRecord("undecodable", detail[:500]) from error
        if source.tell() != len(value):
            detail = f"{len(value) - source.tell()} bytes follow the {self._name}"
            raise MalformedRecord("trailing-bytes", detail)
        return record


def load(path: Path) -> Schema:
    """
    Parse a schema file.

    Logical types are for other readers: we keep times as integers, and turning
    each into a datetime and back would cost more than the rest of the decoding.
    """
    return parsed(json.loads(path.read_text()))


def parsed(document: Schema) -> Schema:
    """Schema from its JSON document, without its logical types."""
    return parse_schema(_without_logical_types(document))


def crc64(schema: Schema) -> bytes:
    """CRC-64-AVRO of a schema's parsing canonical form, little endian."""
    return bytes.fromhex(fingerprint(to_parsing_canonical_form(schema), "CRC-64-AVRO"))


def _confluent(schema_id: int) -> bytes:
    return CONFLUENT_MARKER + schema_id.to_bytes(4, "big")


def _without_logical_types(schema: Schema) -> Schema:
    if isinstance(schema, dict):
        return {
            key: _without_logical_types(value)
            for key, value in schema.items()
            if key != "logicalType"
        }
    if isinstance(schema, list):
        return [_without_logical_types(part) for part in schema]
    return schema
