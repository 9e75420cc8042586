"""A seeded world: sources with all that Kafka allows, and one partition that lives."""

import asyncio
from dataclasses import replace
from random import Random

from loyalty.events import ADJUSTED, Tick
from loyalty.program import ProgramHistory
from schemas.events import EventCodec
from schemas.state import Checkpoint
from schemas.topics import ACTIVITY, CLOCK, COMMANDS, ORDERS, SOURCES
from schemas.updates import UpdateCodec
from streams.batches import RecordBatch, SourceRecord
from streams.committer import Committer
from streams.due_pace import DuePace
from streams.kept import Kept
from streams.partition import Partition
from streams.tools import Tools
from streams.transactions import Fenced
from tests.builders import (
    A_FULL_PROGRAM,
    DAY,
    NOON,
    a_cancellation,
    a_line,
    a_refund,
    an_activity,
    an_adjustment,
    an_order,
)
from tests.rules.worlds import RICH
from tests.simulation.memory_kafka import (
    STATES,
    Crash,
    InlineExecutor,
    MemoryChangelogReader,
    MemoryKafka,
    Stall,
    never_resting,
)

RICH_AND_CLOSING = replace(RICH, return_window_days=20)
EVENTS = EventCodec()
UPDATES = UpdateCodec()
LIVES_MAX = 500
# In every so-many-th world a partition leaves its worker and comes back to it at once,
# and the broker is late to tell its partitions of a commit. It is waited for in real
# time, so it is not in all of them.
MOVES_EVERY, MOVE_CHANCE = 10, 0.01
# Turns of the loop in which a commit that is under way comes to its end.
COMMIT_STEPS = 10


class Moved(BaseException):
    """The group takes the partition away, and gives it back to the same worker."""


def no_time_passes() -> float:
    """How quick the machine is may decide nothing: a seed is told to be run again."""
    return 0.0


