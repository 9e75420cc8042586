"""An engine in memory: what is published is decided at once, and told to the stores."""

from collections.abc import Callable
from typing import Any

from loyalty.accounts import is_account
from loyalty.budgets import Budget
from loyalty.decide import decide
from loyalty.decision import Decision
from loyalty.events import Command
from loyalty.member import NEW_MEMBER, Member
from loyalty.program import Program
from loyalty.settlement import Settlement
from loyalty.settling import Account, Known, Rules, Step
from loyalty.view import view_of
from schemas.changes import change_of
from schemas.events import EventCodec
from schemas.forwarding import Addressed, addressed, forwarded
from schemas.state import StateCodec
from schemas.topics import ACTIVITY, COMMANDS, MEMBER_UPDATES, ORDERS
from schemas.update_reader import UpdateReader
from schemas.updates import Source, UpdateCodec
from stores.analytics_contract import Analytics
from stores.member_views_contract import MemberViews
from stores.memory_identities import MemoryIdentities
from stores.publisher import MemoryPublisher, Published
from streams.agents.redis_sink import RedisWriter
from streams.batches import RecordBatch, SourceRecord
from tests.builders import DAY, NOON

READER = UpdateReader()

EVENTS, UPDATES, STATES = EventCodec(), UpdateCodec(), StateCodec()
READERS = {
    ORDERS.name: EVENTS.decode_order,
    ACTIVITY.name: EVENTS.decode_activity,
    COMMANDS.name: EVENTS.decode_command,
}
# Tests may let a year pass.
LATE = NOON + 366 * DAY


class MemoryEngine(MemoryPublisher):
    """Decides what is published, unless it is told to pause."""

    def __init__(
        self,
        program: Program | Callable[[], Program],
        views: MemberViews,
        analytics: Analytics,
        *,
        recorded_at: int = LATE,
    ) -> None:
        super().__init__()
        self.members: dict[str, Member] = {}
        self.accounts: dict[str, Account] = {}
        self.decided: list[Any] = []
        self.is_paused = False
        self.accounts_are_paused = False
        self.tells_states = True
        # A program that is published while a story goes on is asked for each time.
        self._program_now = program if callable(program) else lambda: program
        self._recorded_at = recorded_at
        # It forgets no contact that a test has, unless it is given those: what is
        # seen then is what the API does by itself, with its answer.
        self.writer = RedisWriter(views, MemoryIdentities(), READER)
        self._analytics = analytics
        self._done = 0

    @property
    def _program(self) -> Program:
        return self._program_now()

    async def publish(self, topic: str, *, key: bytes, value: bytes) -> Published:
        """Keep a record, and decide all that are waiting."""
        place = await super().publish(topic, key=key, value=value)
        if not self.is_paused:
            await self.catch_up()
        return place

    async def catch_up(self) -> None:
        """Decide what was published and is not decided yet."""
        while self._done < len(self.published):
            topic, key, value = self.published[self._done]
            event = READERS[topic](key, value, self._recorded_at)
            meant = Addressed(event.member_id, event)
            if isinstance(event, Command):
                meant = addressed(EVENTS, event, self._recorded_at)
            if self.accounts_are_paused and is_account(event.member_id):
                return
            self._done += 1
            await self._decide(topic, meant)

    async def _decide(self, topic: str, meant: Addressed) -> None:
        member_id, event, _ = meant
        settlement = self._settlement()
        if is_account(member_id):
            assert isinstance(event, Command)
            settlement.account(event)
        else:
            member = self.members.get(member_id, NEW_MEMBER)
            decision = decide(member, event, self._program, member_id=member_id)
            self.decided.append(decision)
            if not isinstance(decision, Decision):
                return
            settlement.member(Step(member_id, event, decision))
            if decision.forward is not None:
                passed = forwarded(EVENTS, member_id, decision, addressed=meant)
                settlement.outbox.append(passed)
        self.accounts.update(settlement.accounts)
        for step in settlement.steps:
            await self._tell(step, Source(topic, self._done, NOON))
        for command in settlement.outbox:
            record = EVENTS.encode_command(command)
            await super().publish(
                COMMANDS.name, key=command.member_id.encode(), value=record
            )

    async def _tell(self, step: Step, source: Source) -> None:
        member_id, event, decision = step
        self.members[member_id] = decision.member
        change = change_of(decision, event, source)
        state = STATES.encode_member(decision.member) if self.tells_states else b""
        view = view_of(member_id, decision.member, self._program)
        value = UPDATES.encode(member_id, view, [change], state=state)
        stored = SourceRecord(0, NOON, member_id.encode(), value)
        await self.writer.write([RecordBatch(MEMBER_UPDATES.name, 0, 0, 1, [stored])])
        update = READER.read(value)
        await self._analytics.insert_updates([update], token=f"t-{self._done}")

    def _settlement(self) -> Settlement:
        def find_budget(budget_id: str, _: int) -> Budget | None:
            return self._program.budget_by_id.get(budget_id)

        return Settlement(
            Rules(0, decide, self._program, find_budget),
            Known(lambda one: self.members.get(one, NEW_MEMBER), self.accounts.get),
        )
