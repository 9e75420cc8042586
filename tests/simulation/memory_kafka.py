"""A broker in memory, as the engine sees it: fencing, transactions, crashes on demand."""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from random import Random
from typing import Any

from loyalty.settling import Account
from schemas.accounts import KEY_PREFIX
from schemas.state import CHECKPOINT_KEY, Checkpoint, StateCodec
from schemas.topics import COMMANDS
from streams.batches import SourceRecord
from streams.changelog import Restored, States
from streams.due_pace import DuePace
from streams.outcome import Outgoing
from streams.transactions import Fenced, PartitionWrites


class Crash(BaseException):
    """The process is killed at this point."""


class Stall(Crash):
    """The process is taken for dead at this point, and is not."""


class MemoryKafka:
    """One partition's topics; what a transaction wrote is seen whole or not at all."""

    def __init__(self, random: Random, crash_chance: float) -> None:
        self.sources: dict[str, list[SourceRecord]] = {}
        self.changelog: list[tuple[bytes, bytes]] = []
        self.updates: list[tuple[str, bytes]] = []
        self.dead_letters: list[bytes] = []
        # Ends of the logs as of now: the world goes on while it is read.
        self.visible: dict[str, int] = {}
        # Offsets of `commands` that no consumer is ever given.
        self.markers: set[int] = set()
        self.crashes = 0
        self.fenced = 0
        # How many looks at the changelog find an end that lies before what has been
        # committed last: the broker tells its partitions of that a little later.
        self.late_looks = 0
        # Transactions that are committed, and whose end no reader sees yet: by id, the
        # first offset of the changelog, and for how many looks to come.
        self._untold: dict[str, tuple[int, int]] = {}
        self._random = random
        self._crash_chance = crash_chance
        self._epochs: Counter[str] = Counter()

    def append(
        self, topic: str, key: bytes | None, value: bytes | None, at: int
    ) -> None:
        log = self.sources.setdefault(topic, [])
        log.append(SourceRecord(len(log), at, key, value))

    def send(self, outbox: list[Outgoing]) -> None:
        """Commands of a transaction, and the marker that takes an offset behind them."""
        for key, value, _ in outbox:
            self.append(COMMANDS.name, key, value, self.now())
        if outbox:
            self.append(COMMANDS.name, None, None, self.now())
            self.markers.add(len(self.sources[COMMANDS.name]) - 1)

    def now(self) -> int:
        """Latest time at which anything was taken."""
        return max(log[-1].timestamp for log in self.sources.values() if log)

    def maybe_crash(self) -> None:
        if self._random.random() < self._crash_chance:
            self.crashes += 1
            raise Crash

    def maybe_stall(self) -> None:
        if self._random.random() < self._crash_chance / 3:
            raise Stall

    def stop_crashing(self) -> None:
        self._crash_chance = 0.0

    def new_producer(self, transactional_id: str) -> "MemoryProducer":
        return MemoryProducer(self, transactional_id)

    def edges(self, _: int) -> dict[str, tuple[int, int]]:
        return {topic: (0, self.visible.get(topic, 0)) for topic in self.sources}

    def begin(self, transactional_id: str) -> int:
        """Begin to write: of the id's last transaction all must be told by then."""
        self._untold.pop(transactional_id, None)
        return len(self.changelog)

    def tell_later(self, transactional_id: str, start: int) -> None:
        """Let what was written from an offset on be seen after some looks."""
        if self.late_looks:
            self._untold[transactional_id] = (start, self.late_looks)

    def stable_end(self) -> int:
        """End of the changelog for whoever reads what is committed."""
        starts = [start for start, _ in self._untold.values()]
        end = min(starts, default=len(self.changelog))
        self._untold = {
            name: (start, looks - 1)
            for name, (start, looks) in self._untold.items()
            if looks > 1
        }
        return end

    def next_epoch(self, transactional_id: str) -> int:
        # Whoever initialises an id waits for the end of its last transaction.
        self._untold.pop(transactional_id, None)
        self._epochs[transactional_id] += 1
        return self._epochs[transactional_id]

    def is_current(self, transactional_id: str, epoch: int) -> bool:
        return epoch == self._epochs[transactional_id]


class MemoryProducer:
    """A transactional producer: the last to fence its id is the only one to commit."""

    def __init__(self, kafka: MemoryKafka, transactional_id: str) -> None:
        self._kafka = kafka
        self._id = transactional_id
        self._epoch = 0

    def fence(self) -> None:
        self._kafka.maybe_crash()
        self._epoch = self._kafka.next_epoch(self._id)
        self._kafka.maybe_crash()

    def close(self) -> None:
        """There is no connection."""

    def commit(self, parts: Sequence[PartitionWrites]) -> dict[int, int]:
        kafka = self._kafka
        # Killed with the transaction open: nothing of it is ever seen.
        kafka.maybe_crash()
        if not kafka.is_current(self._id, self._epoch):
            kafka.fenced += 1
            raise Fenced("a newer owner has begun")
        start, ends = kafka.begin(self._id), {}
        for partition, writes in parts:
            kafka.changelog.extend(
                (member_id.encode(), told.state)
                for member_id, told in writes.members.items()
            )
            kafka.changelog.extend(writes.accounts)
            ends[partition] = len(kafka.changelog)
            kafka.changelog.append((CHECKPOINT_KEY, writes.encoded_checkpoint))
            # The marker that ends the transaction takes an offset of its own.
            kafka.changelog.append((b"", b""))
            kafka.updates.extend(writes.updates)
            kafka.dead_letters.extend(letter for _, letter in writes.dead_letters)
            kafka.send(writes.outbox)
        kafka.tell_later(self._id, start)
        # Killed after the commit, before anybody here knows of it.
        kafka.maybe_crash()
        return ends


# Compiling schemas takes longer than all else here.
STATES = StateCodec()


class MemoryChangelogReader:
    """Reads the changelog in memory."""

    def __init__(self, kafka: MemoryKafka) -> None:
        self._kafka = kafka
        self._codec = STATES

    def read(self, _: int, start: int, take: Callable[[States], None]) -> Restored:
        checkpoint: Checkpoint | None = None
        accounts: list[tuple[str, Account]] = []
        end = self._kafka.stable_end()
        records = self._kafka.changelog[start:end]
        self._kafka.maybe_crash()
        for key, value in records:
            if key == CHECKPOINT_KEY:
                checkpoint = self._codec.decode_checkpoint(value)
            elif key[:1] == KEY_PREFIX:
                accounts.append(self._codec.accounts.decode(value))
            elif key:
                take([(key.decode(), value)])
        return Restored(checkpoint, end, len(records), 0.0, accounts)


def never_resting() -> DuePace:
    """Pace of ticks where nobody is ever behind: nothing is expected at the end."""
    return DuePace(lambda: math.inf)


class InlineExecutor(Executor):
    """Runs each call at once, so that a seed decides everything."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as error:  # noqa: BLE001 - it belongs to the caller
            future.set_exception(error)
        return future
