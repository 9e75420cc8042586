"""History from ClickHouse, when the broker has let go of it."""

import time
from collections import Counter
from collections.abc import Iterator
from typing import Final

from jobs.backtesting.sources import Arrived, Shard
from loyalty.backtest.findings import is_sampled
from runtime.settings import Settings
from stores.backtest_archive import ClickHouseHistory

SHARD_RECORDS: Final = 50_000
ARRIVED: Final = "arrived_at"


class ArchiveSource:
    """Orders and acts as the sink has kept them, in slices of the members."""

    def __init__(self, settings: Settings) -> None:
        """Connect when first used."""
        self.malformed: Counter[str] = Counter()
        self._history = ClickHouseHistory(
            settings.clickhouse_url, settings.clickhouse_database
        )

    def shards(self) -> list[Shard]:
        """
        Slices of about the same size, of all that has arrived so far.

        Raises: StoreUnavailable.
        """
        until = int(time.time() * 1000)
        records = self._history.count(until)
        slices = max(-(-records // SHARD_RECORDS), 1)
        return [
            Shard(number, 0, number, slices, {ARRIVED: until}, records // slices)
            for number in range(slices if records else 0)
        ]

    def read(self, shard: Shard, sample_percent: int) -> Iterator[tuple[str, Arrived]]:
        """
        Members of a slice with their events.

        Raises: StoreUnavailable.
        """
        found = self._history.read(shard.slice, shard.slices, until=shard.ends[ARRIVED])
        for member_id in sorted(found.events):
            if is_sampled(member_id, sample_percent):
                yield member_id, found.events[member_id]
        if found.without_event:
            self.malformed["archived-in-part"] += found.without_event

    def close(self) -> None:
        """Let go of all clients."""
        self._history.close()
