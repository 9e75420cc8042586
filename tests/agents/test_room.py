"""FAULTS C3: whoever sends what no record can hold is refused; nobody waits for it."""

from typing import Any

import pytest

from loyalty.events import Command, OrderEvent, OrderLine
from loyalty.limits import LINES_MAX
from loyalty.links import Link, Merging
from loyalty.member import NEW_MEMBER
from loyalty.program import ProgramHistory
from schemas.events import EventCodec
from schemas.forwarding import addressed
from schemas.state import Checkpoint, Committed, DeadLetter, StateCodec
from schemas.topics import (
    COMMANDS,
    ORDERS,
    RECORD_BYTES_MAX,
    SOURCE_BYTES_MAX,
    SOURCE_FRAME_BYTES,
    broker_config,
)
from schemas.updates import UpdateCodec
from stores.programs import load_program
from streams.accounts import Accounts, Holdings
from streams.batches import SourceRecord
from streams.judge import Judge
from streams.members import Members
from streams.outcome import (
    OUTCOME_BYTES_MAX,
    RECORD_FRAME_BYTES,
    ROWS_PER_UPDATE_MAX,
    Outcome,
    Outgoing,
    Telling,
)
from streams.room import STATE_BYTES_MAX
from streams.tools import Tools
from streams.writes import Writes
from tests.builders import NOON, an_order
from tests.end_to_end.conftest import PROGRAM_FILE
from tests.simulation.memory_kafka import InlineExecutor

EVENTS, STATES, UPDATES = EventCodec(), StateCodec(), UpdateCodec()
PROGRAMS = ProgramHistory([load_program(PROGRAM_FILE)])
# Of four bytes: an id may have 128 characters, whichever they are.
WIDE = "\N{GRINNING FACE}" * 120


class Engine:
    """One partition without a broker: judges, and keeps what it has committed."""

    def __init__(self) -> None:
        unused: Any = None
        self.members = Members(STATES, 100)
        self.largest_update = 0
        self.letters: list[DeadLetter] = []
        self._holdings = Holdings(self.members, Accounts())
        self._offset = 0
        tools = Tools(
            PROGRAMS, EVENTS, STATES, UPDATES, unused, InlineExecutor(), unused, unused,
            unused, records_max=1_000, cache_max=100,
        )  # fmt: skip
        self._judge = Judge(0, tools)

    def size(self, member_id: str) -> int:
        """Bytes of a member as last committed."""
        found = self.members.find(member_id)
        return 0 if found is None else len(found.state)

    def take(self, *events: OrderEvent | Command) -> Outcome:
        """Judge events in one transaction, and commit it."""
        outcome = Outcome(1_000)
        for event in events:
            is_order = isinstance(event, OrderEvent)
            value = (
                EVENTS.encode_order(event) if is_order else EVENTS.encode_command(event)
            )
            record = SourceRecord(self._offset, NOON, event.member_id.encode(), value)
            topic = ORDERS.name if is_order else COMMANDS.name
            self._judge.judge(topic, record, self._holdings, outcome=outcome)
            self._offset += 1
        telling = Telling(STATES, UPDATES, PROGRAMS)
        writes = Writes(outcome, Checkpoint({}), telling, keep=self.members.apply)
        self.letters += outcome.dead_letters
        updates = [len(update) for _, update in writes.updates]
        self.largest_update = max(self.largest_update, *updates, 0)
        return outcome


def a_wide_order(number: int) -> OrderEvent:
    """Sound, and as much to remember as one order can be."""
    line = OrderLine("", WIDE, "COFFEE", (), 1, 500, 0, 0, "ITEM")
    lines = tuple(line._replace(line_id=f"{n}{WIDE}") for n in range(50))
    order = an_order(
        f"{number}{WIDE}",
        member_id="wide",
        occurred_at=NOON + number,
        event_id=str(number),
    )
    return order._replace(lines=lines, subtotal_minor=25_000, total_minor=25_000)


@pytest.mark.parametrize("at_once", [1, 25], ids=["one by one", "in batches"])
def test_c3_a_member_who_would_outgrow_a_record_is_refused_what_is_too_much(
    at_once: int,
) -> None:
    engine = Engine()
    orders = [a_wide_order(number) for number in range(75)]

    for first in range(0, len(orders), at_once):
        engine.take(*orders[first : first + at_once])
    engine.take(an_order("another", member_id="another", occurred_at=NOON))

    assert {letter.reason for letter in engine.letters} == {"member-too-large"}
    assert len(engine.letters) > 20
    assert STATE_BYTES_MAX // 2 < engine.size("wide") <= STATE_BYTES_MAX
    assert engine.largest_update < RECORD_BYTES_MAX
    assert engine.members.load("another").version == 1


