"""Messages through the engine: records in, a tick, and the update that tells them."""

from typing import Any

from loyalty.decide import decide
from loyalty.events import Command, OrderEvent, Tick
from loyalty.limits import DAY_MS
from loyalty.messages import Message
from loyalty.program import ProgramHistory
from schemas.events import EventCodec
from schemas.state import Checkpoint, StateCodec
from schemas.topics import COMMANDS, ORDERS
from schemas.updates import UpdateCodec
from streams.accounts import Accounts, Holdings
from streams.batches import SourceRecord
from streams.judge import Judge
from streams.members import Members
from streams.outcome import Outcome, Telling
from streams.tools import Tools
from streams.writes import Writes
from tests.builders import NOON, an_order
from tests.rules.town import built
from tests.simulation.memory_kafka import InlineExecutor

EVENTS, STATES, UPDATES = EventCodec(), StateCodec(), UpdateCodec()
PROGRAM = built(
    """
earn: [{id: spend, points: 1, step_minor: 100}]
templates: [{id: back, texts: {push: {body: Come back}}}]
triggers:
  - {id: gone, kind: lapsed, days: 30, message: {template: back, channels: [push]}}
"""
)


class Partition:
    """One partition of the engine: each record is a transaction of its own."""

    def __init__(self) -> None:
        unused: Any = None
        self.programs = ProgramHistory([PROGRAM])
        tools = Tools(
            *(self.programs, EVENTS, STATES, UPDATES, unused, InlineExecutor()),
            *(unused, unused, unused),
            records_max=100,
            cache_max=100,
            decide=decide,
            find_budget=lambda _, __: None,
        )
        self.judge = Judge(0, tools)
        self.members = Members(STATES, 0)
        self.holdings = Holdings(self.members, Accounts())
        self.messages: list[Message] = []
        self._offset = 0

    def take(self, topic: str, event: OrderEvent | Command, value: bytes) -> None:
        outcome, record = Outcome(100), self._record(value, event.member_id)
        self.judge.judge(topic, record, self.holdings, outcome=outcome)
        assert outcome.applied == 1, outcome.dead_letters
        self._commit(outcome)

    def tick(self, at: int) -> int:
        """Let a time come; return how many members were due."""
        outcome, record = Outcome(100), self._record(EVENTS.encode_tick(Tick(at)))
        while (member_id := self.members.pop_due(at)) is not None:
            self.judge.tick(member_id, record, self.holdings, outcome=outcome)
        self._commit(outcome)
        return outcome.changed

    def _record(self, value: bytes, key: str = "") -> SourceRecord:
        self._offset += 1
        return SourceRecord(self._offset, NOON + 90 * DAY_MS, key.encode(), value)

    def _commit(self, outcome: Outcome) -> None:
        telling = Telling(STATES, UPDATES, self.programs)
        writes = Writes(outcome, Checkpoint({}), telling, keep=self.members.apply)
        for _, update in writes.updates:
            for change in UPDATES.decode(update).changes:
                self.messages += change.messages


def test_a_lapse_is_told_at_the_tick_after_it_and_once() -> None:
    partition = Partition()
    order = an_order(occurred_at=NOON)
    said = {"channel": "push", "given": True, "source": "app"}
    consent = Command("c", "member-1", "consent.set", NOON, "app", said)
    partition.take(ORDERS.name, order, EVENTS.encode_order(order))
    partition.take(COMMANDS.name, consent, EVENTS.encode_command(consent))

    due = [partition.tick(NOON + day * DAY_MS) for day in range(1, 60)]

    assert due == [0] * 29 + [1] + [0] * 29
    assert [one.message_id for one in partition.messages] == [f"gone/{NOON}/0/push"]
    message = partition.messages[0]
    assert message.created_at == NOON + 30 * DAY_MS
    assert message.expires_at == NOON + 31 * DAY_MS
    assert dict(message.values) == {"balance": "10", "days": "30", "tier": ""}
