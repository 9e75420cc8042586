"""Records are written without the defaults that they end in, and read with them."""

from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest

from jobs.traffic import simple_orders
from loyalty.decide import decide
from loyalty.decision import Decision
from loyalty.member import NEW_MEMBER, Member
from schemas.state import StateCodec
from schemas.trimming import Trimmer
from stores.programs import load_program
from tests.schemas.defaults import defaults_kept, defaults_now

PROGRAMS = Path(__file__).parents[2] / "programs"


class _Line(NamedTuple):
    name: str
    worth: int = 0
    unit: str = "each"
    marks: tuple[str, ...] = ()


class _Sum(NamedTuple):
    lines: tuple[_Line, ...] = ()
    first: _Line = _Line("none")
    last: _Line | None = None


TRIMMED = Trimmer(_Sum).trimmed


@pytest.mark.parametrize(
    ("case", "value", "written"),
    [
        ("nothing but defaults", _Sum(), []),
        ("one without a default", _Line("a"), ["a"]),
        ("up to the last that says something", _Line("a", 0, "kilo"), ["a", 0, "kilo"]),
        ("another object of the same text", _Line("a", 1, str(b"each", "ascii")), ["a", 1]),
        ("no is not none at all", _Line("a", False), ["a", False]),
        ("in a list", _Sum((_Line("a"), _Line("b", 2))), [[["a"], ["b", 2]]]),
        ("a default that is a record", _Sum((), _Line("none"), None), []),
        ("a record in its place", _Sum((), _Line("x"), None), [[], ["x"]]),
        ("one that may be missing", _Sum(last=_Line("x")), [[], ["none"], ["x"]]),
        ("a plain tuple keeps all", (0, "", ()), [0, "", []]),
        ("in a dict", {"a": _Line("x")}, {"a": ["x"]}),
    ],
)  # fmt: skip
def test_what_is_written_of_a_record(case: str, value: Any, written: Any) -> None:
    data = msgspec.msgpack.encode(TRIMMED(value))

    assert msgspec.msgpack.decode(data) == written, case


@pytest.mark.parametrize(
    "value",
    [
        _Sum(),
        _Sum((_Line("a"), _Line("b", 2))),
        _Sum((), _Line("none", 1), _Line("x")),
        _Sum((), _Line("none"), _Line("none")),
    ],
)
def test_what_was_left_out_is_read(value: _Sum) -> None:
    data = msgspec.msgpack.encode(TRIMMED(value))

    assert msgspec.msgpack.decode(data, type=_Sum) == value
    assert len(data) < len(msgspec.msgpack.encode(value))


def lived(program: str, orders: int) -> Member:
    """A member of so many orders."""
    member, rules = NEW_MEMBER, load_program(PROGRAMS / program)
    for order in simple_orders(orders, 1, 7):
        decision = decide(member, order, rules, member_id=order.member_id)
        assert isinstance(decision, Decision), decision
        member = decision.member
    return member


@pytest.mark.parametrize(
    ("program", "orders", "bytes_max"),
    [("points-only.yaml", 4, 420), ("points-only.yaml", 6, 600), ("demo.yaml", 4, 770)],
)
def test_a_typical_member_is_small(program: str, orders: int, bytes_max: int) -> None:
    """Defaults written out, the first of them would have 530 bytes, and 680, and 860."""
    codec, member = StateCodec(), lived(program, orders)
    state = codec.encode_member(member)

    assert len(state) <= bytes_max
    assert codec.decode_member(state) == member


def test_a_default_never_changes() -> None:
    """
    It was left out of what is kept: who changes it changes members.

    When this fails for a field that is new, `python -m tests.schemas.defaults` adds it.
    """
    assert defaults_now() == defaults_kept()
