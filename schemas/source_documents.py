"""Source records as plain documents: to look at, and to write anew after an edit."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from schemas.events import EventCodec
from schemas.framing import Framing, MalformedRecord, Record, Registry
from schemas.topics import ACTIVITY, CLOCK, COMMANDS, ORDERS

SCHEMAS: Final = {spec.name: spec.schema for spec in (ORDERS, ACTIVITY, COMMANDS)}
Decode = Callable[[bytes | None, bytes | None, int], object]


class SourceDocuments:
    """Reads a record of a source topic as a document, and writes one that holds."""

    def __init__(self, registry: Registry | None = None) -> None:
        """Compile the schemas."""
        self._framings = {
            topic: Framing(schema, registry) for topic, schema in SCHEMAS.items()
        }
        events = EventCodec(registry)
        self._decoders: dict[str, Decode] = {
            ORDERS.name: events.decode_order,
            ACTIVITY.name: events.decode_activity,
            COMMANDS.name: events.decode_command,
            CLOCK.name: lambda _, value, __: events.decode_tick(value),
        }

    def shown(self, topic: str, value: bytes | None) -> Record | None:
        """Document of a record; None for bytes that are no record of the topic."""
        framing = self._framings.get(topic)
        if framing is None:
            return None
        try:
            return framing.decode(value)
        except MalformedRecord:
            return None

    def written(self, topic: str, document: Mapping[str, Any]) -> bytes:
        """
        Bytes of a document that has every field, as `shown` gives it.

        Raises: MalformedRecord when it does not fit the topic's schema.
        """
        framing = self._framings.get(topic)
        if framing is None:
            raise MalformedRecord("undecodable", f"{topic} has no documents")
        try:
            value = framing.encode(dict(document))
        # The writer raises whatever the misfit leads it to.
        except Exception as error:
            detail = f"not a whole {SCHEMAS[topic]}: {type(error).__name__}: {error}"
            raise MalformedRecord("undecodable", detail[:500]) from error
        again = framing.decode(value)
        different = sorted(
            name for name in document if again.get(name) != document[name]
        )
        if different:
            detail = f"not fields of a {SCHEMAS[topic]}: {', '.join(different)}"
            raise MalformedRecord("undecodable", detail[:500])
        return value

    def check(self, topic: str, key: bytes | None, value: bytes, *, at: int) -> None:
        """
        Refuse what the engine would not even decode at a time (ms).

        Raises: MalformedRecord.
        """
        decode = self._decoders.get(topic)
        if decode is None:
            raise MalformedRecord("undecodable", f"{topic} is no source")
        decode(key, value, at)
