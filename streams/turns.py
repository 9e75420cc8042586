"""What waits for a partition, and whose turn it is: records or ticks."""

from collections import deque
from collections.abc import Mapping
from typing import Final

from schemas.topics import CLOCK, SOURCES
from streams.batches import RecordBatch
from streams.due_pace import DuePace

INBOX_BATCHES_MAX: Final = 2 * len(SOURCES)
# With so many there is no room for a batch of more.
INBOX_RECORDS_ENOUGH: Final = 8_000
# So many records are enough not to wait for more; less where transactions are smaller.
ENOUGH_RECORDS: Final = 500
# Small batches that follow one another wait as one: so a trickle fills no inbox.
JOINED_RECORDS_MAX: Final = 256


class Turns:
    """
    Batches that wait.

    Records that came before a tick come first. But one that is due has a share of the
    time until it is through, at most every other transaction: so neither waits for all
    of the other, not orders for a campaign of a million at nine, nor the campaign for
    an evening without a pause.
    """

    def __init__(self, pace: DuePace) -> None:
        """Nothing waits; all partitions of a worker have one pace."""
        self.pace = pace
        self._worked_in = -1
        self.inbox: deque[RecordBatch] = deque()
        self.ticks: deque[RecordBatch] = deque()
        # Where topics ended when the first of the ticks came; None before a look.
        self.tick_waits_for: dict[str, int] | None = None
        # Whether a tick is through in part only.
        self.is_tick_open = False
        self._is_ticks_turn = False

    @property
    def records(self) -> int:
        """How many records wait, without ticks."""
        return sum(len(batch.records) for batch in self.inbox)

    def has_enough(self, records_max: int) -> bool:
        """Whether enough wait for a transaction of at most so many."""
        return self.records >= max(min(ENOUGH_RECORDS, records_max // 4), 1)

    def has_room(self, topic: str) -> bool:
        """Whether another batch of a topic may be read; ticks keep nobody else out."""
        if topic == CLOCK.name:
            return not self.ticks
        is_short = len(self.inbox) < INBOX_BATCHES_MAX
        return is_short and self.records < INBOX_RECORDS_ENOUGH

    def offer(self, batch: RecordBatch) -> None:
        """Let a batch wait."""
        if batch.topic == CLOCK.name:
            self.ticks.append(batch)
            return
        if batch.records:
            self.pace.came()
        if self.inbox and _can_join(self.inbox[-1], batch):
            last = self.inbox.pop()
            records = [*last.records, *batch.records]
            self.inbox.append(last._replace(end=batch.end, records=records))
        else:
            self.inbox.append(batch)

    def begin(self, *, is_tick_due: bool) -> deque[RecordBatch]:
        """Begin a turn; give what it is made of."""
        had_the_last = self._is_ticks_turn
        self._is_ticks_turn = is_tick_due and not (had_the_last and self.inbox)
        return self.ticks if self._is_ticks_turn else self.inbox

    def let_ticks_wait_for(self, edges: Mapping[str, tuple[int, int]]) -> None:
        """Note where topics end: ticks wait until all before that is applied."""
        self.tick_waits_for = {
            topic: end for topic, (_, end) in edges.items() if topic != CLOCK.name
        }

    def is_tick_due(self, positions: Mapping[str, int]) -> bool:
        """Whether all that ticks wait for is applied; what came later need not be."""
        waits_for = self.tick_waits_for or {}
        return all(positions[topic] >= end for topic, end in waits_for.items())

    def rest_seconds(self) -> float:
        """How long ticks that wait should go on waiting; 0 where none do."""
        return self.pace.left_seconds(self._worked_in) if self.ticks else 0.0

    def end(self, *, has_told: bool) -> bool:
        """
        End a turn; whether a rest is due once it is committed.

        Ticks that are through let later ones wait anew. Who has told nobody anything
        need not wait for sinks.
        """
        if not self._is_ticks_turn:
            return False
        if not self.is_tick_open:
            self.tick_waits_for = None
            return False
        return has_told and self.pace.is_busy

    def rest(self) -> None:
        """Rest until all others have had a turn, and sinks have followed."""
        self._worked_in = self.pace.worked()

    def clear(self) -> None:
        """Give up all that waits."""
        self.inbox.clear()
        self.ticks.clear()
        self.tick_waits_for = None
        self.is_tick_open = False


def _can_join(last: RecordBatch, batch: RecordBatch) -> bool:
    return (
        last.topic == batch.topic
        and last.end == batch.start
        and len(last.records) + len(batch.records) <= JOINED_RECORDS_MAX
    )
