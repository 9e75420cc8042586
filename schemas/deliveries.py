"""Records of `deliveries`: what became of each attempt to deliver."""

from typing import NamedTuple

from schemas.tuples import TupleFraming


class DeliveryEvent(NamedTuple):
    """One attempt and its outcome; times in ms since 1970."""

    delivery_id: str
    attempt: int
    member_id: str
    message_id: str
    campaign_id: str
    channel: str
    kind: str
    target: str
    status: str
    http_status: int
    detail: str
    created_at: int
    attempted_at: int


class DeliveryCodec:
    """Reads and writes the records of `deliveries`."""

    def __init__(self) -> None:
        """Compile the schema."""
        self._framing = TupleFraming[DeliveryEvent]("delivery_event", (DeliveryEvent,))

    def encode(self, event: DeliveryEvent) -> bytes:
        """Write a record."""
        return self._framing.encode(event)

    def decode(self, value: bytes | None) -> DeliveryEvent:
        """
        Read a record.

        Raises: MalformedRecord.
        """
        return self._framing.decode(value)
