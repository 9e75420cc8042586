"""Changes of the program on the wire, and their bytes."""

import json
from collections.abc import Mapping
from typing import Any

from loyalty.publishing.changes import Document, ProgramChange
from schemas.framing import Framing, MalformedRecord, Registry


class ProgramChangeCodec:
    """Reads and writes the records of `program`."""

    def __init__(self, registry: Registry | None = None) -> None:
        """Compile the schema."""
        self._framing = Framing("program_change", registry)

    def encode(self, change: ProgramChange, program_id: str) -> bytes:
        """Write a change."""
        return self._framing.encode(
            change._asdict()
            | {
                "program_id": program_id,
                "document": "" if change.document is None else written(change.document),
            }
        )

    def decode(self, value: bytes | None, recorded_at: int) -> ProgramChange:
        """
        Read a change that the broker took at a time.

        Raises: MalformedRecord for bytes that are not one.
        """
        record = self._framing.decode(value)
        del record["program_id"]
        record["recorded_at"] = recorded_at
        text = record["document"]
        record["document"] = _document(text) if text else None
        return ProgramChange(**record)


def written(document: Document) -> str:
    """Document as JSON; dates, which YAML knows, become texts."""
    return json.dumps(document, default=str, separators=(",", ":"), ensure_ascii=False)


def plain(document: Document) -> dict[str, Any]:
    """Document as every reader of the log will have it."""
    read: dict[str, Any] = json.loads(written(document))
    return read


def _document(text: str) -> Document:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise MalformedRecord("undecodable", f"document: {error}") from error
    if not isinstance(document, Mapping):
        raise MalformedRecord("undecodable", "the document is no object")
    return document
