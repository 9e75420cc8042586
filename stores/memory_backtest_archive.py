"""The twin in memory of what backtests read and leave in ClickHouse: same contract."""

from collections.abc import Sequence
from zlib import crc32

from loyalty.backtest.findings import Cell, MemberFinding
from loyalty.events import MemberEvent
from stores.analytics_contract import Received, ReceivedActivity
from stores.backtest_archive import Archived
from stores.unavailable import StoreUnavailable


class MemoryHistory:
    """Orders and acts in memory."""

    def __init__(
        self, orders: Sequence[Received], activity: Sequence[ReceivedActivity]
    ) -> None:
        """Hold these; of a placed order that came twice the first one counts."""
        self.is_available = True
        # With the time of arrival, the place of the topic, and that in it.
        self._events: list[tuple[tuple[int, int, int], MemberEvent]] = []
        seen: set[tuple[str, ...]] = set()
        for order, at, offset in sorted(orders, key=lambda one: one[1:]):
            event_id = "" if order.kind == "PLACED" else order.event_id
            key = (order.member_id, order.order_id, order.kind, event_id)
            if key not in seen:
                self._events.append(((at, 0, offset), order))
            seen.add(key)
        acts = {
            (act.member_id, act.event_id): ((at, 1, offset), act)
            for act, at, offset in activity
        }
        self._events += acts.values()

    def count(self, until: int) -> int:
        """Events that had arrived at a time (ms)."""
        self._check()
        return sum(place[0] <= until for place, _ in self._events)

    def read(self, part: int, parts: int, *, until: int) -> Archived:
        """Events of the members of one part of so many, sorted as they arrived."""
        self._check()
        found: dict[str, list[tuple[int, MemberEvent]]] = {}
        for (at, *_), event in sorted(self._events, key=lambda pair: pair[0]):
            member_id = getattr(event, "member_id", "")
            if at <= until and crc32(member_id.encode()) % parts == part:
                found.setdefault(member_id, []).append((at, event))
        return Archived(found, 0)

    def close(self) -> None:
        """Nothing to let go of."""

    def _check(self) -> None:
        if not self.is_available:
            raise StoreUnavailable("clickhouse", "switched off by a test")


class MemoryDrill:
    """What was found, in memory."""

    def __init__(self) -> None:
        """Hold nothing."""
        self.is_available = True
        self.found: dict[tuple[str, str], MemberFinding] = {}
        self.sums: dict[tuple[str, ...], Cell] = {}

    def members(
        self, backtest_id: str, found: Sequence[MemberFinding], *, at: int
    ) -> None:
        """Keep what was found of members at a time (ms)."""
        del at
        self._check()
        for one in found:
            self.found[backtest_id, one.member_id] = one

    def cells(self, backtest_id: str, cells: Sequence[Cell], *, at: int) -> None:
        """Keep the sums of a backtest that ended at a time (ms)."""
        del at
        self._check()
        for one in cells:
            key = (backtest_id, one.dimension, one.name, one.wallet, one.measure)
            self.sums[key] = one

    def close(self) -> None:
        """Nothing to let go of."""

    def _check(self) -> None:
        if not self.is_available:
            raise StoreUnavailable("clickhouse", "switched off by a test")
