"""One record of one partition: bytes to decision, or to a dead letter."""

import logging
from collections.abc import Callable

from loyalty.accounts import is_account, partition_in
from loyalty.budgets import RESERVED_TYPES
from loyalty.decision import Decision, Duplicate, Refusal
from loyalty.events import ActivityEvent, Command, MemberEvent, OrderEvent, Tick
from loyalty.member import NEW_MEMBER, Member
from loyalty.settlement import Settlement
from loyalty.settling import Account, Known, Rules, Step
from runtime import tracing
from runtime.metrics import DEAD_LETTERS as DEAD_LETTERS_METRIC
from schemas.changes import change_of
from schemas.forwarding import Addressed, addressed, forwarded
from schemas.framing import MalformedRecord
from schemas.state import DeadLetter
from schemas.topics import ACTIVITY, CLOCK, COMMAND_BYTES_MAX, COMMANDS, ORDERS
from schemas.updates import Source
from streams.accounts import Holdings
from streams.batches import SourceRecord
from streams.outcome import BY_KEY, Outcome, Outgoing
from streams.room import Room
from streams.tools import Tools

logger = logging.getLogger(__name__)

KeyedEvent = OrderEvent | ActivityEvent | Command
Decode = Callable[[bytes | None, bytes | None, int], KeyedEvent]

DETAIL_LENGTH_MAX = 500