def a_merged_guest(engine: Engine) -> None:
    """Let somebody be known who is part of another member."""
    guest = NEW_MEMBER._replace(merging=Merging(into="ann", links=(Link("ann"),)))
    engine.members.apply({"guest": Committed(guest, STATES.encode_member(guest))})


def a_long_order(labels: int) -> OrderEvent:
    """Sound, with as many lines as there may be, each with labels of 128 characters."""
    line = OrderLine("", "CUP", "COFFEE", (), 1, 500, 0, 0, "ITEM")
    told = tuple(f"{number:0128}" for number in range(labels))
    lines = tuple(line._replace(line_id=str(n), labels=told) for n in range(LINES_MAX))
    order = an_order("long", member_id="guest", occurred_at=NOON)
    amount = 500 * LINES_MAX
    return order._replace(lines=lines, subtotal_minor=amount, total_minor=amount)


def test_c3_the_largest_order_of_a_merged_member_is_passed_on() -> None:
    engine = Engine()
    a_merged_guest(engine)
    order = a_long_order(labels=7)
    size = len(EVENTS.encode_order(order))
    assert SOURCE_BYTES_MAX * 9 // 10 < size <= SOURCE_BYTES_MAX

    outcome = engine.take(order)

    assert not engine.letters
    (passed_on,) = outcome.outbox
    assert len(passed_on.value) > SOURCE_BYTES_MAX
    room = int(broker_config(COMMANDS)["max.message.bytes"])
    assert len(passed_on.value) + SOURCE_FRAME_BYTES <= room
    # The one who takes it may refuse it: a dead letter holds all of it.
    assert room + RECORD_FRAME_BYTES < RECORD_BYTES_MAX
    command = EVENTS.decode_command(passed_on.key, passed_on.value, NOON)
    assert addressed(EVENTS, command, NOON).event == order._replace(member_id="ann")


def test_c3_what_no_command_can_hold_is_a_dead_letter_and_changes_nothing() -> None:
    engine = Engine()
    a_merged_guest(engine)
    before = engine.members.load("guest")

    outcome = engine.take(a_long_order(labels=8))

    assert [letter.reason for letter in engine.letters] == ["too-large"]
    assert (outcome.changed, outcome.outbox) == (0, [])
    assert engine.members.load("guest") == before


def test_commands_that_are_sent_fill_a_transaction_by_their_bytes() -> None:
    many = OUTCOME_BYTES_MAX // 1_000_000
    outcome = Outcome(1_000)

    outcome.add_effects({}, [Outgoing(b"ann", bytes(1_000_000))] * many)
    assert not outcome.is_full
    outcome.add_effects({}, [Outgoing(b"ann", bytes(1_000_000))])

    assert outcome.is_full
    writes = Writes(outcome, Checkpoint({}), Telling(STATES, UPDATES, PROGRAMS))
    assert writes.bytes > OUTCOME_BYTES_MAX


def test_c3_whoever_is_full_still_takes_what_is_small() -> None:
    engine = Engine()
    engine.take(*[a_wide_order(number) for number in range(75)])
    refused = len(engine.letters)
    assert refused

    engine.take(an_order("small", member_id="wide", occurred_at=NOON + 100))
    engine.take(Command("forget", "wide", "member.erase", NOON + 200, "", {}))

    assert len(engine.letters) == refused
    assert engine.size("wide") < STATE_BYTES_MAX // 100


def test_the_changes_of_one_member_in_a_transaction_are_bounded() -> None:
    outcome = Engine().take(
        *[
            an_order(f"o{number}", member_id="m", occurred_at=NOON + number)
            for number in range(ROWS_PER_UPDATE_MAX)
        ]
    )

    assert outcome.is_full


def test_large_members_fill_a_transaction_long_before_the_producers_queue() -> None:
    engine = Engine()
    engine.take(*[a_wide_order(number) for number in range(25)])
    state = dict(engine.members.items())["wide"]
    many = OUTCOME_BYTES_MAX // len(state) + 1
    engine.members.restore((f"m-{number}", state) for number in range(2 * many))

    def of_so_many(members: int) -> Outcome:
        later = [
            an_order(
                f"later-{n}-of-{members}", member_id=f"m-{n}", occurred_at=NOON + 100
            )
            for n in range(members)
        ]
        return engine.take(*later)

    assert not of_so_many(many // 2).is_full
    assert of_so_many(many).is_full


def test_large_records_fill_a_transaction_too() -> None:
    lines = tuple(a_wide_order(0).lines * 20)
    wide = a_wide_order(0)._replace(
        lines=lines, subtotal_minor=500_000, total_minor=500_000
    )
    size = len(EVENTS.encode_order(wide))
    many = OUTCOME_BYTES_MAX // size + 1

    outcome = Engine().take(*[wide] * many)

    assert outcome.is_full
    assert outcome.weight == many
