"""One partition's life: fence, restore, position, decide, commit."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from runtime import metrics
from schemas.framing import MalformedRecord
from schemas.state import Checkpoint
from schemas.topics import CLOCK
from streams.batches import RecordBatch, SourceRecord
from streams.commits import Commits
from streams.counting import count_restored
from streams.due_pace import LOOK_SECONDS, DuePace
from streams.judge import Judge
from streams.kept import NOTHING_APPLIED, Kept
from streams.members import Members
from streams.outcome import Outcome
from streams.strides import STRIDE, judge_some
from streams.taking import let_go, take
from streams.tools import Tools
from streams.turns import Turns


class Partition:
    """
    Members, position and producer of one partition of the engine.

    orders-n, app-activity-n, commands-n and clock-n are one sequence here: one
    owner, one transaction after the other.
    """

    def __init__(self, kept: Kept, tools: Tools, pace: DuePace) -> None:
        """Know what is kept, and no more; `open` must come first."""
        self.number = kept.number
        self.kept = kept
        self.is_ready = False
        self._tools = tools
        self._commits = Commits(kept, tools)
        self._telling = tools.telling
        self._judge = Judge(kept.number, tools)
        self._turns = Turns(pace)
        self._arrived = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._is_opening = False
        self._is_given_up = False
        # Set unless a claim of the partition is under way.
        self._unclaimed = asyncio.Event()
        self._unclaimed.set()
        self._turn_ends_at = 0.0

    @property
    def members(self) -> Members:
        """Members as last written; what of it is not committed is under way."""
        return self.kept.members

    @property
    def positions(self) -> dict[str, int]:
        """Next offset of each source topic that is not committed."""
        return self._commits.positions

    @property
    def progress_at(self) -> float:
        """When it committed, or was opened, last (monotonic seconds)."""
        return self._commits.progress_at

    @property
    def checkpoint(self) -> Checkpoint:
        """How far the partition is, and what became of all records so far."""
        return self.kept.checkpoint or NOTHING_APPLIED

    async def open(self) -> None:
        """
        Take the partition, catch up with its changelog, take up its position.

        What is in memory from before is kept: only what came since is read.
        Raises: GivenUp, PartitionLost, RestoreFailed, TransactionFailed.
        """
        self._is_opening = True
        try:
            positions, restored = await take(
                self.kept, self._tools, may_claim=self._may_claim
            )
        finally:
            self._unclaimed.set()
        self._turns.clear()
        self._commits.begin(positions)
        self._is_opening = False
        self.is_ready = True
        count_restored(
            self.number, restored, members=len(self.members), positions=positions
        )

    def _may_claim(self) -> bool:
        """Begin to claim the partition, unless it was given up meanwhile."""
        if self._is_given_up:
            return False
        self._unclaimed.clear()
        return True

    def has_room(self, topic: str) -> bool:
        """Whether another batch of a topic may be read; ticks keep nobody else out."""
        return self.is_ready and self._turns.has_room(topic)

    def offer(self, batch: RecordBatch) -> None:
        """Queue a batch to be decided."""
        self._turns.offer(batch)
        self._arrived.set()

    async def pause(self, timeout_seconds: float) -> bool:
        """
        Take nothing new, wait for the transaction in flight, and let go.

        Returns whether what is in memory can be used again: not while a
        transaction or a restore still goes on in its thread. Whether somebody
        else has written in between is found out by `open`.
        """
        self.is_ready = False
        try:
            async with asyncio.timeout(timeout_seconds):
                # A claim that is under way becomes true, and the partition ready.
                await self._unclaimed.wait()
                if self._is_opening:
                    # No claim was made, or somebody else's came before it, and none
                    # will be made any more: there is nothing to let go of.
                    self._is_given_up = True
                    return False
                self.is_ready = False
                self._turns.clear()
                await self._idle.wait()
                await let_go(self.kept, self._tools)
        except TimeoutError:
            return False
        return True

    async def run(self, reseek: Callable[[str, int], None]) -> None:
        """
        Decide and commit what arrives, for ever.

        `reseek` is told the position of a topic of which something was missed.
        Raises: Fenced, TransactionFailed; the caller ends the process.
        """
        try:
            await self._run(reseek)
        finally:
            self._commits.abandon()

    async def _run(self, reseek: Callable[[str, int], None]) -> None:
        turns = self._turns
        self._idle.clear()
        while True:
            # Cleared before looking: what arrives while we look wakes us again.
            self._arrived.clear()
            # What comes meanwhile is decided together, and goes in one transaction.
            waits = not turns.has_enough(self._tools.records_max)
            if waits and not await self._commits.finish_unless(self._arrived):
                continue
            rest_seconds = turns.rest_seconds()
            is_tick_due = not rest_seconds and await self._is_tick_due()
            if not turns.inbox and not is_tick_due:
                await self._wait(min(rest_seconds, LOOK_SECONDS) or None)
                continue
            is_enough = turns.has_enough(self._tools.records_max)
            if not (is_enough or (is_tick_due and turns.is_tick_open)):
                # Rest for more with the others.
                await self._tools.committer.rested()
            queue = turns.begin(is_tick_due=is_tick_due)
            started = self._tools.clock()
            self._turn_ends_at = started + self._tools.turn_seconds_max
            outcome = Outcome(self._tools.records_max)
            positions = dict(self._commits.decided.offsets)
            while queue and outcome.weight < self._tools.records_max:
                await self._tools.take_programs()
                if not queue:
                    # Given up meanwhile, with all that waited.
                    break
                batch = queue.popleft()
                if batch.start > positions[batch.topic]:
                    # Something before it was dropped on the way: read it again.
                    reseek(batch.topic, positions[batch.topic])
                elif batch.end > positions[batch.topic]:
                    outcome = await self._judge_batch(batch, positions, outcome)
                if queue is turns.ticks:
                    # The next one waits for what came before it.
                    break
            must_rest = turns.end(has_told=outcome.changed > 0)
            metrics.DECIDE_SECONDS.observe(self._tools.clock() - started)
            await self._commit(outcome, positions)
            if must_rest:
                # Sinks can follow what is committed.
                await self._commits.finish()
                turns.rest()

    async def _wait(self, seconds: float | None) -> None:
        """Wait for what arrives, for so long at most; nothing is under way then."""
        await self._commits.finish()
        self._idle.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._arrived.wait()
        self._idle.clear()

    async def _is_tick_due(self) -> bool:
        """
        Whether ticks wait, and all that the broker took before them is applied.

        Time that runs ahead of a backlog of orders would judge them as late.
        """
        turns = self._turns
        if turns.ticks and turns.tick_waits_for is None:
            edges = await self._tools.in_thread(self._tools.edges, self.number)
            turns.let_ticks_wait_for(edges)
        return bool(turns.ticks) and turns.is_tick_due(self.positions)

    async def _judge_batch(
        self, batch: RecordBatch, positions: dict[str, int], outcome: Outcome
    ) -> Outcome:
        topic, position = batch.topic, positions[batch.topic]
        records = [record for record in batch.records if record.offset >= position]
        if topic == CLOCK.name:
            for record in records:
                positions[topic] = record.offset
                outcome = await self._judge_tick(record, positions, outcome)
                if self._turns.is_tick_open:
                    # The rest of it has another turn, unless all was given up.
                    if self.is_ready:
                        self._turns.ticks.appendleft(batch)
                    return outcome
        else:
            done = 0
            while done < len(records):
                coming, held = records[done : done + STRIDE], self.kept.holdings
                done += judge_some(
                    self._judge, topic, coming, holdings=held, outcome=outcome
                )
                self._tell(outcome)
                if outcome.is_full or self._tools.clock() > self._turn_ends_at:
                    positions[topic] = records[done - 1].offset + 1
                    outcome = await self._commit(outcome, positions)
        positions[topic] = batch.end
        return outcome

    async def _judge_tick(
        self, record: SourceRecord, positions: dict[str, int], outcome: Outcome
    ) -> Outcome:
        """
        Work through what a tick makes due, as much as one transaction holds.

        The tick's own offset is passed only at the end; after a crash in between
        it is worked through again, and finds only what is still due.
        """
        try:
            tick = self._judge.decode_tick(record)
        except MalformedRecord as malformed:
            self._judge.bury(CLOCK.name, record, malformed, outcome=outcome)
            return outcome
        # The index of due times knows members that are written.
        outcome = await self._commit(outcome, positions)
        if not self.members.ripen(tick.at):
            # What has arrived meanwhile is seen.
            await asyncio.sleep(0)
            # Only then: a pause meanwhile closes all ticks, and this one is open.
            self._turns.is_tick_open = True
            return outcome
        self._turns.is_tick_open = False
        failed, most, held = 0, self._turns.pace.members_max, self.kept.holdings
        while (member_id := self.members.pop_due(tick.at)) is not None:
            if not self._judge.tick(member_id, record, held, outcome=outcome):
                self.members.set_aside(member_id)
                failed += 1
            self._tell(outcome)
            if outcome.is_full or outcome.changed + failed >= most:
                self._turns.pace.decided(outcome.changed)
                # Where all of them failed there is nothing to commit, and no pause.
                await asyncio.sleep(0)
                self._turns.is_tick_open = True
                return outcome
        for lease_id in self.kept.accounts.due(tick.at):
            self._judge.tick_lease(lease_id, record, held, outcome=outcome)
            if outcome.is_full:
                outcome = await self._commit(outcome, positions)
        self.members.put_back(tick.at)
        outcome.ticks += 1
        self._commits.note_tick(tick.at)
        return outcome

    def _tell(self, outcome: Outcome) -> None:
        """Write what was decided while it is at hand, if there is enough of it."""
        if outcome.is_to_be_told:
            outcome.tell(self._telling, self.kept.go_ahead)

    async def _commit(self, outcome: Outcome, positions: dict[str, int]) -> Outcome:
        """Commit what was decided; return a new, empty outcome."""
        if outcome.is_empty and positions == self._commits.decided.offsets:
            return outcome
        await self._commits.commit(outcome, positions)
        self._turn_ends_at = self._tools.clock() + self._tools.turn_seconds_max
        return Outcome(self._tools.records_max)
