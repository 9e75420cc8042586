"""The ClickHouse sink: what analysts ask."""

from typing import Final

from runtime.settings import Settings
from schemas.events import EventCodec
from schemas.registries import registry_at
from schemas.update_reader import UpdateReader
from stores.analytics import ClickHouseAnalytics
from streams.agents.clickhouse_sink import ClickHouseWriter
from streams.app import PATIENT, sink_app
from streams.role import Role, sink_role
from streams.sink import Sink

CLICKHOUSE_LINGER_MS: Final = 500
CLICKHOUSE_RECORDS_MAX: Final = 10_000


def build(settings: Settings) -> Role:
    """Build the role with its real clients."""
    analytics = ClickHouseAnalytics(
        settings.clickhouse_url, settings.clickhouse_database
    )
    writer = ClickHouseWriter(
        analytics, UpdateReader(), EventCodec(registry_at(settings.schema_registry_url))
    )
    # ClickHouse likes few, large inserts: each table costs it some ten milliseconds
    # of processor however few the rows. Nobody who reads it notices the wait.
    sink = Sink(
        "clickhouse",
        writer,
        linger_ms=CLICKHOUSE_LINGER_MS,
        write_records_max=CLICKHOUSE_RECORDS_MAX,
    )
    return sink_role(
        sink, sink_app(settings, "clickhouse-sink", sink, fetching=PATIENT)
    )
