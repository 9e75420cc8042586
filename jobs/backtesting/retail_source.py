"""History from the real year of retail, without any server."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

import polars as pl

from jobs.backtesting.sources import Arrived, Shard
from jobs.retail import ORDERS_MAX, orders, read_year
from loyalty.backtest.findings import is_sampled

SLICES: Final = 16
# Households are numbered from 1.
HOUSEHOLDS_MAX: Final = 2_500


class RetailSource:
    """The year's households, in sixteen slices."""

    def __init__(self) -> None:
        """Read nothing yet."""
        self.malformed: Counter[str] = Counter()

    def shards(self) -> list[Shard]:
        """Slices of about the same size."""
        count = -(-ORDERS_MAX // SLICES)
        return [Shard(number, 0, number, SLICES, {}, count) for number in range(SLICES)]

    def read(self, shard: Shard, sample_percent: int) -> Iterator[tuple[str, Arrived]]:
        """Households of a slice with their orders."""
        mine = [
            number
            for number in range(shard.slice, HOUSEHOLDS_MAX + 1, shard.slices)
            if is_sampled(f"household-{number}", sample_percent)
        ]
        by_member: dict[str, Arrived] = {}
        for order in orders(read_year(households=pl.col("household_id").is_in(mine))):
            arrived = by_member.setdefault(order.member_id, [])
            arrived.append((order.occurred_at, order))
        yield from sorted(by_member.items())

    def close(self) -> None:
        """Nothing to let go of."""
