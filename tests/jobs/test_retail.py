"""The retail year as orders: totals against columns, and real baskets by hand."""

from collections import Counter
from itertools import pairwise

import polars as pl
import pytest

from jobs.retail import applied, data_directory, orders, read_year
from loyalty.events import ITEM, PLACED, Applied, OrderEvent, OrderLine, check_order

ORDERS = 155_848
LINES = 1_469_307
MEMBERS = 2_469


@pytest.fixture(scope="module")
def year() -> dict[str, OrderEvent]:
    return {order.order_id: order for order in orders(read_year())}


@pytest.fixture(scope="module")
def raw() -> pl.DataFrame:
    return pl.read_parquet(data_directory() / "transactions.parquet")


def a_line(
    line_id: str, sku: str, category: str, *, labels: tuple[str, ...]
) -> OrderLine:
    return OrderLine(
        line_id,
        sku,
        category,
        labels,
        quantity=1,
        unit_price_minor=0,
        discount_minor=0,
        tax_minor=0,
        kind=ITEM,
    )


def paid(line: OrderLine) -> int:
    return line.quantity * line.unit_price_minor - line.discount_minor


def cents(name: str) -> pl.Expr:
    return (pl.col(name) * 100).round().cast(pl.Int64)


def test_every_basket_and_every_line_becomes_part_of_an_order(
    year: dict[str, OrderEvent],
) -> None:
    assert len(year) == ORDERS
    assert sum(len(order.lines) for order in year.values()) == LINES
    assert len({order.member_id for order in year.values()}) == MEMBERS
    assert len({order.event_id for order in year.values()}) == ORDERS


def test_money_is_that_of_the_data_to_the_cent(
    year: dict[str, OrderEvent], raw: pl.DataFrame
) -> None:
    net = (cents("sales_value") - cents("coupon_disc")).clip(lower_bound=0)
    expected = raw.group_by("basket_id").agg(cents=net.sum())

    found = {int(order.order_id): order.subtotal_minor for order in year.values()}

    assert found == dict(expected.iter_rows())


def test_every_line_adds_up_and_lies_in_the_bounds(
    year: dict[str, OrderEvent],
) -> None:
    for order in year.values():
        check_order(order, recorded_at=order.occurred_at)
        assert order.total_minor == sum(map(paid, order.lines))


def test_shelf_prices_are_within_a_cent_a_unit_of_the_data(
    year: dict[str, OrderEvent], raw: pl.DataFrame
) -> None:
    gross = raw.select(
        cents("sales_value") + cents("retail_disc") + cents("coupon_match_disc")
    )
    over = 0
    for order in year.values():
        for line in order.lines:
            over += line.quantity * line.unit_price_minor
    units = raw["quantity"].clip(lower_bound=1).sum()

    assert gross.sum().item() <= over < gross.sum().item() + units


def test_a_households_orders_follow_one_another_in_time(
    year: dict[str, OrderEvent],
) -> None:
    by_member: dict[str, list[int]] = {}
    for order in year.values():
        by_member.setdefault(order.member_id, []).append(order.occurred_at)
    late = [
        (before, after)
        for times in by_member.values()
        for before, after in pairwise(times)
        if before >= after
    ]

    assert late == []


def test_only_baskets_of_one_second_move_and_only_by_a_millisecond(
    year: dict[str, OrderEvent],
) -> None:
    moved = Counter(order.occurred_at % 1000 for order in year.values())

    assert moved == {0: ORDERS - 84, 1: 84}


@pytest.mark.parametrize(
    ("basket_id", "place", "expected"),
    [
        pytest.param(
            "31198570047",
            0,
            a_line(
                "1", "9878513", "FACIAL TISS/DNR NAPKIN", labels=("GROCERY", "Private")
            )._replace(unit_price_minor=109, discount_minor=10),
            id="0.99 received + 0.10 loyalty discount: shelf price 1.09",
        ),
        pytest.param(
            "31242775833",
            3,
            a_line(
                "4", "1090676", "MARGARINES", labels=("GROCERY", "National")
            )._replace(quantity=2, unit_price_minor=229, discount_minor=258),
            id="3.00 received + 1.58 discount - 1.00 coupon, two units",
        ),
        pytest.param(
            "33179950567",
            3,
            a_line(
                "4", "1080414", "CANDY - CHECKLANE", labels=("DRUG GM", "National")
            )._replace(quantity=4, unit_price_minor=60, discount_minor=140),
            id="2.38 for four units is 60 cents each, rounded up",
        ),
        pytest.param(
            "31198795316",
            10,
            a_line("11", "5978656", "UNKNOWN", labels=()),
            id="a coupon rung up by itself: no units, no product, never below 0",
        ),
        pytest.param(
            "31198990254",
            11,
            a_line(
                "12", "1020682", "MISCELLANEOUS", labels=("MEAT-PCKGD", "Private")
            )._replace(unit_price_minor=119, discount_minor=20),
            id="0.99 received + 0.20 discount",
        ),
    ],
)
def test_a_real_line_is_mapped_as_described(
    year: dict[str, OrderEvent], basket_id: str, place: int, *, expected: OrderLine
) -> None:
    assert year[basket_id].lines[place] == expected


def test_an_order_says_whose_and_where_and_when(year: dict[str, OrderEvent]) -> None:
    order = year["31242775833"]

    assert order._replace(lines=()) == OrderEvent(
        event_id="basket-31242775833",
        order_id="31242775833",
        member_id="household-165",
        kind=PLACED,
        occurred_at=1_483_462_999_000,
        store_id="store-321",
        channel="COUNTER",
        currency="USD",
        lines=(),
        total_minor=order.subtotal_minor,
        subtotal_minor=sum(map(paid, order.lines)),
        tax_minor=0,
        applied=(Applied(None, None, "53377610033", 100),),
        refund=None,
        attributes={"week": "2"},
        trace=None,
    )


def test_coupon_codes_go_to_the_basket_of_their_day(
    year: dict[str, OrderEvent], raw: pl.DataFrame
) -> None:
    discount = dict(
        raw.group_by("basket_id").agg(cents("coupon_disc").sum()).iter_rows()
    )
    with_codes = [order for order in year.values() if order.applied]

    assert len(with_codes) == 971
    assert sum(len(order.applied) for order in with_codes) == 1_935
    for order in with_codes:
        worth = sum(one.amount_minor for one in order.applied)
        assert worth == discount[int(order.order_id)]


def test_the_first_weeks_are_the_beginning_of_the_year() -> None:
    two_weeks = list(orders(read_year(weeks=2)))

    assert {order.attributes["week"] for order in two_weeks} == {"1", "2"}
    assert len(two_weeks) == 382 + 2_919


def test_coupons_share_the_discount_exactly() -> None:
    shares = applied(("a", "b", "c"), 200)

    assert [(one.code, one.amount_minor) for one in shares] == [
        ("a", 67),
        ("b", 67),
        ("c", 66),
    ]
    assert applied((), 200) == ()
