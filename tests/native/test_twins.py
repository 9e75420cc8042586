"""What is compiled and its twin in Python: the same values, bytes and errors."""

import gc
import os
import subprocess
import sys
import weakref
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from loyalty.decision import LedgerEntry, OfferEvent, TriggerEvent
from loyalty.events import (
    ActivityEvent,
    Applied,
    OrderEvent,
    OrderLine,
    Refund,
    RefundLine,
)
from loyalty.member import Member, Profile
from loyalty.messages import Message, MessageValue
from native.loading import SWITCH, is_on, prefer_compiled_rules, quicken, settler
from schemas.framing import MalformedRecord
from schemas.state import Committed
from schemas.tuples import TupleFraming
from schemas.updates import UPDATE_SHAPES, Change, _Written
from tests.builders import NOON, a_line, a_refund, an_order

ROOT = Path(__file__).parents[2]
ORDER_SHAPES = (OrderEvent, OrderLine, Applied, Refund, RefundLine)
ORDERS = TupleFraming[OrderEvent]("order_event", ORDER_SHAPES)
ORDERS_TWIN = TupleFraming[OrderEvent]("order_event", ORDER_SHAPES, compiled=False)
ACTS = TupleFraming[ActivityEvent]("activity_event", (ActivityEvent,))
ACTS_TWIN = TupleFraming[ActivityEvent](
    "activity_event", (ActivityEvent,), compiled=False
)
UPDATES = TupleFraming[_Written]("member_update", UPDATE_SHAPES)
UPDATES_TWIN = TupleFraming[_Written]("member_update", UPDATE_SHAPES, compiled=False)
GOOD = ORDERS_TWIN.encode(a_refund(amount_minor=5, occurred_at=NOON))

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
LONG = st.integers(-(2**63), 2**63 - 1)
INT = st.integers(-(2**31), 2**31 - 1)
MAYBE = st.none() | TEXT
KIND = st.sampled_from(["PLACED", "ADJUSTED", "REFUNDED", "CANCELLED"])
CHANNEL = st.sampled_from(["APP", "WEB", "COUNTER", "UNKNOWN"])
LINE_KIND = st.sampled_from(["ITEM", "TIP", "FEE"])


def tuples_of(strategy, size: int = 3):
    return st.lists(strategy, max_size=size).map(tuple)


LINES = st.builds(
    OrderLine, TEXT, TEXT, TEXT, tuples_of(TEXT), INT, LONG, LONG, LONG, LINE_KIND
)
REFUND_LINES = st.builds(RefundLine, TEXT, INT)
REFUNDS = st.builds(Refund, TEXT, tuples_of(REFUND_LINES), LONG)
ANY_ORDERS = st.builds(
    OrderEvent,
    *(TEXT, TEXT, TEXT, KIND, LONG, TEXT, CHANNEL, TEXT, tuples_of(LINES)),
    *(LONG, LONG, LONG, tuples_of(st.builds(Applied, MAYBE, MAYBE, MAYBE, LONG))),
    *(st.none() | REFUNDS, st.dictionaries(TEXT, TEXT, max_size=3), MAYBE),
)
ATTRIBUTE = TEXT | LONG | st.floats(allow_nan=False) | st.booleans()
ANY_ACTS = st.builds(
    ActivityEvent,
    *(TEXT, TEXT, TEXT, LONG, MAYBE, MAYBE),
    st.dictionaries(TEXT, ATTRIBUTE, max_size=4),
)
ENTRY_KIND = st.sampled_from(["EARN", "BURN", "EXPIRE"])
ENTRIES = st.builds(
    LedgerEntry, TEXT, ENTRY_KIND, LONG, TEXT, TEXT, TEXT, TEXT, INT, LONG, LONG
)
OFFER_EVENTS = st.builds(OfferEvent, TEXT, st.sampled_from(["GRANTED"]), TEXT)
CHANGES = st.builds(
    Change,
    *(LONG, TEXT, TEXT, LONG, LONG, TEXT, LONG, TEXT, TEXT, tuples_of(ENTRIES)),
    *(tuples_of(OFFER_EVENTS), tuples_of(st.builds(TriggerEvent, TEXT, TEXT))),
    *(TEXT, TEXT, MAYBE, TEXT),
    tuples_of(
        st.builds(
            Message,
            *(TEXT, TEXT, TEXT, TEXT, TEXT),
            tuples_of(st.builds(MessageValue, TEXT, TEXT)),
            *(LONG, LONG, TEXT),
        )
    ),
)
ANY_UPDATES = st.builds(
    _Written, TEXT, LONG, LONG, LONG, TEXT, st.binary(max_size=9), tuples_of(CHANGES)
)


def outcome(framing: TupleFraming, value: bytes | None):
    """What a decoder says: a record, or a reason and its sentence."""
    try:
        return framing.decode(value)
    except MalformedRecord as malformed:
        return malformed.reason, malformed.detail


