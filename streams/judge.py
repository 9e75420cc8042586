"""One record of one partition: bytes to decision, or to a dead letter."""

import logging
from collections.abc import Callable

from loyalty.decide import decide
from loyalty.decision import Decision, Duplicate, Refusal
from loyalty.events import ActivityEvent, Command, MemberEvent, OrderEvent, Tick
from loyalty.program import ProgramHistory
from runtime.metrics import DEAD_LETTERS as DEAD_LETTERS_METRIC
from schemas.events import EventCodec
from schemas.framing import MalformedRecord
from schemas.state import DeadLetter
from schemas.topics import ACTIVITY, CLOCK, COMMANDS, ORDERS
from schemas.updates import Change, Source, change_record
from streams.batches import SourceRecord
from streams.members import Members
from streams.outcome import Outcome

logger = logging.getLogger(__name__)

KeyedEvent = OrderEvent | ActivityEvent | Command
Decode = Callable[[bytes | None, bytes | None, int], KeyedEvent]

DETAIL_LENGTH_MAX = 500
_ORDER_KINDS = {
    "PLACED": "order.placed",
    "ADJUSTED": "order.adjusted",
    "REFUNDED": "order.refunded",
    "CANCELLED": "order.cancelled",
}


class Judge:
    """Decodes and decides records of one partition into an `Outcome`."""

    def __init__(
        self, partition: int, codec: EventCodec, programs: ProgramHistory
    ) -> None:
        """Say for which partition, and by which rules."""
        self._partition = partition
        self._programs = programs
        self._decoders: dict[str, Decode] = {
            ORDERS.name: codec.decode_order,
            ACTIVITY.name: codec.decode_activity,
            COMMANDS.name: codec.decode_command,
        }
        self._codec = codec

    def judge(
        self, topic: str, record: SourceRecord, members: Members, *, outcome: Outcome
    ) -> None:
        """Decide one record; whatever it holds, exactly one thing becomes of it."""
        try:
            event = self._decoders[topic](record.key, record.value, record.timestamp)
        except MalformedRecord as malformed:
            self.bury(topic, record, malformed, outcome=outcome)
            return
        member_id = event.member_id
        member = outcome.members.get(member_id) or members.load(member_id)
        try:
            decision = decide(
                member,
                event,
                self._programs.at(event.occurred_at),
                member_id=member_id,
            )
        # Rules are pure, so a fault in them has changed nothing: the record is
        # kept as a dead letter and its neighbours go on.
        except Exception as fault:
            logger.exception("a rule failed", extra={"topic": topic})
            decision = Refusal("engine-fault", f"{type(fault).__name__}: {fault}")
        if isinstance(decision, Decision):
            source = Source(topic, record.offset, record.timestamp)
            outcome.add(member_id, decision, _change(decision, event, source))
            outcome.applied += 1
        elif isinstance(decision, Duplicate):
            outcome.duplicates += 1
        else:
            refused = MalformedRecord(decision.reason, decision.detail)
            self.bury(topic, record, refused, outcome=outcome)

    def decode_tick(self, record: SourceRecord) -> Tick:
        """
        Read a tick.

        Raises: MalformedRecord.
        """
        return self._codec.decode_tick(record.value)

    def tick(
        self,
        member_id: str,
        record: SourceRecord,
        members: Members,
        *,
        outcome: Outcome,
    ) -> None:
        """Let what a tick makes due for one member become true."""
        tick = self.decode_tick(record)
        member = outcome.members.get(member_id) or members.load(member_id)
        decision = decide(member, tick, self._programs.at(tick.at), member_id=member_id)
        assert isinstance(decision, Decision), "a tick is always applied"
        source = Source(CLOCK.name, record.offset, record.timestamp)
        outcome.add(member_id, decision, _change(decision, tick, source))

    def bury(
        self,
        topic: str,
        record: SourceRecord,
        malformed: MalformedRecord,
        *,
        outcome: Outcome,
    ) -> None:
        """Make a dead letter of a record."""
        DEAD_LETTERS_METRIC.labels(topic, malformed.reason).inc()
        outcome.add_dead_letter(
            DeadLetter(
                topic,
                self._partition,
                record.offset,
                malformed.reason,
                malformed.detail[:DETAIL_LENGTH_MAX],
                record.timestamp,
                record.key,
                record.value,
            )
        )


def _change(decision: Decision, event: MemberEvent, source: Source) -> Change:
    if isinstance(event, OrderEvent):
        return change_record(
            decision,
            source,
            event_id=event.event_id,
            event_kind=_ORDER_KINDS[event.kind],
            occurred_at=event.occurred_at,
            order_id=event.order_id,
        )
    if isinstance(event, Tick):
        event_id, kind, at = f"tick-{event.at}", "tick", event.at
    elif isinstance(event, ActivityEvent):
        event_id, kind, at = event.event_id, event.type, event.occurred_at
    else:
        event_id, kind, at = event.command_id, event.type, event.occurred_at
    return change_record(
        decision,
        source,
        event_id=event_id,
        event_kind=kind,
        occurred_at=at,
        order_id="",
    )
