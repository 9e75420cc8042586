"""What the changelog of a partition holds, as the engine would restore it."""

from typing import NamedTuple

from jobs.errors import JobRefused
from jobs.reading import LogReader
from runtime.settings import Settings
from schemas.accounts import KEY_PREFIX
from schemas.framing import MalformedRecord
from schemas.state import CHECKPOINT_KEY, Checkpoint, StateCodec
from schemas.topics import members_changelog


class Kept(NamedTuple):
    """
    The latest of each key between two offsets of the changelog; `end` is the second.

    `accounts` are keyed as the changelog has them; `checkpoint` is its bytes.
    """

    states: dict[str, bytes]
    accounts: dict[bytes, bytes]
    checkpoint: bytes | None
    end: int


class Changelog:
    """Reads the changelog of one engine, a partition at a time."""

    def __init__(self, settings: Settings, log: LogReader) -> None:
        """Say whose."""
        self.topic = members_changelog(settings.app_id).name
        self.codec = StateCodec()
        self._log = log

    def kept(
        self,
        partition: int,
        *,
        start: int = 0,
        end: int | None = None,
        until_at: int | None = None,
    ) -> Kept:
        """
        Read a partition to its end, to an offset, or to a time (ms) of the broker.

        An earlier state of a member may be gone: the changelog is compacted a day
        after it was written, and then holds only the latest of each.

        Raises: JobRefused for what is no state, and when the broker does not answer.
        """
        _, high = self._log.edges(self.topic, partition)
        last = high if end is None else min(end, high)
        kept = Kept({}, {}, None, last)
        for message in self._log.read(self.topic, partition, last, start=start):
            if until_at is not None and message.timestamp()[1] > until_at:
                break
            key, value = message.key(), message.value()
            if not key or value is None:
                raise self._refused(partition, message.offset(), "no key or value")
            if key == CHECKPOINT_KEY:
                kept = kept._replace(checkpoint=value)
            elif key[:1] == KEY_PREFIX:
                kept.accounts[key] = value
            else:
                self._check(partition, message.offset(), value)
                kept.states[key.decode()] = value
        return kept

    def checkpoint_of(self, kept: Kept) -> Checkpoint:
        """How far a partition was; an empty one has no offsets."""
        if kept.checkpoint is None:
            return Checkpoint({})
        return self.codec.decode_checkpoint(kept.checkpoint)

    def _check(self, partition: int, offset: int | None, value: bytes) -> None:
        try:
            self.codec.check_member(value)
        except MalformedRecord as broken:
            raise self._refused(partition, offset, broken.detail) from broken

    def _refused(self, partition: int, offset: int | None, why: str) -> JobRefused:
        return JobRefused(
            f"{self.topic}-{partition} offset {offset} is not a member state: {why}"
        )
