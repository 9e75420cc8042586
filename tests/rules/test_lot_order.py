"""Lots stand in the order in which they are used, wherever the next one belongs."""

from bisect import insort

from hypothesis import given
from hypothesis import strategies as st

from loyalty.book import Book
from loyalty.member import NEW_MEMBER, PointsLot
from loyalty.view import view_of
from loyalty.wallets import Wallet
from tests.builders import a_program

NEVER = 0
TIMES = st.integers(1, 4)
LOTS = st.builds(
    PointsLot,
    points=st.integers(1, 9),
    earned=st.just(9),
    earned_at=TIMES,
    expires_at=st.sampled_from([NEVER, 5, 6, 7]),
    order_id=st.sampled_from(["a", "b"]),
    rule_id=st.just("spend"),
    wallet=st.sampled_from(["points", "stamps"]),
)


def use_order(lot: PointsLot) -> tuple[bool, int, int, str]:
    """What never ends comes last; then soonest end, oldest, id."""
    return (lot.expires_at == NEVER, lot.expires_at, lot.earned_at, lot.lot_id)


@given(st.lists(LOTS, max_size=12))
def test_a_lot_is_put_where_its_turn_is_and_after_its_equals(
    lots: list[PointsLot],
) -> None:
    book = Book(NEW_MEMBER.state, "m-1")
    expected: list[PointsLot] = []
    for lot in lots:
        book.put(lot)
        insort(expected, lot, key=use_order)

    assert list(book.lots) == expected


@given(st.lists(LOTS, max_size=12))
def test_points_of_a_wallet_that_end_together_are_shown_as_one(
    lots: list[PointsLot],
) -> None:
    book = Book(NEW_MEMBER.state, "m-1")
    for lot in lots:
        book.put(lot)
    program = a_program(wallets=(Wallet("points", "P"), Wallet("stamps", "S")))
    view = view_of("m-1", NEW_MEMBER._replace(state=book.close()), program)

    for wallet in view.wallets:
        ends: dict[int, int] = {}
        for lot in book.lots:
            if lot.wallet == wallet.wallet_id:
                ends[lot.expires_at] = ends.get(lot.expires_at, 0) + lot.points
        assert [(one.expires_at, one.points) for one in wallet.lots] == [*ends.items()]
        assert wallet.balance == sum(ends.values())