class World:
    """Everything that one seed decides."""

    def __init__(self, seed: int, *, orders: int, crash_chance: float) -> None:
        self.random = Random(seed)
        self.kafka = MemoryKafka(self.random, crash_chance)
        # What moves is drawn by itself: the other worlds stay what they were.
        self._moving = Random(seed) if seed % MOVES_EVERY == 0 else None
        self.kafka.late_looks = 0 if self._moving is None else 1
        # Every other world has rules of all kinds, and a horizon near enough to hit.
        self.program = RICH_AND_CLOSING if seed % 2 else A_FULL_PROGRAM
        self._fill(orders)
        self._workers = 0
        self._zombie: Partition | None = None
        self._standby: Kept | None = None
        self.takeovers = 0
        self.moves = 0

    def _fill(self, orders: int) -> None:
        """Orders, refunds, acts, commands and ticks; repeated, reordered, broken."""
        random, kafka = self.random, self.kafka
        for spec in SOURCES:
            kafka.sources[spec.name] = []
        at = NOON
        for number in range(orders):
            at += random.randrange(2 * DAY // 3)
            member_id = f"member-{random.randrange(6)}"
            self._order(number, member_id, at)
            if random.random() < 0.3:
                act = an_activity(f"act-{number}", occurred_at=at, member_id=member_id)
                self._send(ACTIVITY.name, member_id, EVENTS.encode_activity(act), at)
            if random.random() < 0.1:
                points = random.randrange(-60, 60)
                command = an_adjustment(
                    points, command_id=f"command-{number}", occurred_at=at
                )._replace(member_id=member_id)
                self._send(COMMANDS.name, member_id, EVENTS.encode_command(command), at)
            if random.random() < 0.4:
                kafka.append(CLOCK.name, None, EVENTS.encode_tick(Tick(at)), at)
            if random.random() < 0.05:
                kafka.append(ORDERS.name, b"member-0", random.randbytes(12), at)
        self._shake()

    def _order(self, number: int, member_id: str, at: int) -> None:
        random = self.random
        line = a_line(
            random.randrange(1_00, 40_00),
            quantity=random.randrange(1, 3),
            category=random.choice(("food", "coffee")),
        )
        order = an_order(
            f"order-{number}", lines=(line,), occurred_at=at, member_id=member_id
        )
        events = [order]
        if random.random() < 0.3:
            events.append(
                a_refund(
                    order.order_id,
                    amount_minor=random.randrange(order.subtotal_minor + 1),
                    occurred_at=at + random.randrange(3 * DAY),
                    member_id=member_id,
                )
            )
        if random.random() < 0.05:
            cancelled = a_cancellation(order.order_id, occurred_at=at + DAY)
            events.append(cancelled._replace(member_id=member_id))
        if random.random() < 0.05:
            events.append(
                order._replace(
                    kind=ADJUSTED, event_id=f"adjust-{number}", occurred_at=at + 1
                )
            )
        if random.random() < 0.2:
            random.shuffle(events)
        for event in events:
            self._send(ORDERS.name, member_id, EVENTS.encode_order(event), at)

    def _send(self, topic: str, member_id: str, value: bytes, at: int) -> None:
        for _ in range(2 if self.random.random() < 0.15 else 1):
            self.kafka.append(topic, member_id.encode(), value, at + 10 * DAY)

    def _shake(self) -> None:
        """Swap neighbours here and there: members' orders arrive in another order."""
        log = self.kafka.sources[ORDERS.name]
        for place in range(len(log) - 1):
            if self.random.random() < 0.2:
                one, other = log[place], log[place + 1]
                log[place] = other._replace(offset=place)
                log[place + 1] = one._replace(offset=place + 1)

    async def live(self) -> Checkpoint:
        """Run partitions, each from the last one's death, until all is applied."""
        tools = self._tools()
        for _ in range(LIVES_MAX):
            partition = Partition(self._take_over(tools), tools, self._pace())
            crashes = self.kafka.crashes
            try:
                await self._one_life(partition)
            except Moved:
                for _ in range(COMMIT_STEPS):
                    await asyncio.sleep(0)
                self.moves += 1
                if self.kafka.crashes > crashes:
                    # It was killed at that very moment, and takes nothing any more.
                    tools = self._tools()
                continue
            except Crash as crash:
                if isinstance(crash, Stall):
                    self._zombie = partition
                tools = self._tools()
                continue
            return partition.checkpoint
        self.kafka.stop_crashing()
        raise AssertionError("the world never came to its end")

    def _pace(self) -> DuePace:
        """Pace of ticks; few are due at once here."""
        return never_resting()

    def _take_over(self, tools: Tools) -> Kept:
        """What the next owner begins with: what a standby has read, or nothing."""
        standby, self._standby = self._standby, None
        if standby is not None:
            self.takeovers += 1
        return standby or Kept(0, tools)

    def _maybe_move(self) -> None:
        if self._moving is not None and self._moving.random() < MOVE_CHANCE:
            raise Moved

    async def _follow(self) -> None:
        """Let another worker read on, now and then; it may be killed as well."""
        if self.random.random() < 0.9:
            return
        self._standby = self._standby or Kept(0, self._tools())
        try:
            await self._standby.catch_up()
        except Crash:
            self._standby = None

    async def _one_life(self, partition: Partition) -> None:
        await partition.open()
        await self._wake_zombie()
        positions = dict(partition.positions)

        def reseek(topic: str, position: int) -> None:
            positions[topic] = position

        running = asyncio.create_task(partition.run(reseek))
        try:
            while not self._is_done(partition):
                self._feed(partition, positions)
                self.kafka.maybe_stall()
                self._maybe_move()
                await self._follow()
                await asyncio.sleep(0)
                await asyncio.sleep(0)
                if running.done():
                    running.result()
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    def _feed(self, partition: Partition, positions: dict[str, int]) -> None:
        """Hand over a few records of some topic; lose some on the way."""
        random = self.random
        topic = random.choice(list(self.kafka.sources))
        if not partition.has_room(topic):
            return
        log = self.kafka.sources[topic]
        start = positions[topic]
        end = min(start + random.randrange(1, 12), len(log))
        if start == end:
            positions[topic] = partition.positions[topic]
            return
        positions[topic] = end
        visible = self.kafka.visible
        visible[topic] = max(visible.get(topic, 0), end)
        if random.random() < 0.9:
            records = [one for one in log[start:end] if self._is_read(topic, one)]
            partition.offer(RecordBatch(topic, 0, start, end, records))

    def _is_read(self, topic: str, record: SourceRecord) -> bool:
        return topic != COMMANDS.name or record.offset not in self.kafka.markers

    async def _wake_zombie(self) -> None:
        """Let the former owner go on: nothing of what it does may be seen."""
        zombie, self._zombie = self._zombie, None
        if zombie is None or not zombie.is_ready:
            return
        seen = len(self.kafka.changelog)
        task = asyncio.create_task(zombie.run(lambda *_: None))
        positions = dict(zombie.positions)
        self._feed(zombie, positions)
        for _ in range(4):
            await asyncio.sleep(0)
        if task.done() and not task.cancelled():
            assert isinstance(task.exception(), Fenced | Crash), task.exception()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert len(self.kafka.changelog) == seen, "a zombie wrote"

    def _is_done(self, partition: Partition) -> bool:
        return all(
            partition.positions[topic] == len(log)
            for topic, log in self.kafka.sources.items()
        )

    def _tools(self) -> Tools:
        self._workers += 1
        owner = f"worker-{self._workers}"
        executor = InlineExecutor()
        return Tools(
            programs=ProgramHistory([self.program]),
            events=EVENTS,
            states=STATES,
            updates=UPDATES,
            reader=MemoryChangelogReader(self.kafka),
            executor=executor,
            committer=Committer(
                owner, self.kafka.new_producer, executor, clock=no_time_passes
            ),
            new_producer=self.kafka.new_producer,
            edges=self.kafka.edges,
            records_max=self.random.choice((1, 3, 20)),
            cache_max=self.random.choice((1, 100)),
            clock=no_time_passes,
        )
