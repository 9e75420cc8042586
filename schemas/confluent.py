"""A Confluent schema registry: ids that records name, and the schemas behind them."""

import json
import time
from typing import Final

from confluent_kafka.schema_registry import Schema as RegisteredSchema
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.error import SchemaRegistryError

from schemas.framing import SCHEMA_DIRECTORY, MalformedRecord, Schema, parsed

TIMEOUT_SECONDS: Final = 5
CACHE_MAX: Final = 1_000
AWAY_SECONDS: Final = 5.0
SUBJECTS: Final = {
    "order_event": "orders-value",
    "activity_event": "app-activity-value",
    "command": "commands-value",
    "tick": "clock-value",
}
NOT_FOUND: Final = 404


class RegistryUnavailable(Exception):
    """The registry does not answer; nothing about the record is known."""


class ConfluentRegistry:
    """Looks ids up once and keeps them; known schemas work while it is away."""

    def __init__(self, url: str) -> None:
        """Say where it is; nothing is asked yet."""
        self._client = SchemaRegistryClient(
            {"url": url, "timeout": TIMEOUT_SECONDS, "max.retries": 1}
        )
        self._known: dict[int, Schema] = {}
        self._away_until = 0.0

    def schema_of(self, schema_id: int) -> Schema:
        """
        Writer schema of an id.

        Raises: MalformedRecord for an id that the registry does not know
        (`unknown-schema`), and when it does not answer (`registry-unavailable`):
        the record can be sent again, the ones behind it need not wait.
        """
        known = self._known.get(schema_id)
        if known is not None:
            return known
        if time.monotonic() < self._away_until:
            raise MalformedRecord("registry-unavailable", "it did not answer just now")
        try:
            found = self._ask(schema_id)
        except RegistryUnavailable as error:
            # Asking for each record anew would keep a whole partition waiting.
            self._away_until = time.monotonic() + AWAY_SECONDS
            raise MalformedRecord("registry-unavailable", str(error)) from error
        if len(self._known) >= CACHE_MAX:
            self._known.clear()
        self._known[schema_id] = found
        return found

    def id_of(self, name: str) -> int:
        """
        Register our schema of a name under its topic's subject; return the id.

        Raises: RegistryUnavailable when it does not answer or refuses.
        """
        text = (SCHEMA_DIRECTORY / f"{name}.avsc").read_text()
        try:
            return int(
                self._client.register_schema(
                    SUBJECTS[name], RegisteredSchema(text, "AVRO")
                )
            )
        except Exception as error:
            raise RegistryUnavailable(f"{name}: {error}") from error

    def _ask(self, schema_id: int) -> Schema:
        try:
            found = self._client.get_schema(schema_id)
        except SchemaRegistryError as error:
            if error.http_status_code == NOT_FOUND:
                detail = f"the registry has no schema {schema_id}"
                raise MalformedRecord("unknown-schema", detail) from error
            raise RegistryUnavailable(str(error)) from error
        # The client lets its HTTP library's own errors through.
        except Exception as error:
            raise RegistryUnavailable(f"schema {schema_id}: {error}") from error
        return parsed(json.loads(found.schema_str or ""))
