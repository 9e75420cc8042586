"""Messages of the AsyncAPI document: records, events of the stream, webhooks."""

import json
from typing import Any, Final

from schemas.framing import SCHEMA_DIRECTORY

Document = dict[str, Any]
AVRO: Final = "application/vnd.apache.avro+json;version=1.9.0"
FRAMED: Final = "avro/binary"


def message_of(name: str) -> Document:
    """A record of a topic, as its Avro schema."""
    schema = json.loads((SCHEMA_DIRECTORY / f"{name}.avsc").read_text())
    return {
        "name": schema["name"],
        "title": schema["name"],
        "summary": schema["doc"],
        "contentType": FRAMED,
        "payload": {"schemaFormat": AVRO, "schema": schema},
    }


def webhook() -> Document:
    """What a webhook receives."""
    text: Document = {"type": "string"}
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    return {
        "name": "webhook",
        "title": "A webhook's event",
        "summary": "`webhook-id` is the same over every attempt and replay.",
        "contentType": "application/json",
        "headers": {
            "type": "object",
            "required": list(names),
            "properties": dict.fromkeys(names, text),
        },
        "payload": {
            "type": "object",
            "required": ["type", "timestamp", "data"],
            "properties": {
                "type": text,
                "timestamp": {"type": "string", "format": "date-time"},
                "data": {"type": "object"},
            },
        },
    }


def news() -> Document:
    """What the stream of a member tells."""
    integer, text = {"type": "integer", "format": "int64"}, {"type": "string"}
    rows = {"type": "array", "items": {"type": "object"}}
    fields: Document = {
        "member_id": text,
        "version": integer,
        "as_of": {"type": "string", "format": "date-time"},
        "balance": integer,
        "pending": integer,
        "debt": integer,
        "tier": text,
        "offers": rows,
        "changes": rows,
        "changes_left_out": integer,
    }
    return {
        "name": "member",
        "title": "A member's new version",
        "summary": "Event `member`; `reset` and `gone` have `version` alone.",
        "contentType": "text/event-stream",
        "payload": {
            "type": "object",
            "required": list(fields),
            "properties": fields,
        },
    }
