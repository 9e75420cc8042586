from typing import Literal

BacktestInSource = Literal["clickhouse", "kafka", "parquet", "retail"]

BACKTEST_IN_SOURCE_VALUES: set[BacktestInSource] = {
    "clickhouse",
    "kafka",
    "parquet",
    "retail",
}


def check_backtest_in_source(value: str) -> BacktestInSource:
    if value in BACKTEST_IN_SOURCE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {BACKTEST_IN_SOURCE_VALUES!r}"
    )
