"""The twin of ClickHouse in memory: same contract, for tests and for trying out."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from loyalty.events import ActivityEvent, OrderEvent
from loyalty.messages import Message
from schemas.deliveries import DeliveryEvent
from schemas.update_reader import Update
from schemas.updates import Change
from stores.analytics_contract import Received, ReceivedActivity
from stores.history_rows import (
    ALL_ENTRIES,
    CORRECTIONS,
    DecisionRow,
    LedgerFilter,
    LedgerRow,
    TimelineRow,
)
from stores.memory_timeline import order_key_of, timeline_row
from stores.unavailable import StoreUnavailable

HELD_BACK: Final = ("held:", "held-out:", "withheld:")


class MemoryAnalytics:
    """Keeps rows by their ids, so that a repeat changes nothing."""

    def __init__(self) -> None:
        """Hold nothing."""
        self.is_available = True
        self._ledger: dict[tuple[str, int, int], LedgerRow] = {}
        self._decisions: dict[tuple[str, int], DecisionRow] = {}
        self._changes: dict[tuple[str, int], Change] = {}
        self._orders: dict[tuple[str, str, str, str], tuple[int, OrderEvent]] = {}
        self._activity: dict[tuple[str, str], ActivityEvent] = {}
        self._deliveries: dict[tuple[str, str, int, str], DeliveryEvent] = {}
        # Version, balance and tier.
        self._members: dict[str, tuple[int, int, str]] = {}
        self._events: dict[str, set[tuple[str, int, str]]] = {
            "offers": set(),
            "triggers": set(),
            "messages": set(),
        }

    async def insert_updates(self, updates: Sequence[Update], *, token: str) -> None:
        """Insert what decoded member updates say."""
        del token
        await self.ping()
        for update in updates:
            member_id = update.member_id
            stands = update.version, update.balance, update.tier
            known = self._members.get(member_id, stands)
            self._members[member_id] = max(known, stands)
            for change in update.changes:
                self._change(member_id, change)

    async def insert_orders(self, orders: Sequence[Received], *, token: str) -> None:
        """Insert orders."""
        del token
        await self.ping()
        for order, recorded_at, _ in orders:
            event_id = "" if order.kind == "PLACED" else order.event_id
            key = order.member_id, order.order_id, order.kind, event_id
            known = self._orders.get(key)
            # Of two orders with one id the first counts, as for the engine.
            if known is None or recorded_at <= known[0]:
                self._orders[key] = recorded_at, order

    async def insert_activity(
        self, activity: Sequence[ReceivedActivity], *, token: str
    ) -> None:
        """Insert acts."""
        del token
        await self.ping()
        self._activity.update(
            ((one.event.member_id, one.event.event_id), one.event) for one in activity
        )

    async def insert_deliveries(
        self, deliveries: Sequence[DeliveryEvent], *, token: str
    ) -> None:
        """Insert what became of attempts to deliver."""
        del token
        await self.ping()
        for one in deliveries:
            key = one.member_id, one.delivery_id, one.attempt, one.status
            self._deliveries[key] = one

    async def deliveries_page(
        self, member_id: str, *, limit: int
    ) -> list[DeliveryEvent]:
        """Latest attempts to deliver something to a member."""
        await self.ping()
        own = [e for e in self._deliveries.values() if e.member_id == member_id]
        own.sort(key=lambda e: (-e.attempted_at, e.delivery_id, -e.attempt))
        return own[:limit]

    async def messages_page(self, member_id: str, *, limit: int) -> list[Message]:
        """Latest messages that were decided for a member, whatever became of them."""
        await self.ping()
        changes = [c for (owner, _), c in self._changes.items() if owner == member_id]
        found = {one.message_id: one for c in changes for one in c.messages}
        latest = sorted(found.values(), key=lambda m: (-m.created_at, m.message_id))
        return latest[:limit]

    async def ledger_page(
        self,
        member_id: str,
        *,
        before: tuple[int, int] | None,
        limit: int,
        entries: LedgerFilter = ALL_ENTRIES,
    ) -> list[LedgerRow]:
        """Newest entries of a member that a filter lets through, before a place."""
        await self.ping()
        rows = [
            row
            for (owner, version, number), row in sorted(self._ledger.items())
            if owner == member_id
            and (before is None or (version, number) < before)
            and entries.wallet in ("", row.wallet)
            and entries.reference in ("", row.reference)
            and self._counts_from(owner, row) <= entries.until_at
        ]
        return rows[::-1][:limit]

    async def balances_at(self, member_id: str, at: int) -> dict[str, int]:
        """Sum by wallet of a member's entries up to a time (ms)."""
        await self.ping()
        balances: Counter[str] = Counter()
        for (owner, _, _), row in self._ledger.items():
            if owner == member_id and self._counts_from(owner, row) <= at:
                balances[row.wallet] += row.points
        return dict(sorted(balances.items()))

    async def decisions_page(
        self, member_id: str, *, before: int | None, limit: int
    ) -> list[DecisionRow]:
        """Newest decisions about a member, or those before a version."""
        await self.ping()
        rows = [
            row
            for (owner, version), row in sorted(self._decisions.items())
            if owner == member_id and (before is None or version < before)
        ]
        return rows[::-1][:limit]

    async def timeline_page(
        self, member_id: str, *, before: int | None, limit: int
    ) -> list[TimelineRow]:
        """Newest decisions about a member with what each brought, or before one."""
        await self.ping()
        rows = []
        for (owner, version), change in sorted(self._changes.items(), reverse=True):
            if owner == member_id and (before is None or version < before):
                _, order = self._orders.get(order_key_of(owner, change), (0, None))
                rows.append(timeline_row(change, order))
        return rows[:limit]

    async def totals(self) -> dict[str, int]:
        """What it all comes to, named as in queries/totals.sql."""
        await self.ping()
        rows = list(self._ledger.values())
        orders = [order for _, order in self._orders.values()]
        placed = [order for order in orders if order.kind == "PLACED"]

        def points(kind: str) -> int:
            return sum(
                row.points
                for row in rows
                if row.kind == kind and row.wallet == "points"
            )

        return {
            "orders": len(placed),
            "order_value_minor": sum(order.subtotal_minor for order in placed),
            "members": len(self._members),
            "points_outstanding": sum(
                balance for _, balance, _ in self._members.values()
            ),
            "points_earned": points("EARN"),
            "points_expired": -points("EXPIRE"),
            "points_reversed": -points("REVERSE"),
            "ledger_sum": sum(r.points for r in rows if r.wallet == "points"),
            "offers_granted": len(self._events["offers"]),
            "triggers_fired": sum(
                not one[2].startswith(HELD_BACK) for one in self._events["triggers"]
            ),
            "messages": len(self._events["messages"]),
        }

    async def tiers(self) -> dict[str, int]:
        """Members by tier, most first."""
        await self.ping()
        counts = Counter(tier for _, _, tier in self._members.values())
        return dict(sorted(counts.items(), key=lambda found: (-found[1], found[0])))

    async def standing(
        self, member_ids: Sequence[str]
    ) -> dict[str, tuple[int, int, int, tuple[tuple[str, int], ...]]]:
        """Version and balance of members, latest decision, entries' sums by wallet."""
        await self.ping()
        told: dict[str, tuple[int, int, int, tuple[tuple[str, int], ...]]] = {}
        for member_id in member_ids:
            version, balance, _ = self._members.get(member_id, (0, 0, ""))
            decided = [at for owner, at in self._decisions if owner == member_id]
            sums: Counter[str] = Counter()
            for (owner, _, _), row in self._ledger.items():
                if owner == member_id:
                    sums[row.wallet] += row.points
            if version or decided:
                stands = version, balance, max(decided, default=0)
                told[member_id] = (*stands, tuple(sorted(sums.items())))
        return told

    async def replace_member(self, stands: Update, *, found: int) -> None:
        """Write one member's row over the version found; a newer one stays."""
        await self.ping()
        known = self._members.get(stands.member_id)
        if known is None or known[0] <= found:
            row = stands.version, stands.balance, stands.tier
            self._members[stands.member_id] = row

    async def ping(self) -> None:
        """Answer, or raise."""
        if not self.is_available:
            raise StoreUnavailable("clickhouse", "switched off by a test")

    async def close(self) -> None:
        """Nothing to let go of."""

    def _counts_from(self, member_id: str, row: LedgerRow) -> int:
        """Time from which an entry counts, as in queries/ledger_page.sql."""
        if row.kind not in CORRECTIONS:
            return row.occurred_at
        return max(row.occurred_at, self._decisions[member_id, row.version].occurred_at)

    def _change(self, member_id: str, change: Change) -> None:
        version = change.version
        self._changes[member_id, version] = change
        decision = DecisionRow(*(getattr(change, name) for name in DecisionRow._fields))
        self._decisions[member_id, version] = decision
        for number, entry in enumerate(change.entries):
            row = LedgerRow(**entry._asdict(), version=version, number=number)
            self._ledger[member_id, version, number] = row
        for event in change.offer_events:
            if event.kind == "GRANTED":
                self._events["offers"].add((member_id, version, event.offer_id))
        for fired in change.triggers:
            self._events["triggers"].add((member_id, version, fired.trigger_id))
        for message in change.messages:
            self._events["messages"].add((member_id, 0, message.message_id))
