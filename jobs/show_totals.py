"""Shows what it all comes to, as ClickHouse has it."""

import argparse
import asyncio
from typing import Final

from runtime.settings import Settings
from stores.analytics import ClickHouseAnalytics

SUMMARY: Final = "show orders, points, offers, triggers, tiers and liability"
# What a point costs when it is used, for the liability shown: 1 cent.
POINT_VALUE_MINOR: Final = 1


def run(settings: Settings, arguments: list[str]) -> None:
    """
    Print the totals.

    Raises: StoreUnavailable.
    """
    argparse.ArgumentParser("show-totals", description=SUMMARY).parse_args(arguments)
    print(asyncio.run(_totals(settings)))


async def _totals(settings: Settings) -> str:
    analytics = ClickHouseAnalytics(
        settings.clickhouse_url, settings.clickhouse_database
    )
    totals = await analytics.totals()
    tiers = await analytics.tiers()
    await analytics.close()
    outstanding = totals["points_outstanding"]
    rows = [
        ("orders", f"{totals['orders']:,}"),
        ("order value", f"${totals['order_value_minor'] / 100:,.2f}"),
        ("members", f"{totals['members']:,}"),
        ("points earned", f"{totals['points_earned']:,}"),
        ("points expired", f"{totals['points_expired']:,}"),
        ("points outstanding", f"{outstanding:,}"),
        ("liability", f"${outstanding * POINT_VALUE_MINOR / 100:,.2f}"),
        ("offers granted", f"{totals['offers_granted']:,}"),
        ("triggers fired", f"{totals['triggers_fired']:,}"),
        ("messages", f"{totals['messages']:,}"),
        ("tiers", ", ".join(f"{name} {count:,}" for name, count in tiers.items())),
    ]
    width = max(len(name) for name, _ in rows)
    return "\n".join(f"  {name:<{width}}  {value}" for name, value in rows)
