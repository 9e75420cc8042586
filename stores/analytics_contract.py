"""What analytics promise, whichever store keeps them."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from loyalty.events import ActivityEvent, OrderEvent
from loyalty.messages import Message
from schemas.deliveries import DeliveryEvent
from schemas.update_reader import Update
from stores.history_rows import (
    ALL_ENTRIES,
    DecisionRow,
    LedgerFilter,
    LedgerRow,
    TimelineRow,
)


class Received(NamedTuple):
    """An order, the time (ms) at which the broker took it, and its place there."""

    event: OrderEvent
    recorded_at: int
    offset: int = 0


class ReceivedActivity(NamedTuple):
    """An act, the time (ms) at which the broker took it, and its place there."""

    event: ActivityEvent
    recorded_at: int
    offset: int = 0


class Analytics(Protocol):
    """What happened; every call raises StoreUnavailable when it cannot be done now."""

    async def insert_updates(self, updates: Sequence[Update], *, token: str) -> None:
        """Insert what decoded member updates say; a repeated token changes nothing."""

    async def insert_orders(self, orders: Sequence[Received], *, token: str) -> None:
        """Insert orders with the time (ms) at which the broker took each."""

    async def insert_activity(
        self, activity: Sequence[ReceivedActivity], *, token: str
    ) -> None:
        """Insert acts with the time (ms) at which the broker took each."""

    async def insert_deliveries(
        self, deliveries: Sequence[DeliveryEvent], *, token: str
    ) -> None:
        """Insert what became of attempts to deliver."""

    async def deliveries_page(
        self, member_id: str, *, limit: int
    ) -> list[DeliveryEvent]:
        """Latest attempts to deliver something to a member."""

    async def messages_page(self, member_id: str, *, limit: int) -> list[Message]:
        """Latest messages that were decided for a member, whatever became of them."""

    async def ledger_page(
        self,
        member_id: str,
        *,
        before: tuple[int, int] | None,
        limit: int,
        entries: LedgerFilter = ALL_ENTRIES,
    ) -> list[LedgerRow]:
        """Newest entries of a member that a filter lets through, before a place."""

    async def balances_at(self, member_id: str, at: int) -> dict[str, int]:
        """Sum by wallet of a member's entries up to a time (ms)."""

    async def decisions_page(
        self, member_id: str, *, before: int | None, limit: int
    ) -> list[DecisionRow]:
        """Newest decisions about a member, or those before a version."""

    async def timeline_page(
        self, member_id: str, *, before: int | None, limit: int
    ) -> list[TimelineRow]:
        """Newest decisions about a member with what each brought, or before one."""

    async def totals(self) -> dict[str, int]:
        """What it all comes to; see queries/totals.sql."""

    async def tiers(self) -> dict[str, int]:
        """Members by tier, most first."""

    async def standing(
        self, member_ids: Sequence[str]
    ) -> dict[str, tuple[int, int, int, tuple[tuple[str, int], ...]]]:
        """
        Version and balance of members, their latest decision, entries' sums by wallet.

        For jobs that compare; whoever is not known is left out.
        """

    async def replace_member(self, stands: Update, *, found: int) -> None:
        """
        Write one member's row over the version that was found, and those before it.

        For repairs: a row that is newer than the one found stays.
        """

    async def ping(self) -> None:
        """Answer, or raise."""

    async def close(self) -> None:
        """Let go of all connections."""
