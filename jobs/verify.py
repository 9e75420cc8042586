"""
Folds the sources again, and compares with what the engine keeps.

What it proves, for each partition up to its checkpoint: (1) deciding anew the
events that `member-updates` names, in the order that it tells for each member,
gives every change that was told and every state that the changelog holds, bit by
bit; (2) each source record became one thing: applied, repeated, a dead letter or
a tick; (3) what the leases of budgets have spent is what members were granted
less what came back, and who waits there is who was not answered.

What it does not: the order across topics is taken from the updates, not judged;
records that changed nobody are counted, not decided again; owners of budgets are
held against their leases by nothing but the rules. It needs all that was ever
written to the sources and to `member-updates`, and an engine that is idle.
"""

import argparse
from collections.abc import Iterator
from typing import Final, NamedTuple

from confluent_kafka import Message

from jobs.errors import JobFailed, JobRefused
from jobs.reading import LogReader, SourceWindow
from loyalty.budget_books import Lease
from loyalty.decide import decide
from loyalty.fencing import Fence
from loyalty.settling import Decide
from runtime.settings import Settings
from schemas.accounts import KEY_PREFIX
from schemas.events import EventCodec
from schemas.replay import Difference, Replay, state_hash
from schemas.state import CHECKPOINT_KEY, Checkpoint, StateCodec
from schemas.topics import MEMBER_UPDATES, SOURCES, members_changelog
from schemas.updates import UpdateCodec
from stores.program_reader import read_program

SUMMARY: Final = "fold the sources again and compare with the engine's states"


class Kept(NamedTuple):
    """What the changelog of a partition holds."""

    states: dict[str, bytes]
    leases: dict[str, Lease]
    checkpoint: Checkpoint
    end: int


class Verdict(NamedTuple):
    """What came of one partition; `difference` is empty when there is none."""

    records: int
    members: int
    hash: str
    difference: str


def run(settings: Settings, arguments: list[str]) -> None:
    """
    Print a line for each partition.

    Raises: JobFailed when a partition differs; JobRefused when nothing can be said.
    """
    parser = argparse.ArgumentParser("verify", description=SUMMARY)
    parser.add_argument("--partition", type=int, action="append", help="only this one")
    chosen = parser.parse_args(arguments).partition
    verifier = Verifier(settings)
    differing = 0
    for number in chosen or range(settings.partitions):
        verdict = verifier.verify(number)
        differing += bool(verdict.difference)
        print(
            f"partition {number}: {verdict.records:,} records, "
            f"{verdict.members:,} members, {verdict.hash}, "
            f"{verdict.difference or 'equal'}",
            flush=True,
        )
    verifier.close()
    if differing:
        raise JobFailed(f"{differing} partitions differ")


class Verifier:
    """Reads a partition's topics and folds them again."""

    def __init__(self, settings: Settings, *, decide: Decide = decide) -> None:
        """Read the program to its end and compile the codecs."""
        self._decide = Fence(decide)
        self._changelog = members_changelog(settings.app_id).name
        self._programs = read_program(settings).programs
        self._log = LogReader(settings)
        self._states = StateCodec()
        self._updates = UpdateCodec()
        self._events = EventCodec()

    def close(self) -> None:
        """Let go of all clients."""
        self._log.close()

    def verify(self, partition: int) -> Verdict:
        """
        Compare one partition.

        Raises: JobRefused when its logs are not whole, or the engine is at work.
        """
        kept = self._kept(partition)
        sources = {
            spec.name: SourceWindow(
                self._whole(spec.name, partition, kept.checkpoint.offsets[spec.name])
            )
            for spec in (SOURCES if kept.checkpoint.offsets else ())
        }
        replay = Replay(self._decide, self._programs, self._events)
        difference = ""
        try:
            self._fold(replay, partition, sources)
            replay.check_states(kept.states, self._states)
            replay.check_leases(kept.leases)
            records = sum(source.drain() for source in sources.values())
            _check_count(kept.checkpoint, records)
        except Difference as found:
            difference = str(found)
        _, end = self._log.edges(self._changelog, partition)
        if end != kept.end:
            raise JobRefused(f"the engine writes partition {partition}: stop it first")
        return Verdict(
            sum(source.read for source in sources.values()),
            len(replay.members),
            state_hash(replay.members.items(), self._states),
            difference,
        )

    def _fold(
        self, replay: Replay, partition: int, sources: dict[str, SourceWindow]
    ) -> None:
        _, end = self._log.edges(MEMBER_UPDATES.name, partition)
        for message in self._whole(MEMBER_UPDATES.name, partition, end):
            update = self._updates.decode(message.value())
            for told in update.changes:
                source = sources.get(told.topic)
                record = source.at(told.offset) if source else None
                replay.take(update.member_id, told, record)

    def _whole(self, topic: str, partition: int, end: int) -> Iterator[Message]:
        beginning, _ = self._log.edges(topic, partition)
        if beginning > 0:
            raise JobRefused(
                f"{topic}-{partition} begins at {beginning}: expected all since 0, "
                "but its retention has taken the rest"
            )
        return self._log.read(topic, partition, end)

    def _kept(self, partition: int) -> Kept:
        _, end = self._log.edges(self._changelog, partition)
        states: dict[str, bytes] = {}
        leases: dict[str, Lease] = {}
        checkpoint = Checkpoint({})
        for message in self._log.read(self._changelog, partition, end):
            key, value = message.key(), message.value()
            if key == CHECKPOINT_KEY:
                checkpoint = self._states.decode_checkpoint(value)
            elif key[:1] == KEY_PREFIX:
                account_id, account = self._states.accounts.decode(value)
                if isinstance(account, Lease):
                    leases[account_id] = account
            else:
                states[key.decode()] = value
        return Kept(states, leases, checkpoint, end)


def _check_count(checkpoint: Checkpoint, records: int) -> None:
    counted = (
        checkpoint.applied
        + checkpoint.duplicates
        + checkpoint.dead_letters
        + checkpoint.ticks
    )
    if counted != records:
        raise Difference(
            f"{records} source records before the checkpoint, which counts {counted}"
        )
