"""One transaction at a time for all partitions of a worker."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from typing import Final, NamedTuple, Protocol, TypeVar

from streams.rest import Rest
from streams.transactions import PartitionWrites
from streams.writes import Writes

# Records of one transaction, however many there are of its first partition: a quarter
# of what the producer's queue holds.
GROUP_RECORDS_MAX: Final = 50_000
# And their bytes: also a quarter.
GROUP_BYTES_MAX: Final = 268_435_456
# A transaction with fewer records is over soon: what comes meanwhile need not be read.
LITTLE_RECORDS: Final = 500
T = TypeVar("T")


class Transactions(Protocol):
    """A transactional producer, real or in memory; its calls block."""

    def fence(self) -> None:
        """Become the only writer under the transactional id."""

    def commit(self, parts: Sequence[PartitionWrites]) -> Mapping[int, int]:
        """
        Make everything visible together, or nothing.

        Returns the offsets of the checkpoints in the changelog, by partition.
        """

    def close(self) -> None:
        """Let go of the connection; nothing else may be called after it."""


NewProducer = Callable[[str], Transactions]


class _Waiting(NamedTuple):
    """Writes of a partition that no transaction has yet, and who waits for them."""

    part: PartitionWrites
    done: asyncio.Future[None]


class Committer:
    """
    Commits what partitions have decided: all that waits, in one transaction.

    A transaction costs the broker as much as a hundred records, whatever is in it.
    While one is under way the other partitions decide, and what they have decided
    goes in the next. Whoever has little to decide waits until the transaction under
    way has ended and the worker has rested: so all decide at once, and go together.
    After a failure nothing is committed any more: only a new process knows how things
    are.
    """

    def __init__(
        self,
        owner: str,
        new_producer: NewProducer,
        executor: Executor,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`owner` is a transactional id that nobody else has, or ever had."""
        self._clock = clock
        self._rest = Rest(clock)
        self.owner = owner
        self._producer = new_producer(owner)
        self._executor = executor
        self._waiting: list[_Waiting] = []
        # Partitions of the transaction under way, and what is set when it has ended.
        self._under_way: frozenset[int] = frozenset()
        self._is_little = False
        self._ended = asyncio.Event()
        self._running: asyncio.Task[None] | None = None
        self._begun: asyncio.Future[None] | None = None
        self._failure: BaseException | None = None
        # Where the last checkpoint of each partition is, of those that are committed.
        self._ends: dict[int, int] = {}

    async def begin(self) -> None:
        """
        Initialise the producer, once.

        Whoever waits for it may be cancelled, since partitions move; it goes on in its
        thread, and a producer that was initialised must not be so again.
        Raises: TransactionFailed.
        """
        if self._begun is None:
            self._begun = asyncio.ensure_future(self._in_thread(self._producer.fence))
        await asyncio.shield(self._begun)

    async def commit(self, partition: int, writes: Writes) -> None:
        """
        Wait until a transaction with these writes is committed.

        Raises: Fenced, TransactionFailed.
        """
        if self._failure is not None:
            raise self._failure
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(PartitionWrites(partition, writes), done))
        if self._running is None:
            self._running = asyncio.create_task(self._run())
        await done

    async def rested(self) -> None:
        """
        Wait for the transaction under way, if there is one, and the rest after it.

        No longer than that, even if another one has begun meanwhile: who has much to
        commit keeps nobody from deciding.
        """
        if self._under_way:
            await self._ended.wait()
        await asyncio.sleep(self._rest.left_seconds())

    @property
    def is_little_under_way(self) -> bool:
        """Whether there is a transaction under way, and it is a small one."""
        return self._is_little and bool(self._under_way)

    def end_of(self, partition: int) -> int:
        """
        Offset in the changelog of the last checkpoint of a partition; -1 without one.

        Of those that are committed: a reader may see it only later.
        """
        return self._ends.get(partition, -1)

    async def forget(self, partition: int) -> None:
        """
        Drop what waits of a partition; wait for a transaction that has some of it.

        Whoever opens it anew must know all that was ever committed.
        """
        kept = [one for one in self._waiting if one.part.partition != partition]
        for one in self._waiting:
            if one.part.partition == partition:
                one.done.cancel()
        self._waiting = kept
        if partition in self._under_way:
            await self._ended.wait()

    async def _run(self) -> None:
        while self._waiting:
            group = self._take()
            parts = [one.part for one in group]
            self._under_way = frozenset(part.partition for part in parts)
            self._is_little = sum(map(_records, group)) < LITTLE_RECORDS
            self._ended = asyncio.Event()
            started = self._clock()
            try:
                ends = await self._in_thread(self._producer.commit, parts)
            # Everybody who waits is told, whatever it is.
            except BaseException as failure:
                self._fail(group, failure)
                if isinstance(failure, asyncio.CancelledError):
                    raise
            else:
                self._ends.update(ends)
                self._rest.after(self._clock() - started)
                for one in group:
                    if not one.done.done():
                        one.done.set_result(None)
            finally:
                self._under_way = frozenset()
                self._ended.set()
        self._running = None

    def _take(self) -> list[_Waiting]:
        """Take what one transaction has room for, in order; at least one."""
        group = [self._waiting.pop(0)]
        records, size = _records(group[0]), group[0].part.writes.bytes
        while self._waiting:
            records += _records(self._waiting[0])
            size += self._waiting[0].part.writes.bytes
            if records > GROUP_RECORDS_MAX or size > GROUP_BYTES_MAX:
                break
            group.append(self._waiting.pop(0))
        return group

    def _fail(self, group: list[_Waiting], failure: BaseException) -> None:
        self._failure = failure
        for one in [*group, *self._waiting]:
            if not one.done.done():
                one.done.set_exception(failure)
        self._waiting = []

    async def _in_thread(self, call: Callable[..., T], *arguments: object) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._executor, call, *arguments)


def _records(waiting: _Waiting) -> int:
    writes = waiting.part.writes
    told = len(writes.members) + len(writes.updates)
    return told + len(writes.accounts) + len(writes.outbox)
