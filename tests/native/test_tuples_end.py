"""Quickened tuples are let go as Python lets go of its own, and made anew of them."""

import gc
import sys
import weakref
from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from native.loading import quicken

MADE = 2_000
# Of each number of places so many are kept for the next ones; see `named_tuples.c`.
SPARE_MAX = 256


class _Pair(NamedTuple):
    left: object
    right: object = None


class _Below(_Pair):
    """A class of one's own, whose tuples have attributes."""


class _Slim(_Pair):
    """A class of one's own, whose tuples have none."""

    __slots__ = ()


class _Ended(_Pair):
    """A class of one's own that wants to know of the end."""

    ends: ClassVar[list[object]] = []

    def __del__(self) -> None:
        self.ends.append(self.left)


class _Held:
    """Something whose end can be seen."""


class _Week(NamedTuple):
    """Of as many fields as no other class here has."""

    monday: int
    tuesday: int
    wednesday: int
    thursday: int
    friday: int
    saturday: int
    sunday: int


quicken([_Pair, _Week])

WAYS: list[Callable[[object], Any]] = [
    lambda value: _Pair(value, value),
    _Pair,
    lambda value: _Pair(right=value, left=value),
    lambda value: _Pair(value)._replace(right=value),
    lambda value: tuple.__new__(_Pair, (value, value)),
    lambda value: tuple.__new__(_Pair, (value,)),
    _Below,
    lambda value: _Below(value)._replace(right=value),
    lambda value: _Slim(value)._replace(right=value),
    _Ended,
]


@pytest.mark.parametrize("way", WAYS, ids=range(len(WAYS)))
def test_what_a_tuple_holds_goes_with_it(way: Callable[[object], Any]) -> None:
    held = _Held()
    value, gone = [held], weakref.ref(held)
    del held
    classes = (_Pair, _Below, _Slim, _Ended)
    way(value)
    _Ended.ends.clear()
    before = [sys.getrefcount(one) for one in (value, *classes)]

    made = [way(value) for _ in range(MADE)]
    assert all(one[0] is value for one in made)
    made.clear()
    _Ended.ends.clear()

    assert [sys.getrefcount(one) for one in (value, *classes)] == before
    del value
    assert gone() is None


def test_memory_is_given_back_but_for_a_few() -> None:
    gc.collect()
    before = sys.getallocatedblocks()
    for _ in range(5):
        made = [_Week(*range(7)) for _ in range(MADE)]
        made.clear()
        gc.collect()

        kept = sys.getallocatedblocks() - before
        assert kept <= SPARE_MAX + 100, "some blocks are the test's own"


def test_tuples_in_tuples_without_end_are_let_go() -> None:
    for innermost in (None, [1]):
        chain: object = innermost
        for _ in range(300_000):
            chain = _Pair(chain, 1)
        del chain


def test_a_class_below_hears_of_the_end_once() -> None:
    _Ended.ends.clear()
    for number in range(3):
        _Ended(number)

    assert _Ended.ends == [0, 1, 2]


def test_a_ring_through_a_tuple_that_was_made_of_another_is_found() -> None:
    for _ in range(10):
        held = _Held()
        gone = weakref.ref(held)
        ring: list[object] = [held]
        ring.append(_Pair(_Pair(1, 2), ring))
        del ring, held
        gc.collect()
        assert gone() is None


@given(st.lists(st.tuples(st.integers(0, 5), st.integers()), max_size=60))
def test_a_tuple_made_of_another_holds_what_it_was_given(
    steps: list[tuple[int, int]],
) -> None:
    made: list[tuple[Any, tuple[object, object]]] = []
    for what, number in steps:
        if what < 4:
            value = [number] if what == 3 else number
            made.append((WAYS[what](value), (value, None if what == 1 else value)))
        elif made:
            del made[number % len(made)]

    for one, expected in made:
        assert type(one) is _Pair
        assert one == expected