class Judge:
    """Decodes and decides records of one partition into an `Outcome`."""

    def __init__(self, partition: int, tools: Tools) -> None:
        """Say for which partition, and by which rules."""
        self._rules = Rules(partition, tools.decide, tools.programs, tools.find_budget)
        self._codec = tools.events
        # It is set where the process is put together, and asked for here once.
        self._is_traced = tracing.is_on()
        self._room = Room(tools.states, tools.updates, tools.programs)
        self._decoders: dict[str, Decode] = {
            ORDERS.name: tools.events.decode_order,
            ACTIVITY.name: tools.events.decode_activity,
            COMMANDS.name: tools.events.decode_command,
        }

    def judge(
        self, topic: str, record: SourceRecord, holdings: Holdings, *, outcome: Outcome
    ) -> None:
        """Decide one record; whatever it holds, exactly one thing becomes of it."""
        try:
            event = self._decoders[topic](record.key, record.value, record.timestamp)
        except MalformedRecord as malformed:
            self.bury(topic, record, malformed, outcome=outcome)
            return
        source = Source(topic, record.offset, record.timestamp)
        outcome.weigh(len(record.value or b""))
        if self._is_traced:
            self._trace(event, record, topic, outcome=outcome)
        try:
            verdict = self._apply(event, source, holdings, outcome=outcome)
        except MalformedRecord as malformed:
            self.bury(topic, record, malformed, outcome=outcome)
            return
        # Rules are pure, so a fault in them has changed nothing: the record is
        # kept as a dead letter and its neighbours go on.
        except Exception as fault:
            logger.exception("a rule failed", extra={"topic": topic})
            verdict = Refusal("engine-fault", f"{type(fault).__name__}: {fault}")
        if verdict is None:
            outcome.applied += 1
        elif isinstance(verdict, Duplicate):
            outcome.duplicates += 1
        else:
            refused = MalformedRecord(verdict.reason, verdict.detail)
            self.bury(topic, record, refused, outcome=outcome)

    def _trace(
        self, event: KeyedEvent, record: SourceRecord, topic: str, *, outcome: Outcome
    ) -> None:
        """Begin the span of a record, which its member's update carries on."""
        # Tills that write to Kafka themselves may name their trace in the order.
        named = (event.trace or "") if isinstance(event, OrderEvent) else ""
        place = (topic, self._rules.partition, record.offset)
        span = outcome.spans.begin(place, [*record.headers], named)
        if span is not None:
            outcome.spans.follow(span, event.member_id)

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
        holdings: Holdings,
        *,
        outcome: Outcome,
    ) -> bool:
        """
        Let what a tick makes due for one member become true; whether it did.

        A rule that fails leaves this member as it is, and due: it is told of in
        log and metrics, and keeps nobody else from the tick.
        """
        tick = self.decode_tick(record)
        source = Source(CLOCK.name, record.offset, record.timestamp)
        try:
            verdict = self._decide(
                member_id, tick, source, holdings=holdings, outcome=outcome
            )
        # The tick is no dead letter: it is worked through for all the others.
        except Exception:
            logger.exception("a rule failed", extra={"topic": CLOCK.name})
            DEAD_LETTERS_METRIC.labels(CLOCK.name, "engine-fault").inc()
            return False
        assert verdict is None, "a tick is always applied"
        return True

    def tick_lease(
        self,
        lease_id: str,
        record: SourceRecord,
        holdings: Holdings,
        *,
        outcome: Outcome,
    ) -> None:
        """Let a lease give back what lies idle at a tick."""
        settlement = self._settlement(holdings, outcome)
        settlement.tick(lease_id, self.decode_tick(record).at)
        source = Source(CLOCK.name, record.offset, record.timestamp)
        self._take(settlement, source, holdings, outcome=outcome)

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
                self._rules.partition,
                record.offset,
                malformed.reason,
                malformed.detail[:DETAIL_LENGTH_MAX],
                record.timestamp,
                record.key,
                record.value,
            )
        )

    def _apply(
        self,
        event: KeyedEvent,
        source: Source,
        holdings: Holdings,
        *,
        outcome: Outcome,
    ) -> Duplicate | Refusal | None:
        """Let a member, or an account, take an event; None when it did."""
        if not isinstance(event, Command):
            return self._decide(
                event.member_id, event, source, holdings=holdings, outcome=outcome
            )
        if not _is_reserved(event):
            member_id, meant, hops = addressed(self._codec, event, source.recorded_at)
            return self._decide(
                member_id, meant, source, holdings=holdings, outcome=outcome, hops=hops
            )
        if not is_account(event.member_id):
            return Refusal("command-reserved", f"{event.type} is not for members")
        settlement = self._settlement(holdings, outcome)
        verdict = settlement.account(event)
        if verdict is None:
            self._take(settlement, source, holdings, outcome=outcome)
        return verdict

    def _decide(
        self,
        member_id: str,
        event: MemberEvent,
        source: Source,
        *,
        holdings: Holdings,
        outcome: Outcome,
        hops: int = 0,
    ) -> Duplicate | Refusal | None:
        decided = outcome.decided.get(member_id)
        if decided is not None:
            before, member = decided.before, decided.member
        else:
            before = holdings.members.find(member_id)
            member = NEW_MEMBER if before is None else before.member
        decision = self._rules.decide(
            member, event, self._rules.programs, member_id=member_id
        )
        if not isinstance(decision, Decision):
            return decision
        change = change_of(decision, event, source)
        size = 0 if before is None else len(before.state)
        known = (size, 0 if decided is None else len(decided.changes))
        self._room.check(change, event, decision, member_id=member_id, known=known)
        if not known[1]:
            # Its state is written anew, and once more in its update.
            outcome.weigh(known[0])
        passed_on: Outgoing | None = None
        if decision.forward is not None:
            meant = Addressed(member_id, event, hops)
            command = forwarded(self._codec, member_id, decision, addressed=meant)
            passed_on = self._outgoing(command)
        if decision.outbox or decision.claims or decision.releases:
            settlement = self._settlement(holdings, outcome)
            settlement.member(Step(member_id, event, decision))
            self._take(settlement, source, holdings, outcome=outcome)
        else:
            outcome.add(member_id, decision, change, before=before)
        if passed_on is not None:
            outcome.add_effects({}, [passed_on])
        return None

    def _settlement(self, holdings: Holdings, outcome: Outcome) -> Settlement:
        members, accounts = holdings

        def member_of(member_id: str) -> Member:
            decided = outcome.decided.get(member_id)
            return members.load(member_id) if decided is None else decided.member

        def account_of(account_id: str) -> Account | None:
            return outcome.accounts.get(account_id) or accounts.find(account_id)

        return Settlement(self._rules, Known(member_of, account_of))

    def _take(
        self,
        settlement: Settlement,
        source: Source,
        holdings: Holdings,
        *,
        outcome: Outcome,
    ) -> None:
        # What can fail comes first: after a fault nothing may be there.
        outgoing = [self._outgoing(command) for command in settlement.outbox]
        for member_id, event, decision in settlement.steps:
            outcome.add(
                member_id,
                decision,
                change_of(decision, event, source),
                before=holdings.members.known(member_id),
            )
        outcome.add_effects(settlement.accounts, outgoing)
        for command, verdict in settlement.declined:
            logger.error(
                "a grant was not taken, its units went back",
                extra={"claim": command.command_id, "detail": verdict.detail[:500]},
            )

    def _outgoing(self, command: Command) -> Outgoing:
        """
        Encode a command to be sent.

        Raises: MalformedRecord for what the broker would refuse: the transaction, and
        all that came after it, would wait for it for ever.
        """
        value = self._codec.encode_command(command)
        if len(value) > COMMAND_BYTES_MAX:
            raise MalformedRecord(
                "too-large",
                f"passed on, it would have {len(value)} bytes, at most "
                f"{COMMAND_BYTES_MAX}",
            )
        partition = partition_in(command.member_id)
        return Outgoing(
            command.member_id.encode(),
            value,
            BY_KEY if partition is None else partition,
        )


def _is_reserved(command: Command) -> bool:
    return is_account(command.member_id) or command.type.startswith(RESERVED_TYPES)
