"""What the transport hands to an agent: consecutive records of one partition."""

from collections.abc import Sequence
from typing import NamedTuple

from native.loading import quicken


class SourceRecord(NamedTuple):
    """One record as the broker gave it; `timestamp` in ms since 1970."""

    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes]] = ()


# One is made for each record, and nothing of it needs the garbage collector.
quicken([SourceRecord])


class RecordBatch(NamedTuple):
    """
    Records of one topic and partition between two positions.

    `records` are all that is to be read in [start, end): a gap inside belongs
    to transaction markers or compaction, so positions, not offsets, tell
    whether anything was missed.
    """

    topic: str
    partition: int
    start: int
    end: int
    records: Sequence[SourceRecord]
