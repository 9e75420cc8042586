"""
Whose turn it is to be read, where several partitions have much to read.

librdkafka asks for more of whatever its one queue has room for, and that is the same
partitions again and again: measured, half of eight stood still until the other half
had been read to the end, however long that took. Members of one partition must not
wait for all of another's, so whoever has had its turn rests until all have.
"""

from typing import Final

from faust.types import TP

# What all have read together until each has had its turn, about.
ROUND_RECORDS: Final = 40_000
# Who rests loses what was fetched ahead of it, so a turn is not shorter than that.
TURN_RECORDS_MIN: Final = 2_000
# Whose turn it is may have no broker just now: so long the others wait. Only looks
# count, since who decides for long keeps everybody from giving.
TURN_SECONDS_MAX: Final = 0.5


class Rotation:
    """Counts what each partition has read since it was at its end, or had to rest."""

    def __init__(self) -> None:
        """Begin with nothing read."""
        self._read: dict[TP, int] = {}
        self._ended: set[TP] = set()
        self._waited_seconds = 0.0

    def took(self, tp: TP, records: int) -> None:
        """Count what a partition gave."""
        self._ended.discard(tp)
        self._read[tp] = self._read.get(tp, 0) + records

    def ended(self, tp: TP) -> None:
        """Note that a partition has no more for now: nobody waits for it."""
        self._ended.add(tp)
        self._read.pop(tp, None)

    def awaited(self, others: set[TP]) -> set[TP]:
        """For whom of those that do not rest the resting ones wait."""
        return others - self._ended

    def looked(self, awaited: set[TP], came: set[TP], seconds: float) -> None:
        """
        Note a look while somebody rests, and what came: of whoever is awaited or not.

        Where the awaited give nothing for too long, all forget who has had a turn.
        """
        if not came.isdisjoint(awaited):
            self._waited_seconds = 0.0
            return
        self._waited_seconds += seconds
        if self._waited_seconds > TURN_SECONDS_MAX:
            self._waited_seconds = 0.0
            self._read.clear()

    def resting(self, wanted: set[TP]) -> set[TP]:
        """Partitions that have had their turn, while others have not."""
        turn = max(ROUND_RECORDS // max(len(wanted), 1), TURN_RECORDS_MIN)
        had = {tp for tp in wanted if self._read.get(tp, 0) >= turn}
        if had and had | self._ended >= wanted:
            for tp in had:
                del self._read[tp]
            return set()
        return had
