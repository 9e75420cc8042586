"""Where a backtest's history comes from: what all sources promise."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple, Protocol

from loyalty.backtest.findings import is_sampled
from loyalty.events import MemberEvent

# One member's events with the time (ms) of their arrival, sorted by it.
Arrived = list[tuple[int, MemberEvent]]


class Shard(NamedTuple):
    """
    Members that are read and folded together.

    The `slice`th of `slices` of a part (a partition, or all there is), up to
    `ends`: offsets by topic, or a time of arrival. `records` is an estimate.
    """

    number: int
    part: int
    slice: int
    slices: int
    ends: dict[str, int]
    records: int


class Task(NamedTuple):
    """What one process folds at a time: a shard by its members, or all in sequence."""

    shards: list[Shard]
    in_sequence: bool = False


class Source(Protocol):
    """History by shards; each member is in one of them, with all that it did."""

    # What could not be read, by reason, since the last look.
    malformed: Counter[str]

    def shards(self) -> list[Shard]:
        """What there is now; a later read of a shard finds the same events."""

    def read(self, shard: Shard, sample_percent: int) -> Iterator[tuple[str, Arrived]]:
        """Members of a shard, or of a sample of it, with their events."""

    def close(self) -> None:
        """Let go of all clients."""


def in_slice(member_id: str, shard: Shard, sample_percent: int) -> bool:
    """Whether a member belongs to a shard's slice, and to the sample."""
    if sample_percent < 100 and not is_sampled(member_id, sample_percent):  # noqa: PLR2004 - percent
        return False
    # Not by `hash`, which differs from process to process.
    return shard.slices == 1 or sum(member_id.encode()) % shard.slices == shard.slice
