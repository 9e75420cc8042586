"""What a backtest is asked for, as every process passes it on."""

from typing import Any, Final, NamedTuple

KAFKA: Final = "kafka"
CLICKHOUSE: Final = "clickhouse"
RETAIL: Final = "retail"
PARQUET: Final = "parquet"
SOURCES: Final = (KAFKA, CLICKHOUSE, RETAIL, PARQUET)


class BacktestRequest(NamedTuple):
    """
    Two programs as documents, and the range of event times [from_at, to_at), ms.

    `current` None is the program that runs; `from_at` 0 begins with nobody. Of
    `sample_percent` of the members, always the same ones. `point_value_minor` is
    what a point costs when it is used.
    """

    candidate: dict[str, Any]
    to_at: int
    from_at: int = 0
    current: dict[str, Any] | None = None
    source: str = KAFKA
    sample_percent: int = 100
    point_value_minor: int = 1
