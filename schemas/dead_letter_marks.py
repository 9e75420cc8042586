"""Marks of dead letters on the wire: what was done with each, by whom, and why."""

from typing import Final, NamedTuple

from schemas.framing import Framing

REDRIVEN: Final = "redriven"
DISCARDED: Final = "discarded"


class Mark(NamedTuple):
    """What somebody did with a dead letter; `marked_at` is in ms since 1970."""

    letter_id: str
    action: str
    why: str
    actor: str
    marked_at: int
    reason: str
    source_topic: str
    source_partition: int
    source_offset: int
    is_edited: bool = False


class MarkCodec:
    """Reads and writes the records of `dead-letter-marks`."""

    def __init__(self) -> None:
        """Compile the schema."""
        self._framing = Framing("dead_letter_mark")

    def encode(self, mark: Mark) -> bytes:
        """Write a mark."""
        return self._framing.encode(mark._asdict())

    def decode(self, value: bytes | None) -> Mark:
        """
        Read a mark.

        Raises: MalformedRecord for bytes that are not one.
        """
        return Mark(**self._framing.decode(value))
