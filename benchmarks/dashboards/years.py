"""Three years of a large chain, made inside ClickHouse, some of it twice."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from clickhouse_connect.driver.client import Client

from loyalty.limits import DAY_MS

FOLDER: Final = Path(__file__).parent / "generate"
TABLES: Final = (
    "order_rows",
    "ledger_rows",
    "decision_rows",
    "offer_event_rows",
    "trigger_event_rows",
    "activity_rows",
)
DAYS: Final = 3 * 365
# Midnight in New York, Thursday, 11 June 2026: data ends there.
UNTIL_AT: Final = 1_781_150_400_000
# What an order comes to in the ledger: generate/ledger_rows.sql.
ENTRIES_PER_THOUSAND_ORDERS: Final = 1_581
# Orders of one statement: its memory is that of so many rows.
PIECE: Final = 500_000
# Of so many pieces one is inserted a second time, as after a crash.
REPEATED_EACH: Final = 20

Say = Callable[[str], None]


class Years(NamedTuple):
    """How much there is."""

    ledger_rows: int

    @property
    def orders(self) -> int:
        """Orders of all days."""
        return self.orders_a_day * DAYS

    @property
    def orders_a_day(self) -> int:
        """Orders of one day."""
        whole = self.ledger_rows * 1_000 // ENTRIES_PER_THOUSAND_ORDERS
        return max(whole // DAYS, 1)

    @property
    def members(self) -> int:
        """Members: ten million for a hundred million rows."""
        return self.ledger_rows // 10

    def told(self, first: int, count: int) -> dict[str, int]:
        """Parameters of a piece."""
        return {
            "first": first,
            "count": count,
            "orders": self.orders,
            "orders_a_day": self.orders_a_day,
            "members": self.members,
            "stores": 400,
            "first_at": UNTIL_AT - DAYS * DAY_MS,
            "until_at": UNTIL_AT,
        }


def generate(client: Client, years: Years, say: Say) -> None:
    """Fill the tables, in the order of time."""
    started = time.monotonic()
    for number, first in enumerate(range(0, years.orders, PIECE)):
        told = years.told(first, min(PIECE, years.orders - first))
        for _ in range(2 if number % REPEATED_EACH == 0 else 1):
            for table in TABLES:
                client.command(_statement(table), parameters=told)
        if number % 10 == 0:
            seconds = time.monotonic() - started
            say(f"{first:,} of {years.orders:,} orders, {seconds:.0f} s")
    for first in range(0, years.members, PIECE):
        told = years.told(first, min(PIECE, years.members - first))
        client.command(_statement("member_rows"), parameters=told)


def _statement(table: str) -> str:
    part = (FOLDER / "orders_of.part.sql").read_text()
    return (FOLDER / f"{table}.sql").read_text().replace("{orders_of}", part)
