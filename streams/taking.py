"""Becoming the only owner of a partition, and letting go of it."""

import asyncio
import logging
from collections.abc import Callable
from typing import Final, NamedTuple

from schemas.state import Checkpoint
from streams.changelog import Restored, RestoreFailed
from streams.committer import Transactions
from streams.kept import NOTHING_APPLIED, Kept
from streams.outcome import Outcome
from streams.positions import positions_from
from streams.tools import Tools
from streams.transactions import Fenced, PartitionWrites
from streams.writes import Writes

logger = logging.getLogger(__name__)

NOBODY: Final = ""
# How often the end of the changelog is looked for, and how long after each other: some
# half a minute, for what mostly takes milliseconds.
LOOKS_MAX: Final = 600
LOOK_SECONDS: Final = 0.05


class PartitionLost(Exception):
    """Another worker began to take the partition after us: it is the other's."""


class GivenUp(Exception):
    """The partition was given up before it was claimed: nobody need fence us."""


class Taken(NamedTuple):
    """What taking a partition found: its positions, and what had to be read."""

    positions: dict[str, int]
    restored: Restored


async def take(
    kept: Kept,
    tools: Tools,
    *,
    may_claim: Callable[[], bool] = lambda: True,
    looks_max: int = LOOKS_MAX,
) -> Taken:
    """
    Become the only owner of a partition, with all of it in memory.

    Workers write under ids of their own, another one each time they begin, for all of
    their partitions at once. So a partition has a lock beside that: an id that names
    it, and under which nothing is written but claims. Kafka sees to it that whoever
    initialises that id last is the only one whose claim comes through, and that all
    claims before can be read by then. The last one names whoever may still write: that
    worker is fenced, unless it has let go, before our claim is made. Any step may be
    our last; whoever comes next begins anew. `may_claim` is asked before the last one:
    who claims what has moved away meanwhile, and does not let go of it, is fenced.

    Fencing another waits for what that one has committed. Nobody fences himself: what
    we have committed to the partition, in an earlier time with it, is waited for.

    Raises: GivenUp, PartitionLost, RestoreFailed, TransactionFailed.
    """
    committer, number = tools.committer, kept.number
    await committer.begin()
    # Of an earlier time with this partition nothing may be under way.
    await committer.forget(number)
    kept.begin_anew()
    lock = await tools.in_thread(_fenced, tools, lock_id(tools.app_id, number))
    restored = await _caught_up(kept, tools, looks_max)
    former = kept.checkpoint.owner if kept.checkpoint is not None else NOBODY
    if former not in (NOBODY, committer.owner):
        # Only whoever is dead, or too slow, has not let go by now.
        logger.warning(
            "worker is fenced", extra={"partition": number, "worker": former}
        )
        fence = await tools.in_thread(_fenced, tools, former)
        await tools.in_thread(fence.close)
        restored = _both(restored, await kept.catch_up())
    # Not the end: a first transaction that was aborted leaves offsets, and no record
    # that was ever committed.
    if restored.records and kept.checkpoint is None:
        raise RestoreFailed(
            f"partition {number}: the changelog holds {restored.records} records but "
            "no checkpoint"
        )
    edges = await tools.in_thread(tools.edges, number)
    positions = positions_from(kept.checkpoint or NOTHING_APPLIED, edges, number)
    if not may_claim():
        await tools.in_thread(lock.close)
        raise GivenUp(f"partition {kept.number}")
    await _claim(kept, tools, lock, positions=positions)
    return Taken(positions, restored)


async def let_go(kept: Kept, tools: Tools) -> None:
    """
    Say that whoever comes next need not fence this worker.

    Of a partition in which nothing is under way. Raises: Fenced, TransactionFailed.
    """
    if kept.checkpoint is None or kept.checkpoint.owner != tools.committer.owner:
        return
    freed = kept.checkpoint._replace(owner=NOBODY)
    await tools.committer.commit(kept.number, _marking(freed, tools))
    _keep(kept, freed)


def lock_id(app_id: str, number: int) -> str:
    """Transactional id of a partition's lock; up to 0.1 all was written under it."""
    return f"{app_id}-{number}"


async def _caught_up(kept: Kept, tools: Tools, looks_max: int) -> Restored:
    """
    Read all that is there; of our own transactions, all that were ever committed.

    The broker answers that a transaction is committed before it has told each of its
    partitions: until then a reader finds an end that lies before it.
    Raises: RestoreFailed after so many looks. That ends the process, and a new one
    waits for the same, without a bound of ours, where it fences us.
    """
    restored = await kept.catch_up()
    for _ in range(looks_max):
        if kept.changelog_at > tools.committer.end_of(kept.number):
            return restored
        await asyncio.sleep(LOOK_SECONDS)
        restored = _both(restored, await kept.catch_up())
    raise RestoreFailed(
        f"partition {kept.number}: its changelog ends at {kept.changelog_at} for "
        f"readers, but our transaction up to {tools.committer.end_of(kept.number)} "
        "is committed"
    )


async def _claim(
    kept: Kept, tools: Tools, lock: Transactions, *, positions: dict[str, int]
) -> None:
    known = kept.checkpoint or NOTHING_APPLIED
    claimed = known._replace(offsets=positions, owner=tools.committer.owner)
    part = PartitionWrites(kept.number, _marking(claimed, tools))
    try:
        await tools.in_thread(lock.commit, [part])
    except Fenced as fenced:
        raise PartitionLost(str(fenced)) from fenced
    await tools.in_thread(lock.close)
    _keep(kept, claimed)


def _fenced(tools: Tools, transactional_id: str) -> Transactions:
    producer = tools.new_producer(transactional_id)
    producer.fence()
    return producer


def _marking(checkpoint: Checkpoint, tools: Tools) -> Writes:
    return tools.writes(Outcome(tools.records_max), checkpoint)


def _keep(kept: Kept, checkpoint: Checkpoint) -> None:
    kept.checkpoint = checkpoint
    # The checkpoint and the marker that ends the transaction.
    kept.changelog_at += 2


def _both(first: Restored, then: Restored) -> Restored:
    return then._replace(
        records=first.records + then.records, seconds=first.seconds + then.seconds
    )
