"""The twin of ClickHouse in memory: same contract, for tests and for trying out."""

from collections.abc import Sequence

from loyalty.events import ActivityEvent, OrderEvent
from schemas.framing import Record
from stores.analytics import LedgerRow
from stores.unavailable import StoreUnavailable


class MemoryAnalytics:
    """Keeps rows by their ids, so that a repeat changes nothing."""

    def __init__(self) -> None:
        """Hold nothing."""
        self.is_available = True
        self._ledger: dict[tuple[str, int, int], LedgerRow] = {}
        self._orders: dict[tuple[str, str], OrderEvent] = {}
        self._activity: dict[str, ActivityEvent] = {}
        self._balances: dict[str, tuple[int, int]] = {}
        self._events: dict[str, set[tuple[str, int, str]]] = {
            "offers": set(),
            "triggers": set(),
        }

    async def insert_updates(self, updates: Sequence[Record], *, token: str) -> None:
        """Insert what decoded member updates say."""
        del token
        await self.ping()
        for update in updates:
            member_id = update["member_id"]
            known = self._balances.get(member_id, (0, 0))
            self._balances[member_id] = max(
                known, (update["version"], update["balance"])
            )
            for change in update["changes"]:
                self._change(member_id, change)

    async def insert_orders(
        self, orders: Sequence[tuple[OrderEvent, int]], *, token: str
    ) -> None:
        """Insert orders."""
        del token
        await self.ping()
        for order, _ in orders:
            event_id = "" if order.kind == "PLACED" else order.event_id
            self._orders[order.order_id, event_id] = order

    async def insert_activity(
        self, activity: Sequence[tuple[ActivityEvent, int]], *, token: str
    ) -> None:
        """Insert acts."""
        del token
        await self.ping()
        self._activity.update((act.event_id, act) for act, _ in activity)

    async def ledger_page(
        self, member_id: str, *, before: tuple[int, int] | None, limit: int
    ) -> list[LedgerRow]:
        """Newest entries of a member, or those before a place."""
        await self.ping()
        rows = [
            row
            for (owner, version, number), row in sorted(self._ledger.items())
            if owner == member_id and (before is None or (version, number) < before)
        ]
        return rows[::-1][:limit]

    async def totals(self) -> dict[str, int]:
        """What it all comes to, named as in queries/totals.sql."""
        await self.ping()
        rows = list(self._ledger.values())
        placed = [order for order in self._orders.values() if order.kind == "PLACED"]

        def points(kind: str) -> int:
            return sum(row.points for row in rows if row.kind == kind)

        return {
            "orders": len(placed),
            "order_value_minor": sum(order.subtotal_minor for order in placed),
            "members": len(self._balances),
            "points_outstanding": sum(b for _, b in self._balances.values()),
            "points_earned": points("EARN"),
            "points_expired": -points("EXPIRE"),
            "points_reversed": -points("REVERSE"),
            "ledger_sum": sum(row.points for row in rows),
            "offers_granted": len(self._events["offers"]),
            "triggers_fired": len(self._events["triggers"]),
        }

    async def ping(self) -> None:
        """Answer, or raise."""
        if not self.is_available:
            raise StoreUnavailable("clickhouse", "switched off by a test")

    async def close(self) -> None:
        """Nothing to let go of."""

    def _change(self, member_id: str, change: Record) -> None:
        version = change["version"]
        for number, entry in enumerate(change["entries"]):
            row = LedgerRow(
                **{name: entry[name] for name in LedgerRow._fields if name in entry},
                version=version,
                number=number,
            )
            self._ledger[member_id, version, number] = row
        for event in change["offer_events"]:
            if event["kind"] == "GRANTED":
                self._events["offers"].add((member_id, version, event["offer_id"]))
        for event in change["triggers"]:
            self._events["triggers"].add((member_id, version, event["trigger_id"]))
