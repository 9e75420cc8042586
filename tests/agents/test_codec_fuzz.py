"""Whatever bytes stand in a source topic: one thing becomes of them, and nothing breaks."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.decide import decide
from loyalty.events import Command, Tick
from loyalty.program import ProgramHistory
from schemas.events import EventCodec
from schemas.framing import MalformedRecord
from schemas.state import StateCodec
from schemas.topics import ACTIVITY, CLOCK, COMMANDS, ORDERS
from schemas.update_reader import UpdateReader
from schemas.updates import UpdateCodec
from streams.accounts import Accounts, Holdings
from streams.batches import SourceRecord
from streams.judge import Judge
from streams.members import Members
from streams.outcome import Outcome
from streams.tools import Tools
from tests.builders import A_FULL_PROGRAM, NOON, a_refund, an_activity, an_order
from tests.simulation.memory_kafka import InlineExecutor

READER = UpdateReader()

EVENTS, STATES, UPDATES = EventCodec(), StateCodec(), UpdateCodec()
OPERATIONS = (Path(__file__).parents[2] / "docs/operations.md").read_text()
REASONS = set(re.findall(r"`([a-z-]+)`", OPERATIONS))
MEMBER = "ann"
VALID = {
    ORDERS.name: [
        EVENTS.encode_order(an_order("o-1", subtotal_minor=1_250, member_id=MEMBER)),
        EVENTS.encode_order(a_refund("o-1", amount_minor=50, member_id=MEMBER)),
    ],
    ACTIVITY.name: [EVENTS.encode_activity(an_activity("a-1", member_id=MEMBER))],
    COMMANDS.name: [
        EVENTS.encode_command(
            Command(
                "c-1",
                MEMBER,
                "points.adjust",
                NOON,
                "desk",
                {"points": 5, "reason": "r"},
            )
        )
    ],
}
TICK = EVENTS.encode_tick(Tick(NOON))
TOPICS = st.sampled_from(sorted(VALID))
# A header that is right, so that what follows it is really read.
HEADER_BYTES = 10
KEYS = st.one_of(
    st.none(), st.just(MEMBER.encode()), st.just(b"lease:b:3"), st.binary(max_size=200)
)


@st.composite
def broken(draw: st.DrawFn, whole: bytes) -> bytes:
    """A record that was sound once: cut, longer, or with other bytes in it."""
    body = bytearray(whole)
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(HEADER_BYTES, max(len(body) - 1, HEADER_BYTES)))
        match draw(st.sampled_from(["change", "insert", "cut", "repeat", "varint"])):
            case "change" if at < len(body):
                body[at] = draw(st.integers(0, 255))
            case "insert":
                body[at:at] = draw(st.binary(min_size=1, max_size=12))
            case "cut":
                del body[at:]
            case "repeat":
                body[at:at] = body[HEADER_BYTES:at]
            case "varint":
                # A length or a count that nothing stands behind.
                body[at : at + 1] = b"\xff\xff\xff\xff\xff\xff\xff\xff\x7f"
            case _:
                pass
    return bytes(body)


def judged(topic: str, key: bytes | None, value: bytes | None) -> Outcome:
    """What the engine makes of one record, with the real rules."""
    unused: Any = None
    tools = Tools(
        ProgramHistory([A_FULL_PROGRAM]),
        EVENTS,
        STATES,
        UPDATES,
        unused,
        InlineExecutor(),
        unused,
        unused,
        unused,
        records_max=100,
        cache_max=100,
        decide=decide,
    )
    outcome = Outcome(100)
    holdings = Holdings(Members(STATES, 100), Accounts())
    Judge(3, tools).judge(
        topic, SourceRecord(7, NOON, key, value), holdings, outcome=outcome
    )
    return outcome


def check_buried(outcome: Outcome, key: bytes | None, value: bytes | None) -> None:
    """The one record is a dead letter that can be written, with all that it held."""
    [letter] = outcome.dead_letters
    assert outcome.weight == 1
    assert outcome.changed == 0
    assert (letter.key, letter.value) == (key, value)
    assert letter.reason in REASONS
    assert letter.reason != "engine-fault", letter.detail
    assert STATES.encode_dead_letter(letter)


@given(topic=TOPICS, key=KEYS, value=st.none() | st.binary(max_size=400))
@settings(max_examples=400, deadline=None)
def test_bytes_that_are_no_record_are_a_dead_letter(
    topic: str, key: bytes | None, value: bytes | None
) -> None:
    check_buried(judged(topic, key, value), key, value)


@given(topic=TOPICS, key=KEYS, tail=st.binary(max_size=400))
@settings(max_examples=400, deadline=None)
def test_any_bytes_behind_a_sound_header_become_one_thing(
    topic: str, key: bytes | None, tail: bytes
) -> None:
    value = VALID[topic][0][:HEADER_BYTES] + tail
    outcome = judged(topic, key, value)

    assert outcome.weight == 1
    if not outcome.applied:
        check_buried(outcome, key, value)


@given(data=st.data(), topic=TOPICS, is_own=st.booleans())
@settings(max_examples=800, deadline=None)
def test_a_record_that_was_damaged_is_applied_or_a_dead_letter(
    data: st.DataObject, topic: str, is_own: bool
) -> None:
    value = data.draw(broken(data.draw(st.sampled_from(VALID[topic]))))
    key = MEMBER.encode() if is_own else data.draw(KEYS)
    outcome = judged(topic, key, value)

    assert outcome.weight == 1
    if not outcome.applied:
        check_buried(outcome, key, value)


@given(data=st.data())
@settings(max_examples=300, deadline=None)
def test_other_readers_refuse_what_they_cannot_read(data: st.DataObject) -> None:
    value = data.draw(st.binary(max_size=300) | broken(TICK))
    for decode in (EVENTS.decode_tick, READER.read):
        refused = []
        try:
            decode(value)
        except MalformedRecord as malformed:
            refused.append(malformed.reason)
        assert set(refused) <= REASONS


@pytest.mark.parametrize("topic", sorted(VALID))
def test_the_records_that_are_damaged_here_are_sound(topic: str) -> None:
    assert judged(topic, MEMBER.encode(), VALID[topic][0]).applied == 1
    assert CLOCK.name not in VALID
