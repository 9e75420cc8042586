"""Whoever a tick fails for stays due, and keeps nobody else from the tick."""

import asyncio
from random import Random
from typing import Any

import pytest

from loyalty.decide import decide
from loyalty.decision import Decision, Duplicate, Refusal
from loyalty.events import Tick
from loyalty.member import NEW_MEMBER, Member
from loyalty.program import ProgramHistory
from schemas.events import EventCodec
from schemas.state import CHECKPOINT_KEY, Checkpoint
from schemas.topics import CLOCK, SOURCES
from schemas.updates import UpdateCodec
from streams.batches import RecordBatch
from streams.committer import Committer
from streams.kept import Kept
from streams.members import RETRY_MS
from streams.partition import Partition
from streams.tools import Tools
from tests.builders import A_FULL_PROGRAM, NOON, an_order
from tests.simulation.memory_kafka import (
    STATES,
    InlineExecutor,
    MemoryChangelogReader,
    MemoryKafka,
    never_resting,
)
from tests.simulation.world import no_time_passes

EVENTS = EventCodec()
PROGRAMS = ProgramHistory([A_FULL_PROGRAM])
MEMBERS = ("ann", "bob", "cid")
TURNS = 400


class Rules:
    """Rules that fail for one member's ticks as long as they are broken."""

    def __init__(self) -> None:
        self.broken = "bob"
        self.tried: list[str] = []

    def decide(
        self, member: Member, event: Any, program: Any, *, member_id: str
    ) -> Decision | Duplicate | Refusal:
        if isinstance(event, Tick):
            self.tried.append(member_id)
            if member_id == self.broken:
                raise ValueError("a bug")
        return decide(member, event, program, member_id=member_id)


def a_due_member() -> Member:
    decided = decide(
        NEW_MEMBER, an_order("o", occurred_at=NOON), PROGRAMS, member_id=""
    )
    assert isinstance(decided, Decision)
    assert decided.member.next_due_at
    return decided.member


class Ticked:
    """One partition with members for whom something is due, and its clock."""

    def __init__(self, rules: Rules, records_max: int) -> None:
        self.kafka = MemoryKafka(Random(1), 0.0)
        self.kafka.sources.update({spec.name: [] for spec in SOURCES})
        member = a_due_member()
        self.due_at = member.next_due_at
        state = STATES.encode_member(member)
        self.kafka.changelog += [(name.encode(), state) for name in MEMBERS]
        beginning = STATES.encode_checkpoint(Checkpoint({}))
        self.kafka.changelog.append((CHECKPOINT_KEY, beginning))
        tools = Tools(
            programs=PROGRAMS,
            events=EVENTS,
            states=STATES,
            updates=UpdateCodec(),
            reader=MemoryChangelogReader(self.kafka),  # type: ignore[arg-type]
            executor=InlineExecutor(),
            committer=Committer(
                "worker",
                self.kafka.new_producer,
                InlineExecutor(),
                clock=no_time_passes,
            ),
            new_producer=self.kafka.new_producer,
            edges=self.kafka.edges,
            records_max=records_max,
            cache_max=100,
            decide=rules.decide,
            clock=no_time_passes,
        )
        self.partition = Partition(Kept(0, tools), tools, never_resting())

    async def tick(self, later_ms: int) -> None:
        """Let a tick come, and all that it does be done."""
        at = self.due_at + later_ms
        self.kafka.append(CLOCK.name, None, EVENTS.encode_tick(Tick(at)), at)
        log = self.kafka.sources[CLOCK.name]
        self.kafka.visible[CLOCK.name] = len(log)
        batch = RecordBatch(CLOCK.name, 0, len(log) - 1, len(log), log[-1:])
        self.partition.offer(batch)
        for _ in range(TURNS):
            await asyncio.sleep(0)
        # Whoever fails keeps it from nobody, and it comes to its end.
        assert self.partition.positions[CLOCK.name] == len(log)

    def due(self) -> list[str]:
        """For whom something is still due that was at first."""
        load = self.partition.members.load
        return [name for name in MEMBERS if load(name).next_due_at == self.due_at]


@pytest.mark.parametrize("records_max", [1, 100], ids=["one by one", "at once"])
def test_a_member_whose_tick_fails_is_due_again_with_a_later_one(
    records_max: int,
) -> None:
    rules = Rules()

    async def story() -> tuple[list[str], list[str]]:
        ticked = Ticked(rules, records_max)
        await ticked.partition.open()
        running = asyncio.create_task(ticked.partition.run(lambda *_: None))
        await ticked.tick(0)
        failed = ticked.due()
        rules.broken = ""
        await ticked.tick(1_000)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return failed, ticked.due()

    failed, at_last = asyncio.run(story())

    assert (failed, at_last) == (["bob"], [])
    assert sorted(rules.tried) == ["ann", "bob", "bob", "cid"]


def test_a_tick_that_fails_again_and_again_is_tried_once_a_minute() -> None:
    rules = Rules()

    async def story() -> None:
        ticked = Ticked(rules, 100)
        await ticked.partition.open()
        running = asyncio.create_task(ticked.partition.run(lambda *_: None))
        for later_ms in range(0, 3 * RETRY_MS, 1_000):
            await ticked.tick(later_ms)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    asyncio.run(story())

    # With the first tick, and from then on with the one after each minute.
    assert rules.tried.count("bob") == 4


def test_who_was_set_aside_is_due_also_after_the_partition_has_moved() -> None:
    rules = Rules()

    async def story() -> list[str]:
        ticked = Ticked(rules, 1)
        await ticked.partition.open()
        running = asyncio.create_task(ticked.partition.run(lambda *_: None))
        await ticked.tick(0)
        # Set aside with the second, and put back a minute later at the earliest.
        await ticked.tick(1_000)
        assert await ticked.partition.pause(5.0)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        rules.broken = ""
        await ticked.partition.open()
        running = asyncio.create_task(ticked.partition.run(lambda *_: None))
        await ticked.tick(RETRY_MS)
        await ticked.tick(RETRY_MS + 1_000)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return ticked.due()

    assert asyncio.run(story()) == []
