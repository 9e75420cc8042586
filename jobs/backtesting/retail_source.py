"""History from the real year of retail, without any server."""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Final

import polars as pl

from jobs.backtesting.sources import Arrived, Shard
from jobs.retail import RetailYear, orders, read_year
from loyalty.backtest.findings import is_sampled

SLICES: Final = 16


class RetailSource:
    """The year's households, in sixteen slices."""

    def __init__(self) -> None:
        """Read nothing yet."""
        self.malformed: Counter[str] = Counter()

    def shards(self) -> list[Shard]:
        """Slices of about the same size."""
        count = _year().order_count // SLICES
        return [Shard(number, 0, number, SLICES, {}, count) for number in range(SLICES)]

    def read(self, shard: Shard, sample_percent: int) -> Iterator[tuple[str, Arrived]]:
        """Households of a slice with their orders."""
        by_member: dict[str, Arrived] = {}
        for order in orders(_slice(shard, sample_percent)):
            arrived = by_member.setdefault(order.member_id, [])
            arrived.append((order.occurred_at, order))
        yield from sorted(by_member.items())

    def close(self) -> None:
        """Nothing to let go of."""


@cache
def _year() -> RetailYear:
    return read_year()


def _slice(shard: Shard, sample_percent: int) -> RetailYear:
    year = _year()
    mine = pl.col("household_id").cast(pl.Int64) % shard.slices == shard.slice
    baskets, lines = year.baskets.filter(mine), year.lines.filter(mine)
    if sample_percent < 100:  # noqa: PLR2004 - percent
        households = [
            one
            for one in baskets["household_id"].unique()
            if is_sampled(f"household-{one}", sample_percent)
        ]
        chosen = pl.col("household_id").is_in(households)
        baskets, lines = baskets.filter(chosen), lines.filter(chosen)
    return RetailYear(baskets, lines, year.labels)
