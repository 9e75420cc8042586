"""Members that end otherwise have another digest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.backtest.findings import Collector
from loyalty.backtest.measures import Standing
from loyalty.member import NEW_MEMBER, PointsLot

# Little that is different, so that what is not the same is often nearly so.
NAMES = st.text("ab", max_size=2)
NUMBERS = st.integers(0, 2)
LOTS = st.builds(
    PointsLot,
    points=NUMBERS,
    earned=NUMBERS,
    earned_at=NUMBERS,
    expires_at=NUMBERS,
    order_id=NAMES,
    rule_id=NAMES,
    wallet=NAMES,
    line_id=NAMES,
    reference=NAMES,
    rule_version=st.just(1),
    origin=st.lists(NAMES, max_size=2).map(tuple),
)
MANY = st.lists(LOTS, max_size=2).map(tuple)


def digest_of(lots: tuple[PointsLot, ...]) -> int:
    state = NEW_MEMBER.state._replace(lots=lots)
    standing = Standing({}, NEW_MEMBER._replace(state=state))
    collector = Collector("points")
    collector.add("m-1", standing, standing)
    return int(collector.digest, 16)


@given(MANY, MANY)
def test_two_ends_have_one_digest_when_they_are_the_same(
    lots: tuple[PointsLot, ...], others: tuple[PointsLot, ...]
) -> None:
    assert (digest_of(lots) == digest_of(others)) == (lots == others)


LOT = PointsLot(1, 1, 1, 1, "a", "b")


@pytest.mark.parametrize(
    "other",
    [
        LOT._replace(order_id="ab", rule_id=""),
        LOT._replace(origin=("a",)),
        LOT._replace(origin=("a", "")),
        LOT._replace(points=2),
        LOT._replace(reference="r"),
    ],
)
def test_whatever_is_told_of_a_lot_tells_it_apart(other: PointsLot) -> None:
    assert digest_of((LOT,)) != digest_of((other,))


def test_the_version_of_a_rule_that_does_the_same_is_the_same() -> None:
    assert digest_of((LOT,)) == digest_of((LOT._replace(rule_version=7),))
