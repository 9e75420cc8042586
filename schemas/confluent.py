"""A Confluent schema registry: ids that records name, and the schemas behind them."""

import json
import time
from typing import Final, TypeVar

from confluent_kafka.schema_registry import Schema as RegisteredSchema
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.error import SchemaRegistryError

from schemas.framing import (
    SCHEMA_DIRECTORY,
    MalformedRecord,
    RegistryUnavailable,
    Schema,
    parsed,
)

# Two tries and the pause between them stay under the shortest session timeout
# (6 s): the engine asks on the thread that also tells its group it is alive.
TIMEOUT_SECONDS: Final = 2
RETRIES: Final = 1
RETRY_WAIT_MS: Final = 200
AVRO: Final = "AVRO"
CACHE_MAX: Final = 1_000
AWAY_SECONDS: Final = 5.0
SUBJECTS: Final = {
    "order_event": "orders-value",
    "activity_event": "app-activity-value",
    "command": "commands-value",
    "tick": "clock-value",
}
NOT_FOUND: Final = 404

_Value = TypeVar("_Value")


class ConfluentRegistry:
    """Looks ids up once and keeps them; known schemas work while it is away."""

    def __init__(self, url: str) -> None:
        """Say where it is; nothing is asked yet."""
        self._client = SchemaRegistryClient(
            {
                "url": url,
                "timeout": TIMEOUT_SECONDS,
                "max.retries": RETRIES,
                "retries.wait.ms": RETRY_WAIT_MS,
                "retries.max.wait.ms": RETRY_WAIT_MS,
                "cache.capacity": CACHE_MAX,
            }
        )
        self._known: dict[int, Schema] = {}
        # Ids that led nowhere, and until when that is believed.
        self._unknown: dict[int, float] = {}
        self._away_until = 0.0

    def schema_of(self, schema_id: int) -> Schema:
        """
        Writer schema of an id.

        Raises: MalformedRecord for an id that leads to no Avro schema
        (`unknown-schema`), and when the registry does not answer
        (`registry-unavailable`): the record can be sent again, the ones behind it
        need not wait.
        """
        known = self._known.get(schema_id)
        if known is not None:
            return known
        # Asking for each record anew would keep a whole partition waiting.
        now = time.monotonic()
        if now < self._unknown.get(schema_id, 0.0):
            raise MalformedRecord("unknown-schema", f"no Avro schema {schema_id}")
        if now < self._away_until:
            raise MalformedRecord("registry-unavailable", "it did not answer just now")
        try:
            found = self._ask(schema_id)
        except MalformedRecord:
            _keep(self._unknown, schema_id, time.monotonic() + AWAY_SECONDS)
            raise
        except RegistryUnavailable as error:
            self._away_until = time.monotonic() + AWAY_SECONDS
            raise MalformedRecord("registry-unavailable", str(error)) from error
        _keep(self._known, schema_id, found)
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
                    SUBJECTS[name], RegisteredSchema(text, AVRO)
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
        if found.schema_type not in {AVRO, None}:
            detail = f"schema {schema_id} is {found.schema_type}, not Avro"
            raise MalformedRecord("unknown-schema", detail)
        try:
            return parsed(json.loads(found.schema_str or ""))
        # The parser raises whatever a text that is no schema leads it to.
        except Exception as error:
            detail = f"schema {schema_id} cannot be read: {type(error).__name__}"
            raise MalformedRecord("unknown-schema", detail) from error


def _keep(cache: dict[int, _Value], schema_id: int, value: _Value) -> None:
    """Hold a value; a full cache starts anew."""
    if len(cache) >= CACHE_MAX:
        cache.clear()
    cache[schema_id] = value
