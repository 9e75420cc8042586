"""A view is written as its twin writes it, or is left to it."""

import json
from typing import Any, NamedTuple, get_args, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.view import view_of
from loyalty.view_shapes import MemberView, OfferView
from native.loading import is_on, json_writer
from schemas.views import decode_view, encode_by_msgspec, encode_view
from tests.builders import A_FULL_PROGRAM, an_order
from tests.rules.folding import fold


class _Pair(NamedTuple):
    left: object
    right: object


class _Stranger(NamedTuple):
    name: str


WRITER = json_writer([_Pair])
# What needs no escape, up to characters of four bytes.
PLAIN_TEXT = st.text(
    st.characters(
        min_codepoint=0x20, exclude_characters='"\\', exclude_categories=["Cs"]
    ),
    max_size=40,
)
LONG = st.integers(-(2**63), 2**63 - 1) | st.sampled_from([0, 9, 10, -1, 10**18])


def _strategy(kind: Any, texts: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """Values of a field, by its type."""
    if kind is bool:
        return st.booleans()
    if kind is int:
        return LONG
    if kind is str:
        return texts
    parts = get_args(kind)
    if type(None) in parts:
        return st.none() | texts
    if parts:
        return st.lists(_strategy(parts[0], texts), max_size=3).map(tuple)
    hints = get_type_hints(kind)
    return st.builds(kind, *[_strategy(hints[one], texts) for one in kind._fields])


def _written(value: object) -> bytes | None:
    """What is compiled; where it is not, all is left to the twin."""
    found: bytes | None = None if WRITER is None else WRITER.write(value)
    return found


@given(_strategy(MemberView, PLAIN_TEXT))
def test_a_view_is_written_as_the_twin_writes_it(view: MemberView) -> None:
    document = encode_by_msgspec(view)

    assert encode_view(view) == document
    assert decode_view(document) == view
    if is_on():
        assert _written(view) == document, "nothing about it is unusual"


@given(st.tuples(_strategy(OfferView, st.text())), st.text())
def test_a_view_with_any_text_is_written_as_the_twin_writes_it(
    offers: tuple[OfferView, ...], name: str
) -> None:
    member = fold([an_order()], A_FULL_PROGRAM).member
    view = view_of(name, member, A_FULL_PROGRAM)._replace(offers=offers, badges=(name,))

    assert encode_view(view) == encode_by_msgspec(view)


@pytest.mark.parametrize(
    "unusual",
    [
        pytest.param('"', id="quotation-mark"),
        pytest.param("\\", id="backslash"),
        pytest.param("a\nb", id="end-of-line"),
        pytest.param("\x00", id="nul"),
        pytest.param("\x1f", id="last-control-character"),
        pytest.param("é\x07", id="control-character-beside-others"),
        pytest.param("\ud800", id="half-a-character"),
        pytest.param(2**63, id="beyond-64-bits"),
        pytest.param(-(2**63) - 1, id="below-64-bits"),
        pytest.param(1.5, id="fraction"),
        pytest.param([1], id="list"),
        pytest.param({"a": 1}, id="map"),
        pytest.param(b"a", id="bytes"),
        pytest.param(_Stranger("ann"), id="class-that-nobody-told-of"),
        pytest.param(tuple.__new__(_Pair, (1,)), id="record-of-another-length"),
    ],
)
def test_what_is_unusual_is_left_to_the_twin(unusual: object) -> None:
    assert _written(_Pair(1, (2, unusual))) is None


def test_what_comes_after_something_unusual_is_written_whole() -> None:
    assert _written(_Pair("a", '"')) is None
    assert _written(_Pair("a", (True, None))) in (
        None,
        b'{"left":"a","right":[true,null]}',
    )


@given(
    st.recursive(
        PLAIN_TEXT | LONG | st.booleans() | st.none(),
        lambda inner: (
            st.lists(inner, max_size=4).map(tuple) | st.builds(_Pair, inner, inner)
        ),
        max_leaves=20,
    )
)
def test_what_is_written_reads_back(value: object) -> None:
    found = _written(value)

    assert (found is None) is not is_on()
    assert found is None or json.loads(found) == _plain(value)


def _plain(value: object) -> object:
    """What a reader of JSON makes of a value."""
    if isinstance(value, _Pair):
        return {"left": _plain(value.left), "right": _plain(value.right)}
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


def test_nesting_without_end_is_left_to_the_twin() -> None:
    nested: tuple[object, ...] = ()
    for _ in range(100):
        nested = (nested,)

    assert _written(nested) is None


def test_a_long_text_is_written_whole_and_its_room_given_back() -> None:
    for length in (4_094, 4_095, 4_096, 3_000_000, 10):
        text = "x" * length
        assert _written((text, 1)) in (None, b'["%s",1]' % text.encode())
