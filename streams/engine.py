"""The partitions of this worker: opened, fed, paused and given up as they move."""

import asyncio
import logging
import os
import time
from collections.abc import Iterable
from typing import Final

from faust.types import TP

from schemas.topics import SOURCES
from streams.batches import RecordBatch
from streams.changelog import WrittenByNewer
from streams.counting import stop_telling, tell_ready
from streams.due_pace import DuePace
from streams.partition import Partition
from streams.standby import Standbys
from streams.taking import GivenUp, PartitionLost
from streams.tools import Tools
from streams.transactions import Fenced, TransactionFailed

logger = logging.getLogger(__name__)

PAUSE_SECONDS_MAX: Final = 5.0
LOOK_SECONDS_MAX: Final = 0.05
# Whoever is not told for so long that a partition has moved away still has it.
LOST_SECONDS: Final = 10.0
EXIT_FAULT: Final = 70
SOURCE_NAMES: Final = frozenset(spec.name for spec in SOURCES)


class NotCopartitioned(Exception):
    """A partition was assigned without its sisters of the other topics."""


class Engine:
    """
    The feed of the engine's transport, and the owner of its partitions.

    Anything unexpected ends the process: what Faust would restart in silence
    might go on with half a state, while a new process restores all of it.
    """

    def __init__(self, tools: Tools, *, lost_seconds: float = LOST_SECONDS) -> None:
        """Own nothing yet; after `lost_seconds` take again what another has taken."""
        self._tools = tools
        self.pace = DuePace(tools.clock)
        self._lost_seconds = lost_seconds
        self.standbys = Standbys(tools)
        self._partitions: dict[int, Partition] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._seeks: dict[TP, int] = {}
        self._looked_at = 0.0
        self._assigned_once = False
        self._is_stopping = False

    def readable(self, assigned: set[TP]) -> set[TP]:
        """
        Topics and partitions with room for another batch.

        None while a small transaction is under way: each look costs as much as ten
        orders, and one in the rest after it finds all that has come. But nobody waits
        for longer than LOOK_SECONDS_MAX, whatever comes of that.
        """
        now = self._tools.clock()
        is_soon = now - self._looked_at < LOOK_SECONDS_MAX
        if self._is_stopping or (is_soon and self._tools.committer.is_little_under_way):
            return set()
        self._looked_at = now
        return {
            tp
            for tp in assigned
            if tp.partition in self._partitions
            and self._partitions[tp.partition].has_room(tp.topic)
        }

    def take_seeks(self) -> dict[TP, int]:
        """Positions to move to, each once."""
        seeks, self._seeks = self._seeks, {}
        return seeks

    def submit(self, batch: RecordBatch) -> None:
        """Give a batch to its partition; one that has left is dropped."""
        partition = self._partitions.get(batch.partition)
        if partition is not None and partition.is_ready:
            partition.offer(batch)

    def readiness(self) -> dict[str, bool]:
        """
        Whether this worker has been given its share and restored all of it.

        Threads of their own ask this and `positions`, while partitions come and go.
        """
        partitions = list(self._partitions.values())
        return {
            "assigned": self._assigned_once,
            "restored": all(one.is_ready for one in partitions),
        }

    def positions(self) -> dict[tuple[str, int], int]:
        """Next offset of each source topic and partition that is ready."""
        return {
            (topic, number): position
            for number, partition in list(self._partitions.items())
            if partition.is_ready
            for topic, position in partition.positions.items()
        }

    def progress_at(self, number: int) -> float:
        """When a partition committed or was opened last (monotonic seconds)."""
        partition = self._partitions.get(number)
        return time.monotonic() if partition is None else partition.progress_at

    def holdings(self) -> dict[int, Partition]:
        """Partitions by number."""
        return dict(self._partitions)

    async def on_revoked(self, _: Iterable[TP]) -> None:
        """
        Finish what is in flight within a bound.

        Faust revokes all before it assigns anew, so nothing is thrown away yet.
        """
        started = time.monotonic()
        numbers = list(self._partitions)
        paused = await asyncio.gather(
            *(_paused(self._partitions[n], PAUSE_SECONDS_MAX) for n in numbers)
        )
        for number, is_reusable in zip(numbers, paused, strict=True):
            tell_ready(number, is_ready=False)
            if not is_reusable:
                self._partitions[number].kept.discard()
                self._forget(number)
        logger.info(
            "partitions revoked",
            extra={"seconds": round(time.monotonic() - started, 3)},
        )

    async def on_assigned(self, assigned: Iterable[TP]) -> None:
        """Give up what has moved away and open the rest, in the background."""
        numbers = numbers_of(assigned)
        for number in set(self._partitions) - numbers:
            self.standbys.give_back(self._partitions[number].kept)
            self._forget(number)
            stop_telling(number)
        for number in numbers:
            partition = self._partitions.get(number)
            if partition is None:
                partition = Partition(
                    self.standbys.take(number), self._tools, self.pace
                )
                self._partitions[number] = partition
            self._start(number, partition)
        self._assigned_once = True
        logger.info("partitions assigned", extra={"partitions": sorted(numbers)})

    async def stop(self, timeout_seconds: float) -> bool:
        """Take nothing new; whether all transactions in flight ended in time."""
        self._is_stopping = True
        ended = await asyncio.gather(
            *(_paused(one, timeout_seconds) for one in self._partitions.values())
        )
        return all(ended)

    def _start(self, number: int, partition: Partition) -> None:
        self._cancel(number)
        task = asyncio.create_task(self._live(partition), name=f"partition-{number}")
        self._tasks[number] = task

    def _cancel(self, number: int) -> None:
        task = self._tasks.pop(number, None)
        if task is not None:
            task.cancel()

    def _forget(self, number: int) -> None:
        self._cancel(number)
        self._partitions.pop(number, None)

    async def _live(self, partition: Partition) -> None:
        """Open a partition and run it until it moves away."""
        number = partition.number
        try:
            tell_ready(number, is_ready=False)
            await self._open(partition)
            tell_ready(number, is_ready=True)
            self._seeks.update(
                {TP(topic, number): at for topic, at in partition.positions.items()}
            )

            def reseek(topic: str, position: int) -> None:
                self._seeks[TP(topic, number)] = position

            await partition.run(reseek)
        except asyncio.CancelledError:
            raise
        except GivenUp:
            # It is forgotten with all that is known of it.
            return
        except WrittenByNewer as newer:
            # The others go on. It waits, and the worker is not ready, until a worker
            # of the newer release is there to take it.
            logger.critical("partition waits", extra={"reason": str(newer)})
        except Fenced as fenced:
            # Another worker was given what we had not let go of; nothing that we
            # decided since was seen by anybody.
            logger.critical("worker fenced", extra={"reason": str(fenced)})
            os._exit(EXIT_FAULT)
        # Whatever else it is, a new process will know better than this one.
        except BaseException:
            logger.exception("partition failed", extra={"partition": number})
            os._exit(EXIT_FAULT)

    async def _open(self, partition: Partition) -> None:
        """
        Open a partition; another worker may have taken it after us.

        Mostly it is the other's, and we are told so soon. But what took it may be the
        last call of somebody who has it no longer, or of our own before a rebalance:
        then nobody has it, and nobody else would ever take it.
        """
        while True:
            try:
                await partition.open()
            except PartitionLost as lost:
                logger.warning("partition lost", extra={"reason": str(lost)})
                await asyncio.sleep(self._lost_seconds)
            else:
                return


async def _paused(partition: Partition, timeout_seconds: float) -> bool:
    """Pause a partition; whether what is in memory can be used again."""
    try:
        return await partition.pause(timeout_seconds)
    except (Fenced, TransactionFailed) as failed:
        logger.critical("worker ends", extra={"reason": str(failed)})
        os._exit(EXIT_FAULT)


def numbers_of(assigned: Iterable[TP]) -> set[int]:
    """
    Numbers of the partitions assigned, each with all of its source topics.

    Raises: NotCopartitioned naming what is missing.
    """
    topics: dict[int, set[str]] = {}
    for tp in assigned:
        topics.setdefault(tp.partition, set()).add(tp.topic)
    for number, names in topics.items():
        if names != SOURCE_NAMES:
            missing = ", ".join(sorted(SOURCE_NAMES - names))
            raise NotCopartitioned(f"partition {number} came without {missing}")
    return set(topics)
