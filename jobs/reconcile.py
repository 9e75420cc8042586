"""
Compares the engine's states with Redis and ClickHouse, for every member.

The ledger's sum is the balance, Redis holds the view of the state, ClickHouse knows
the same version. Members who move while they are looked at are counted, not judged:
the changelog tells who they are, and what a sink has only just been given is waited
for. `--repair` writes Redis and ClickHouse's members from the states, never over
anything newer; it never touches the ledger (`rebuild-clickhouse` writes missing
entries from the log).
"""

import argparse
import asyncio
from typing import Final

from jobs.daytwo.comparing import document_of, table_of
from jobs.daytwo.kept import Changelog
from jobs.daytwo.looking import Look, Stores
from jobs.daytwo.reconciling import Reconciling
from jobs.errors import JobFailed
from jobs.reading import LogReader
from runtime.settings import Settings
from stores.analytics import ClickHouseAnalytics
from stores.member_views import RedisMemberViews
from stores.program_reader import read_program

SUMMARY: Final = "compare Redis and ClickHouse with the engine's states, and repair"


def run(settings: Settings, arguments: list[str]) -> None:
    """
    Print totals by partition, and each difference.

    Raises: JobFailed when there are differences that were not repaired.
    """
    parser = argparse.ArgumentParser("reconcile", description=SUMMARY)
    parser.add_argument("--partition", type=int, action="append", help="only this one")
    parser.add_argument("--repair", action="store_true")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    partitions = chosen.partition or list(range(settings.partitions))
    done = asyncio.run(reconciled(settings, partitions, repairs=chosen.repair))
    found = done.totals, done.differences
    tell = document_of if chosen.json else table_of
    print(tell(*found, repaired=done.repaired))
    left = len(done.differences) - done.repaired
    if left:
        raise JobFailed(f"{left} differences")


async def reconciled(
    settings: Settings, partitions: list[int], *, repairs: bool
) -> Reconciling:
    """
    Compare some partitions of an engine with its stores.

    Raises: JobRefused, StoreUnavailable.
    """
    log = LogReader(settings)
    stores = Stores(
        RedisMemberViews(settings.redis_url, settings.app_id),
        ClickHouseAnalytics(settings.clickhouse_url, settings.clickhouse_database),
    )
    look = Look(
        Changelog(settings, log),
        read_program(settings).programs,
        stores,
        tells_states=settings.estimates,
    )
    reconciling = Reconciling(look, stores, repairs=repairs)
    await reconciling.all(partitions)
    await stores.views.close()
    await stores.analytics.close()
    log.close()
    return reconciling
