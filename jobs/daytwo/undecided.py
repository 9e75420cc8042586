"""Which answers in Redis are of what a restored engine has still to decide."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import msgspec

from jobs.daytwo.files import BackupFolder
from runtime.settings import Settings
from schemas.events import EventCodec
from schemas.framing import MalformedRecord
from schemas.registries import registry_at
from schemas.topics import COMMANDS, ORDERS
from stores.till_notes import TillNote

_RESULTS: Final = msgspec.json.Decoder(dict[str, Any])
_NOTES: Final = msgspec.json.Decoder(TillNote)
# Versions of some members; whoever has none is left out.
Versions = Callable[[Sequence[str]], dict[str, int]]


class Undecided:
    """
    Judges answers by the versions that are kept, and by the records to come.

    An answer that is given again may be another one: what is used is judged by what is
    known when it arrives, and topics have no common order.
    """

    def __init__(self, versions: Versions, references: frozenset[str]) -> None:
        """`references` are those of tills' notes that the records to come decide."""
        self._versions = versions
        self._references = references

    def results(self, documents: Sequence[bytes | None]) -> list[bool]:
        """Whether each result of a command is of a later version than is kept."""
        results = [_RESULTS.decode(one) if one else None for one in documents]
        names = {one["member_id"] for one in results if one is not None}
        kept = self._versions(sorted(names))
        return [
            one is not None and one["version"] > kept.get(one["member_id"], 0)
            for one in results
        ]

    def notes(self, notes: Sequence[bytes | None]) -> list[bool]:
        """Whether what each till did is still to be decided."""
        return [
            note is not None and _NOTES.decode(note).reference in self._references
            for note in notes
        ]


def references_in(settings: Settings, folder: BackupFolder) -> frozenset[str]:
    """Commands and orders among the records to come, and commands that they undo."""
    codec = EventCodec(registry_at(settings.schema_registry_url))
    return frozenset(
        reference
        for number in range(settings.partitions)
        for reference in _of_partition(codec, folder, number)
    )


def _of_partition(
    codec: EventCodec, folder: BackupFolder, number: int
) -> Iterator[str]:
    for entry in folder.read(f"tail-{ORDERS.name}-{number}"):
        try:
            yield codec.decode_order(entry.key, entry.value, entry.at).order_id
        except MalformedRecord:
            # A dead letter to come, and nobody's answer.
            continue
    for entry in folder.read(f"tail-{COMMANDS.name}-{number}"):
        try:
            command = codec.decode_command(entry.key, entry.value, entry.at)
        except MalformedRecord:
            continue
        yield command.command_id
        undone = command.attributes.get("command_id")
        if isinstance(undone, str):
            yield undone