@given(ANY_ORDERS)
def test_an_order_has_the_same_bytes_and_comes_back_the_same(order: OrderEvent) -> None:
    value = ORDERS.encode(order)

    assert value == ORDERS_TWIN.encode(order)
    assert ORDERS.decode(value) == ORDERS_TWIN.decode(value) == order
    assert type(ORDERS.decode(value)) is OrderEvent


@given(ANY_ACTS)
def test_an_act_has_the_same_bytes_and_comes_back_the_same(act: ActivityEvent) -> None:
    value = ACTS.encode(act)

    assert value == ACTS_TWIN.encode(act)
    assert ACTS.decode(value) == ACTS_TWIN.decode(value) == act


@given(ANY_UPDATES)
def test_an_update_has_the_same_bytes_and_comes_back_the_same(update: _Written) -> None:
    value = UPDATES.encode(update)

    assert value == UPDATES_TWIN.encode(update)
    assert UPDATES.decode(value) == UPDATES_TWIN.decode(value) == update


@given(st.binary(max_size=200))
@example(b"")
@example(GOOD[:-1])
@example(GOOD + b"\x00")
@example(b"\xff" * 20)
def test_random_bytes_get_the_same_answer(body: bytes) -> None:
    for value in (body, ORDERS.header + body):
        assert outcome(ORDERS, value) == outcome(ORDERS_TWIN, value)
    act = ACTS.header + body
    # By their text, since what is not a number does not equal itself.
    assert repr(outcome(ACTS, act)) == repr(outcome(ACTS_TWIN, act))


@given(ANY_ORDERS, st.data())
def test_a_broken_order_gets_the_same_answer(order: OrderEvent, data) -> None:
    value = bytearray(ORDERS.encode(order))
    place = data.draw(st.integers(10, len(value) - 1))
    how = data.draw(st.sampled_from(["change", "cut", "insert"]))
    if how == "change":
        value[place] = data.draw(st.integers(0, 255))
    elif how == "cut":
        del value[place:]
    else:
        value[place:place] = data.draw(st.binary(min_size=1, max_size=3))

    assert outcome(ORDERS, bytes(value)) == outcome(ORDERS_TWIN, bytes(value))


@pytest.mark.parametrize(
    "order",
    [
        an_order()._replace(total_minor=2**63),
        an_order()._replace(total_minor="1"),
        an_order()._replace(total_minor=None),
        an_order()._replace(kind="EATEN"),
        an_order()._replace(event_id=None),
        an_order()._replace(event_id="\ud800"),
        an_order()._replace(lines=(a_line(), None)),
        an_order()._replace(attributes={"a": 1}),
        an_order()._replace(attributes=None),
    ],
    ids=range(9),
)
def test_what_no_schema_has_is_refused_alike(order: OrderEvent) -> None:
    with pytest.raises(Exception) as refused:
        ORDERS.encode(order)
    with pytest.raises(type(refused.value)) as refused_by_twin:
        ORDERS_TWIN.encode(order)
    assert str(refused.value) == str(refused_by_twin.value)


def test_arrays_in_several_blocks_are_read_alike() -> None:
    """Other writers split arrays, and say how many bytes a block has."""
    order = an_order(lines=())
    whole = ORDERS.encode(order)
    labels = an_order(lines=(a_line(labels=("a", "b")),))
    value = ORDERS.encode(labels)
    one_block = b"\x04\x02a\x02b\x00"
    assert one_block in value

    split = value.replace(one_block, b"\x02\x02a\x02\x02b\x00")
    sized = value.replace(one_block, b"\x03\x08\x02a\x02b\x00")

    assert ORDERS.decode(split) == ORDERS_TWIN.decode(split) == labels
    assert ORDERS.decode(sized) == ORDERS_TWIN.decode(sized) == labels
    assert ORDERS.decode(whole) == order


class _Held:
    """Something whose end can be seen."""


class _Pair(NamedTuple):
    left: object
    right: object


class _Point(NamedTuple):
    across: int
    up: int = 7


def test_a_quickened_named_tuple_is_called_as_before() -> None:
    quicken([_Point])

    assert _Point(1, 2) == (1, 2) == _Point(up=2, across=1) == _Point._make([1, 2])
    assert _Point(1) == _Point(1, up=7) == (1, 7)
    assert type(_Point(1, 2)) is _Point
    for wrong in ((), (1, 2, 3)):
        with pytest.raises(TypeError, match="__new__"):
            _Point(*wrong)
    for named in ({"up": 2}, {"across": 1, "left": 2}):
        with pytest.raises(TypeError, match="__new__"):
            _Point(**named)
    with pytest.raises(TypeError, match="multiple values"):
        _Point(1, across=1)


