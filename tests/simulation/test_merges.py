"""Merges step by step over killed workers: each step once, and no point lost."""

import asyncio
import json
from collections import Counter, deque
from collections.abc import Callable
from functools import partial

import pytest

from loyalty.decide import decide
from loyalty.events import Command
from schemas.replay import Replay, SourceCopy
from schemas.state import Checkpoint
from schemas.topics import CLOCK, COMMANDS, ORDERS, SOURCES
from streams.partition import Partition
from tests.builders import DAY, NOON, a_refund, an_order
from tests.merging.company import worth_of
from tests.merging.test_conservation import PROGRAM
from tests.simulation.seeds import SEEDS, SEEDS_DONE, ids, orders_of, parts, told
from tests.simulation.test_crash_and_replay import (
    changes_by_member,
    check_entries,
    check_versions,
    final_states,
)
from tests.simulation.world import EVENTS, STATES, World

RecordProperty = Callable[[str, object], None]
MERGE, UNMERGE, REDEEM = "member.merge", "member.unmerge", "points.redeem"
# A chain, one pair both ways round, and one with itself.
PAIRS = (
    ("member-0", "member-1"),
    ("member-2", "member-0"),
    ("member-3", "member-2"),
    ("member-2", "member-3"),
    ("member-1", "member-1"),
)


class MergingWorld(World):
    """Orders, returns and uses of four members who merge and part meanwhile."""

    def _fill(self, orders: int) -> None:
        self.program = PROGRAM
        self.dollars: dict[str, int] = {}
        # What is still to be sent: the world goes on while merges take their steps.
        self.later: deque[Callable[[], None]] = deque()
        for spec in SOURCES:
            self.kafka.sources[spec.name] = []
        at = NOON
        for number in range(orders):
            at += self.random.randrange(DAY)
            self.later.append(partial(self._buy, number, at))
            self.later.append(partial(self._command, number, at))
        # A last tick, so that the clock's log is there to be read.
        self.kafka.append(CLOCK.name, None, b"", at)

    def _feed(self, partition: Partition, positions: dict[str, int]) -> None:
        if self.later and self.random.random() < 0.3:
            self.later.popleft()()
        super()._feed(partition, positions)

    def _is_done(self, partition: Partition) -> bool:
        return not self.later and super()._is_done(partition)

    def _buy(self, number: int, at: int) -> None:
        random = self.random
        member_id = self._anybody()
        order_id, dollars = f"order-{number}", random.randrange(1, 50)
        order = an_order(
            order_id,
            subtotal_minor=dollars * 1_00,
            occurred_at=at - random.choice((0, 0, DAY)),
            member_id=member_id,
        )
        self._send(ORDERS.name, member_id, EVENTS.encode_order(order), at)
        if random.random() < 0.4:
            back = random.randrange(dollars + 1)
            dollars -= back
            refund = a_refund(
                order_id,
                amount_minor=back * 1_00,
                refund_id=f"refund-{number}",
                occurred_at=at + random.randrange(3 * DAY),
                member_id=member_id,
            )
            self._send(ORDERS.name, member_id, EVENTS.encode_order(refund), at)
        self.dollars[order_id] = dollars

    def _command(self, number: int, at: int) -> None:
        random = self.random
        kind = random.choice((MERGE, UNMERGE, REDEEM))
        member_id, other = random.choice(PAIRS)
        say: dict[str, str | int] = {"from": other}
        if kind == REDEEM:
            member_id, say = self._anybody(), {"points": random.randrange(1, 40)}
        command = Command(f"c-{number}", member_id, kind, at, "desk", say)
        self._send(COMMANDS.name, member_id, EVENTS.encode_command(command), at)

    def _anybody(self) -> str:
        return f"member-{self.random.randrange(4)}"


def lived(seed: int) -> tuple[MergingWorld, Checkpoint]:
    world = MergingWorld(seed, orders=orders_of(seed) // 2, crash_chance=0.03)
    return world, asyncio.run(world.live())


def redeemed(world: World) -> int:
    changes = [one for all_ in changes_by_member(world).values() for one in all_]
    return sum(
        json.loads(one.result or "{}")["points"]
        for one in changes
        if one.event_kind == REDEEM and not one.refusal
    )


# A quarter of the seeds: each of these worlds takes as long as two others.
@pytest.mark.parametrize("seeds", parts(max(SEEDS // 4, 1)), ids=ids)
def test_steps_of_merges_survive_crashes_and_points_come_to_the_same(
    seeds: range, record_property: RecordProperty
) -> None:
    for seed in seeds:
        with told(seed):
            world, checkpoint = lived(seed)
            changes = changes_by_member(world)
            check_versions(changes)
            check_steps(world, checkpoint)
            replay = Replay(decide, PROGRAM, EVENTS)
            for member_id, of_member in changes.items():
                for change in of_member:
                    log = world.kafka.sources[change.topic]
                    record = log[change.offset]
                    copy = SourceCopy(record.key, record.value, record.timestamp)
                    replay.take(member_id, change, copy)
            states = final_states(world)
            assert replay.members == states
            for member_id, member in states.items():
                check_entries(member, changes[member_id])
            kept = sum(world.dollars.values())
            worth = sum(worth_of(member) for member in states.values())
            assert worth == 2 * kept - redeemed(world)
    record_property(SEEDS_DONE, len(seeds))


def check_steps(world: MergingWorld, checkpoint: Checkpoint) -> None:
    """Every record became one thing, but for markers and the broken tick."""
    letters = [STATES.decode_dead_letter(value) for value in world.kafka.dead_letters]
    assert {letter.source_topic for letter in letters} <= {CLOCK.name}
    counted = checkpoint.applied + checkpoint.duplicates + checkpoint.dead_letters
    records = sum(len(log) for log in world.kafka.sources.values())
    assert counted + checkpoint.ticks == records - len(world.kafka.markers)


def test_the_worlds_merge_part_and_crash() -> None:
    done: Counter[str] = Counter()
    crashes = 0
    for seed in range(40):
        world, _ = lived(seed)
        crashes += world.kafka.crashes
        for of_member in changes_by_member(world).values():
            done.update(one.event_kind for one in of_member if not one.refusal)

    assert crashes > 20
    assert done["merge.close"] > 40
    assert done[UNMERGE] > 3
    assert done["order.placed"] > 100
