"""Bytes to events: everything wrong has a stable reason, and nothing is half read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.events import OrderEvent, Tick
from loyalty.limits import AMOUNT_MINOR_MAX, DAY_MS
from loyalty.member import NEW_MEMBER
from schemas.events import EventCodec, check_outside_command
from schemas.framing import MalformedRecord
from schemas.state import Checkpoint, DeadLetter, StateCodec, next_due_at
from tests.builders import (
    A_FULL_PROGRAM,
    NOON,
    a_line,
    a_refund,
    an_activity,
    an_adjustment,
    an_order,
)
from tests.rules.folding import fold

CODEC = EventCodec()
STATES = StateCodec()
GOOD = CODEC.encode_order(an_order())
KEY = b"member-1"
LEASE_KEY = b"lease:b:3"
FOR_A_LEASE = CODEC.encode_order(an_order(member_id=LEASE_KEY.decode()))


def _reason(key: bytes | None, value: bytes | None, recorded_at: int = NOON) -> str:
    with pytest.raises(MalformedRecord) as caught:
        CODEC.decode_order(key, value, recorded_at)
    assert caught.value.detail
    return caught.value.reason


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        pytest.param(KEY, None, "null-value", id="C4 null value"),
        pytest.param(KEY, b"", "null-value", id="empty value"),
        pytest.param(None, GOOD, "null-key", id="C4 null key"),
        pytest.param(b"", GOOD, "null-key", id="C4 empty key"),
        pytest.param(b"someone", GOOD, "key-mismatch", id="another member's key"),
        pytest.param(b"\x00x", GOOD, "key-invalid", id="a key that begins with NUL"),
        pytest.param(LEASE_KEY, FOR_A_LEASE, "key-reserved", id="an account's key"),
        pytest.param(KEY, GOOD[:-3], "undecodable", id="C1 truncated"),
        pytest.param(KEY, GOOD + b"x", "trailing-bytes", id="bytes behind"),
        pytest.param(KEY, b"\x07" + GOOD[1:], "wrong-magic", id="C1 wrong magic"),
        pytest.param(
            KEY, GOOD[:2] + bytes(8) + GOOD[10:], "unknown-schema", id="C2 fingerprint"
        ),
        pytest.param(
            KEY, b"\x00\x00\x00\x00\x07" + GOOD[10:], "unknown-schema", id="C2 id"
        ),
        pytest.param(KEY, CODEC.encode_tick(Tick(1)), "unknown-schema", id="a tick"),
    ],
)
def test_bytes_that_are_no_order_are_refused(
    key: bytes | None, value: bytes | None, reason: str
) -> None:
    assert _reason(key, value) == reason


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        (an_order()._replace(total_minor=-1), "amount-out-of-range"),
        (an_order()._replace(subtotal_minor=2**63 - 1), "amount-out-of-range"),
        (an_order(lines=(a_line(-1),)), "amount-out-of-range"),
        (
            an_order(lines=(a_line(AMOUNT_MINOR_MAX, quantity=2),)),
            "amount-out-of-range",
        ),
        (an_order(lines=(a_line(1, discount_minor=2),)), "amount-out-of-range"),
        (an_order(lines=(a_line(quantity=0),)), "quantity-out-of-range"),
        (
            an_order(lines=(a_line(quantity=-1),))._replace(
                subtotal_minor=0, total_minor=0
            ),
            "quantity-out-of-range",
        ),
        (an_order(lines=tuple(a_line(1) for _ in range(1_001))), "too-many"),
        (an_order("x" * 129), "id-length"),
        (an_order(""), "id-length"),
        (an_order(currency="usd"), "currency"),
        (an_order(currency="DOLLAR"), "currency"),
        (an_order(occurred_at=NOON + DAY_MS + 1), "time-too-late"),
        (an_order(occurred_at=NOON // 1000), "time-too-early"),
        (an_order(kind="REFUNDED"), "refund-missing"),
        (a_refund(amount_minor=-5, occurred_at=NOON), "amount-out-of-range"),
    ],
)
def test_an_order_outside_the_bounds_is_refused(order: OrderEvent, reason: str) -> None:
    assert _reason(order.member_id.encode(), CODEC.encode_order(order)) == reason


def test_an_order_of_nothing_is_sound() -> None:
    order = an_order(lines=(), subtotal_minor=0)

    assert CODEC.decode_order(KEY, CODEC.encode_order(order), NOON) == order


@given(st.binary(max_size=400))
def test_random_bytes_are_never_an_order(value: bytes) -> None:
    with pytest.raises(MalformedRecord):
        CODEC.decode_order(KEY, value, NOON)


@given(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=1))
def test_a_changed_byte_gives_an_order_or_a_reason(place: int, byte: bytes) -> None:
    changed = GOOD[:place] + byte + GOOD[place + 1 :]

    try:
        order = CODEC.decode_order(KEY, changed, NOON)
    except MalformedRecord as malformed:
        reason = malformed.reason
    else:
        reason = order.member_id
    assert reason


def test_events_come_back_as_they_were_sent() -> None:
    refund = a_refund(amount_minor=5, occurred_at=NOON)
    act, command = an_activity(), an_adjustment(5)

    assert CODEC.decode_order(KEY, CODEC.encode_order(refund), NOON) == refund
    assert CODEC.decode_activity(KEY, CODEC.encode_activity(act), NOON) == act
    assert CODEC.decode_command(KEY, CODEC.encode_command(command), NOON) == command
    assert CODEC.decode_tick(CODEC.encode_tick(Tick(9))) == Tick(9)


def test_a_member_comes_back_as_it_was_and_shows_when_it_is_due() -> None:
    events = [
        an_order("a", subtotal_minor=90_00),
        a_refund("a", amount_minor=1_00),
        an_activity(),
        an_adjustment(7),
    ]
    member = fold(events, A_FULL_PROGRAM).member
    state = STATES.encode_member(member)

    assert STATES.decode_member(state) == member
    assert next_due_at(state) == member.next_due_at > 0
    assert STATES.decode_member(STATES.encode_member(NEW_MEMBER)) == NEW_MEMBER


def test_a_member_of_an_older_version_is_read_with_defaults() -> None:
    """Fields are only ever added at the end: a shorter body is an older member."""
    import msgspec

    body = msgspec.msgpack.encode((0, 3, NOON))
    record = {"next_due_at": 0, "version": 3, "balance": 0, "body": body}

    member = STATES.decode_member(STATES._members.framing.encode(record))

    assert (member.version, member.clock_at, member.lots) == (3, NOON, ())


def test_a_checkpoint_and_a_dead_letter_come_back_as_they_were() -> None:
    checkpoint = Checkpoint({"orders": 7}, 1, 2, 3, 4, 5)
    letter = DeadLetter("orders", 1, 2, "truncated", "why", 3, None, b"\x00")

    assert STATES.decode_checkpoint(STATES.encode_checkpoint(checkpoint)) == checkpoint
    assert STATES.decode_dead_letter(STATES.encode_dead_letter(letter)) == letter


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"member_id": "budget:b"}, "key-reserved"),
        ({"member_id": "lease:b:1"}, "key-reserved"),
        ({"member_id": ""}, "null-key"),
        ({"member_id": "\x00checkpoint"}, "key-invalid"),
        ({"type": "budget.granted"}, "command-reserved"),
        ({"type": "budget."}, "command-reserved"),
    ],
    ids=str,
)
def test_nobody_outside_can_speak_for_an_account(
    change: dict[str, str], reason: str
) -> None:
    with pytest.raises(MalformedRecord) as caught:
        check_outside_command(an_adjustment(5)._replace(**change), NOON)

    assert caught.value.reason == reason


def test_a_sound_command_from_outside_passes() -> None:
    assert check_outside_command(an_adjustment(5), NOON) is None


def test_a_message_to_an_account_is_read_as_any_command() -> None:
    command = an_adjustment(5)._replace(member_id="budget:b", type="budget.lease")
    value = CODEC.encode_command(command)

    assert CODEC.decode_command(b"budget:b", value, NOON) == command