def test_fields_of_a_quickened_named_tuple_are_replaced_as_before() -> None:
    quicken([_Point])
    point, made_at_run_time = _Point(1, 2), f"{_Point._fields[0]} "[:-1]

    assert point._replace() == point == (1, 2)
    assert point._replace(up=3) == (1, 3)
    assert point._replace(**{made_at_run_time: 5, "up": 6}) == (5, 6)
    assert type(point._replace(up=3)) is _Point
    with pytest.raises(ValueError, match=r"Got unexpected field names: \['left'\]"):
        point._replace(left=1, up=2)
    with pytest.raises(TypeError):
        point._replace(3)  # type: ignore[call-arg]


def test_a_quickened_named_tuple_is_let_go_with_what_it_holds() -> None:
    quicken([_Pair])
    held, ring = _Held(), list[object]()
    ring.append(_Pair(held, None)._replace(right=ring))
    gone = weakref.ref(held)
    del held, ring

    gc.collect()

    assert gone() is None


class _Held3(NamedTuple):
    name: str
    places: tuple[_Point, ...] = ()
    other: object = None


def test_the_collector_looks_at_no_tuple_of_plain_values() -> None:
    quicken([_Point, _Held3])
    points = (_Point(1), _Point(2))
    assert gc.is_tracked(points), "as Python makes it"

    plain = _Held3("a", points)
    holding = _Held3("a", points, [1])

    # What is not compiled leaves all of them to the collector.
    assert gc.is_tracked(plain) is not is_on()
    assert gc.is_tracked(points) is not is_on()
    assert gc.is_tracked(holding)
    assert gc.is_tracked(_Held3("a", (), {}))


def test_the_collector_looks_at_no_member() -> None:
    # Parts that every member begins with are made before their classes are quickened.
    member = Member(version=1, profile=Profile(joined_at=NOON))
    for one in (Member(), member, member.state, Committed(member, b"")):
        assert gc.is_tracked(one) is not is_on()


def test_what_comes_from_a_decoder_is_settled_from_the_inside_out() -> None:
    settle = settler()
    point = tuple.__new__(_Point, (1, 2))
    plain = tuple.__new__(_Held3, ("a", (point,), None))
    ring = list[object]()
    holding = tuple.__new__(_Held3, ("a", (point,), ring))
    assert gc.is_tracked(point)

    assert settle(plain) is plain
    assert settle(holding) is holding
    assert settle(ring) is ring

    for one in (plain, plain[1], point):
        assert gc.is_tracked(one) is not is_on()
    assert [gc.is_tracked(one) for one in (holding, ring)] == [True, True]


def test_a_class_below_a_quickened_one_keeps_its_attributes() -> None:
    class _Named(_Point):
        pass

    quicken([_Point])
    named = _Named(1)
    named.name = "here"  # type: ignore[attr-defined]
    moved = named._replace(up=9)

    assert type(moved) is _Named
    assert moved == (1, 9)
    assert vars(moved) == {}
    assert vars(named) == {"name": "here"}


FOLD = """
from native.loading import prefer_compiled_rules
prefer_compiled_rules()
from hashlib import blake2b
from random import Random
from loyalty.decide import decide
from loyalty.decision import Decision
from loyalty.member import NEW_MEMBER
from loyalty.view import view_of
from tests.builders import *
chance, digest, members = Random(7), blake2b(), {}
for n in range(3_000):
    at, who = NOON + n * DAY // 20, f"member-{chance.randrange(20)}"
    order_id = f"order-{chance.randrange(n + 1)}"
    line = a_line(chance.randrange(1, 90_00), category=chance.choice(("food", "coffee")))
    event = chance.choice((
        an_order(order_id, lines=(line,), occurred_at=at, member_id=who),
        an_order(f"order-{n}", lines=(line, line), occurred_at=at, member_id=who),
        a_refund(order_id, amount_minor=chance.randrange(9_00), occurred_at=at, member_id=who),
        a_cancellation(order_id, occurred_at=at)._replace(member_id=who),
        an_activity(f"act-{n}", occurred_at=at, member_id=who),
        an_adjustment(chance.randrange(-99, 99), command_id=f"c-{n}", occurred_at=at),
    ))
    decided = decide(members.get(who, NEW_MEMBER), event, A_FULL_PROGRAM, member_id=who)
    if isinstance(decided, Decision):
        members[who] = decided.member
        digest.update(repr(view_of(who, decided.member, A_FULL_PROGRAM)).encode())
    digest.update(repr(decided).encode())
print(digest.hexdigest())
from tests.journeys.test_promises import PROGRAM, events_of, lived
for n in range(20):
    kinds = ("order", "small", "cancel", "app.opened", "review.done", "noise")
    life = [(chance.randrange(80 * 24), chance.choice(kinds)) for _ in range(20)]
    end = lived(events_of(life))
    digest.update(repr((end.member, end.messages, end.told)).encode())
print(digest.hexdigest())
"""


def test_compiled_rules_decide_as_those_in_python() -> None:
    prefer_compiled_rules()
    said = [
        subprocess.run(
            [sys.executable, "-c", FOLD],
            cwd=ROOT,
            env=os.environ | {SWITCH: switch},
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        ).stdout
        for switch in ("0", "1")
    ]

    assert said[0] == said[1] != ""
