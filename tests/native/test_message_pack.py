"""What changed of a value is written as all of it, and that as the twin writes it."""

from collections.abc import Callable
from random import Random
from typing import Any, NamedTuple

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.member import NEW_MEMBER, Member, balance_of
from loyalty.messages import MessageValue
from native.loading import is_on, packer, quicken, settler
from schemas.framing import Framing
from schemas.state import LAYOUT, Committed, StateCodec
from schemas.trimming import Trimmer
from tests.builders import A_FULL_PROGRAM, DAY, NOON, a_line, an_order
from tests.rules.folding import fold

BEGINNING = b"before it"

Repack = Callable[[Any, Any, bytes, int], bytes | None]


class _Line(NamedTuple):
    name: object
    worth: object = 0


class _Whole(NamedTuple):
    number: object
    lines: object = ()
    more: object = None


class _Both(NamedTuple):
    line: _Line
    whole: _Whole


quicken([_Line, _Whole])
TRIMMER = Trimmer(_Both)
PACKER = packer(TRIMMER.shapes)
_LEAVES = (
    st.integers(-(2**63), 2**63 - 1)
    | st.sampled_from([0, 1, -1, 127, 128, -32, -33, 255, 256, 65_535, 65_536])
    | st.sampled_from([-128, -129, -32_768, -32_769, 2**31, 2**32, -(2**31) - 1])
    | st.text(max_size=40)
    | st.binary(max_size=4)
    | st.booleans()
    | st.none()
)
# A record that nobody was told of keeps all that it has.
_LINES = st.builds(_Line, _LEAVES, _LEAVES) | st.builds(
    MessageValue, st.text(max_size=3), st.just("")
)
_VALUES = st.recursive(
    _LEAVES | _LINES,
    lambda inner: (
        st.lists(inner, max_size=20).map(tuple)
        | st.builds(_Whole, inner, st.lists(inner, max_size=4).map(tuple), inner)
        | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=25,
)


def _repack() -> Repack:
    """What is compiled; where it is not, all is left to the twin."""
    return PACKER.repack if PACKER is not None else lambda *_: None


def whole(value: Any) -> bytes:
    """All of a value, by the twin."""
    return msgspec.msgpack.encode(TRIMMER.trimmed(value))


def _changed(value: Any, chance: Random) -> Any:
    """A value that differs in places; what does not differ is the same object."""
    if not isinstance(value, tuple) or chance.random() < 0.1:
        return value if chance.random() < 0.6 else chance.choice((0, "other", None))
    parts = [_changed(part, chance) for part in value]
    if all(now is before for now, before in zip(parts, value, strict=True)):
        parts = [*value]
    if type(value) is tuple:
        parts = [part for part in parts if chance.random() < 0.9]
        if chance.random() < 0.5:
            parts.insert(chance.randrange(len(parts) + 1), _Line("new", 7))
        return value if parts == [*value] and chance.random() < 0.5 else tuple(parts)
    return type(value)(*parts)


@given(_VALUES, st.integers(0, 2**32))
def test_what_changed_is_written_as_all_of_it_would_be(value: Any, seed: int) -> None:
    before = settler()(value)
    now = _changed(before, Random(seed))
    found = _repack()(now, before, BEGINNING + whole(before), len(BEGINNING))

    assert found is not None or not is_on()
    assert found in (None, whole(now))


@given(_VALUES)
def test_all_of_a_value_is_written_as_the_twin_writes_it(value: Any) -> None:
    found = None if PACKER is None else PACKER.pack(value)

    assert found is not None or not is_on()
    assert found in (None, whole(value))


@given(_VALUES, _VALUES)
def test_two_values_need_have_nothing_to_do_with_each_other(now: Any, old: Any) -> None:
    found = _repack()(now, old, whole(old), 0)

    # A record of another length than the one before it is left to the twin.
    assert found in (None, whole(now))


@given(_VALUES, st.binary(max_size=60))
def test_bytes_of_something_else_do_no_harm(value: Any, noise: bytes) -> None:
    found = _repack()(_Whole(1, value), settler()(_Whole(2, value)), noise, 0)

    assert found is None or isinstance(found, bytes)


@pytest.mark.parametrize(
    "unusual",
    [
        pytest.param(1.5, id="fraction"),
        pytest.param(2**63, id="beyond-64-bits"),
        pytest.param("\ud800", id="half-a-character"),
        pytest.param([1], id="list"),
        pytest.param({1: 2}, id="key-that-is-no-text"),
        pytest.param(Random, id="class"),
    ],
)
def test_what_is_unusual_is_left_to_the_twin(unusual: object) -> None:
    before = _Whole(1)

    assert _repack()(_Whole(1, unusual), before, whole(before), 0) is None


def test_nesting_without_end_is_left_to_the_twin() -> None:
    nested: tuple[object, ...] = ()
    for _ in range(100):
        nested = (nested,)

    assert _repack()(_Whole(nested), _Whole(1), whole(_Whole(1)), 0) is None


def test_what_may_have_changed_inside_is_written_anew() -> None:
    inside = {"a": 1}
    value = _Whole(_Line(inside), (_Line("x"),))
    before = whole(value)
    inside["a"] = 2

    assert _repack()(value, value, before, 0) in (None, whole(value))
    assert whole(value) != before


def untrimmed(member: Member) -> bytes:
    """A member as a release wrote it that did not leave defaults out."""
    envelope = {
        "next_due_at": member.next_due_at,
        "version": member.version,
        "balance": balance_of(member.lots),
        "body": msgspec.msgpack.encode(member),
        "layout": LAYOUT,
    }
    return Framing("member_state").encode(envelope)


def test_a_member_is_written_beside_what_was_there_as_it_would_be_alone() -> None:
    codec = StateCodec()
    known: Committed | None = None
    for number in range(60):
        lines = (a_line(100 + number, category="food"), a_line(number + 1))
        order = an_order(f"o-{number}", lines=lines, occurred_at=NOON + number * DAY)
        # Now and then as after a start: what was decoded is the member.
        if known is not None and number % 7 == 0:
            known = Committed(codec.decode_member(known.state), known.state)
        before = NEW_MEMBER if known is None else known.member
        member = fold([order], A_FULL_PROGRAM, before).member
        state = codec.encode_member(member, known)

        assert state == codec.encode_member(member)
        known = Committed(member, state)


def test_a_member_is_written_beside_bytes_of_before_defaults_were_left_out() -> None:
    codec, member = StateCodec(), NEW_MEMBER
    for number in range(12):
        known = Committed(member, untrimmed(member))
        order = an_order(f"o-{number}", occurred_at=NOON + number * DAY)
        member = fold([order], A_FULL_PROGRAM, member).member
        state = codec.encode_member(member, known)

        assert codec.decode_member(known.state) == known.member
        assert codec.decode_member(state) == member
        assert len(codec.encode_member(member)) <= len(state) < len(untrimmed(member))
