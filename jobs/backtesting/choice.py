"""Which source a request names."""

from jobs.backtesting.sources import Source
from runtime.settings import Settings


def source_of(name: str, settings: Settings) -> Source:
    """Source of a name that `BacktestRequest` lets through."""
    # Each needs packages of its own: only those that are asked for.
    if name == "retail":
        from jobs.backtesting.retail_source import RetailSource

        return RetailSource()
    if name == "clickhouse":
        from jobs.backtesting.archive_source import ArchiveSource

        return ArchiveSource(settings)
    if name == "parquet":
        from jobs.backtesting.parquet_source import ParquetSource

        return ParquetSource(settings)
    from jobs.backtesting.kafka_source import KafkaSource

    return KafkaSource(settings)
